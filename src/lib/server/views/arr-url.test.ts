// Links from an item to its page in the application.
import { expect, it } from 'vitest';
import { arrMovieUrl, arrSeriesUrl } from './arr-url';

const url = 'http://arr.test/base/';

it('names the page of a movie as its application does', () => {
	const slug = 'tpdbId:77';
	expect(arrMovieUrl({ kind: 'radarr', url, tmdbId: 603, slug: '603' })).toBe(
		'http://arr.test/base/movie/603',
	);
	expect(arrMovieUrl({ kind: 'whisparr', url, tmdbId: 603, slug })).toBe(
		'http://arr.test/base/movie/tpdbId%3A77',
	);
	expect(arrMovieUrl({ kind: 'radarr', url, tmdbId: null, slug: 'a b' })).toBe(
		'http://arr.test/base/movie/a%20b',
	);
});

it('leads nowhere but to a web page', () => {
	expect(arrSeriesUrl('javascript:alert(1)', 'x')).toBeNull();
});
