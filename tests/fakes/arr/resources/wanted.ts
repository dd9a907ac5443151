// `/wanted/missing` and `/wanted/cutoff` of both shapes.
import type { App } from '../app.ts';
import { page, type PageRules, type SortValue } from '../http/paging.ts';
import type { Call, Router } from '../http/router.ts';
import { sortOf } from './text.ts';
import type { Episode, Movie } from '../state/model.ts';
import { isBelowCutoff } from '../state/profiles.ts';
import { missingFrom } from '../state/rules.ts';
import { movieResource } from './movies.ts';
import { episodeResource, episodeTitle } from './series.ts';

type EpisodeKeys = Record<string, (episode: Episode) => SortValue>;

function episodeKeys(app: App): EpisodeKeys {
	const title = (episode: Episode) => sortOf(app.store.seriesOf(episode).title);
	const aired = (episode: Episode) => episode.airs;
	const searched = (episode: Episode) => episode.searched;
	if (app.traits.sortWhitelist) {
		return { 'episodes.airdateutc': aired, 'episodes.lastsearchtime': searched, 'series.sorttitle': title };
	}
	const plain: EpisodeKeys = {
		id: (episode) => episode.id,
		airdateutc: aired,
		lastsearchtime: searched,
		title: episodeTitle,
		seasonnumber: (episode) => episode.season,
		seriesid: (episode) => episode.seriesId,
	};
	if (app.traits.family !== 'whisparr2') plain.airdate = aired;
	const qualified = Object.entries(plain).map(([name, value]) => [`episodes.${name}`, value] as const);
	return { ...plain, ...Object.fromEntries(qualified), 'series.sorttitle': title };
}

function episodeRules(app: App): PageRules<Episode> {
	const isW2 = app.traits.family === 'whisparr2';
	return {
		keys: episodeKeys(app),
		defaultKey: isW2 ? 'Episodes.Id' : 'episodes.airDateUtc',
		defaultAscending: true,
		table: 'Episodes',
		whitelist: app.traits.sortWhitelist,
		keepsDefault: isW2,
	};
}

function movieRules(app: App): PageRules<Movie> {
	const shared = {
		'moviemetadata.sorttitle': (movie: Movie) => sortOf(movie.title),
		'moviemetadata.year': (movie: Movie) => movie.year,
		'movies.lastsearchtime': (movie: Movie) => movie.searched,
	};
	const isW3 = app.traits.family === 'whisparr3';
	const dates = {
		'moviemetadata.incinemas': (movie: Movie) => movie.inCinemas,
		'moviemetadata.digitalrelease': (movie: Movie) => movie.digital,
		'moviemetadata.physicalrelease': (movie: Movie) => movie.physical,
	};
	const released = { 'moviemetadata.releasedate': (movie: Movie) => movie.scene?.releaseDate ?? null };
	return {
		keys: isW3 ? { ...shared, ...released } : { ...shared, ...dates },
		defaultKey: 'movieMetadata.sortTitle',
		defaultAscending: true,
		table: 'Movies',
		whitelist: app.traits.sortWhitelist,
	};
}

/** Aired with the series' runtime, no file; specials too. `monitored=false` is the complement. */
export function missingEpisodes(app: App, monitored: boolean): Episode[] {
	const now = app.clock.now();
	const found: Episode[] = [];
	for (const series of app.store.series.values()) {
		for (const episode of series.episodes) {
			if (episode.fileId > 0 || (series.monitored && episode.monitored) !== monitored) continue;
			const from = missingFrom(episode, series);
			if (from !== null && from <= now) found.push(episode);
		}
	}
	return found;
}

/** Quality below the effective cutoff; no specials; scores play no part. */
export function cutoffEpisodes(app: App, monitored: boolean): Episode[] {
	const found: Episode[] = [];
	for (const series of app.store.series.values()) {
		const profile = app.store.profileOf(series);
		for (const episode of series.episodes) {
			if (episode.season === 0 || (series.monitored && episode.monitored) !== monitored) continue;
			const file = app.store.files.get(episode.fileId);
			if (file !== undefined && isBelowCutoff(profile, file.quality)) found.push(episode);
		}
	}
	return found;
}

export function missingMovies(app: App, monitored: boolean): Movie[] {
	return [...app.store.movies.values()].filter(
		(movie) => movie.fileId === 0 && movie.year > 0 && movie.monitored === monitored,
	);
}

export function cutoffMovies(app: App, monitored: boolean): Movie[] {
	return [...app.store.movies.values()].filter((movie) => {
		const file = app.store.files.get(movie.fileId);
		if (file === undefined || movie.monitored !== monitored) return false;
		return isBelowCutoff(app.store.profileOf(movie), file.quality);
	});
}

type Pick = 'missing' | 'cutoff';

export function wanted(call: Call, which: Pick) {
	const { app, query } = call;
	const monitored = query.bool('monitored', true);
	if (app.traits.shape === 'movie') {
		const movies = which === 'missing' ? missingMovies(app, monitored) : cutoffMovies(app, monitored);
		return page(app, query, movies, movieRules(app), (movie) => ({
			...movieResource(app, movie, false),
			rootFolderPath: undefined,
		}));
	}
	const parts = {
		series: query.bool('includeSeries', false),
		file: which === 'cutoff' && query.bool('includeEpisodeFile', false),
		images: query.bool('includeImages', false),
	};
	const episodes = which === 'missing' ? missingEpisodes(app, monitored) : cutoffEpisodes(app, monitored);
	return page(app, query, episodes, episodeRules(app), (episode) => episodeResource(app, episode, parts));
}

export function addWantedRoutes(router: Router): void {
	router.get('wanted/missing', (call) => wanted(call, 'missing'));
	router.get('wanted/cutoff', (call) => wanted(call, 'cutoff'));
}
