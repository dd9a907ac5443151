// `/movie` and `/moviefile`: what Radarr and Whisparr 3 list.
import type { App } from '../app.ts';
import { badRequest, empty, list, missing, ok, unbound, unknownId, type Answer } from '../http/answer.ts';
import type { Call, Router } from '../http/router.ts';
import { instant, type Json, type JsonObject } from '../json.ts';
import type { Traits } from '../kinds.ts';
import { uuid } from '../library/builder.ts';
import { hash, hashText } from '../random.ts';
import type { Movie } from '../state/model.ts';
import { isAvailable, releaseDateOf } from '../state/rules.ts';
import { movieFile, moviePath } from './media.ts';
import { allOf, moment } from './series.ts';
import { cleanOf, english, overview, sortOf, words } from './text.ts';

function statistics(app: App, movie: Movie): JsonObject {
	const file = app.store.files.get(movie.fileId);
	return {
		movieFileCount: file === undefined ? 0 : 1,
		sizeOnDisk: file?.size ?? 0,
		releaseGroups: file === undefined ? [] : [file.group],
	};
}

function alternateTitles(movie: Movie): JsonObject[] {
	const titles: JsonObject[] = [];
	for (let i = 0; i < hash(movie.tmdbId, 3) % 6; i++) {
		titles.push({
			sourceType: 'tmdb',
			movieMetadataId: movie.id,
			title: `${movie.title} ${words(hash(movie.tmdbId, i), 2)}`,
			id: movie.id * 10 + i,
		});
	}
	return titles;
}

function radarrResource(app: App, movie: Movie, fileShown: boolean): JsonObject {
	const file = app.store.files.get(movie.fileId);
	return {
		title: movie.title,
		originalTitle: movie.originalTitle ?? movie.title,
		originalLanguage: english(),
		alternateTitles: alternateTitles(movie),
		secondaryYearSourceId: 0,
		sortTitle: sortOf(movie.title),
		sizeOnDisk: file?.size ?? 0,
		status: movie.status,
		overview: overview(movie.tmdbId, 900),
		inCinemas: moment(movie.inCinemas),
		physicalRelease: moment(movie.physical),
		digitalRelease: moment(movie.digital),
		releaseDate: moment(releaseDateOf(movie)),
		images: imagesOf(movie.id),
		year: movie.year,
		studio: 'Example Pictures',
		path: moviePath(movie),
		qualityProfileId: movie.profileId,
		hasFile: movie.fileId > 0,
		movieFileId: movie.fileId,
		monitored: movie.monitored,
		minimumAvailability: movie.minimumAvailability,
		isAvailable: isAvailable(app, movie),
		folderName: moviePath(movie),
		runtime: movie.runtime,
		cleanTitle: cleanOf(movie.title),
		imdbId: `tt99${String(movie.tmdbId).padStart(5, '0')}`,
		tmdbId: movie.tmdbId,
		titleSlug: String(movie.tmdbId),
		rootFolderPath: movie.rootFolder,
		certification: 'PG-13',
		genres: ['Drama', 'Mystery'],
		keywords: keywordsOf(movie),
		tags: movie.tags,
		added: instant(movie.added),
		ratings: {
			imdb: { votes: 1200, value: 6.8, type: 'user' },
			tmdb: { votes: 300, value: 6.4, type: 'user' },
		},
		movieFile: file === undefined || !fileShown ? undefined : movieFile(app, movie, file, false),
		collection: collectionOf(movie),
		popularity: (hash(movie.tmdbId) % 5000) / 100,
		lastSearchTime: app.traits.lastSearchTime ? moment(movie.searched) : undefined,
		statistics: statistics(app, movie),
		id: movie.id,
	};
}

/** Parts of one story belong to a collection. */
function collectionOf(movie: Movie): JsonObject | undefined {
	const title = /^(.*) Part \w+$/.exec(movie.title)?.[1];
	return title === undefined ? undefined : { title, tmdbId: hashText(title) % 100_000 };
}

/** The collections of a library, each with what is known of its movies. */
export function collections(app: App): JsonObject[] {
	const groups = new Map<string, Movie[]>();
	for (const movie of app.store.movies.values()) {
		const title = collectionOf(movie)?.title;
		if (typeof title === 'string') groups.set(title, [...(groups.get(title) ?? []), movie]);
	}
	return [...groups].map(([title, parts], index) => ({
		title,
		sortTitle: sortOf(title),
		tmdbId: hashText(title) % 100_000,
		images: [],
		overview: overview(index + 1, 60),
		monitored: false,
		rootFolderPath: parts[0]?.rootFolder,
		qualityProfileId: parts[0]?.profileId,
		searchOnAdd: false,
		minimumAvailability: 'released',
		movies: parts.map((movie) => collected(app, movie)),
		missingMovies: 0,
		tags: [],
		id: index + 1,
	}));
}

function collected(app: App, movie: Movie): JsonObject {
	const {
		tmdbId,
		imdbId,
		title,
		cleanTitle,
		sortTitle,
		status,
		overview,
		runtime,
		images,
		year,
		ratings,
		genres,
	} = embeddedMovie(app, movie);
	const known = {
		tmdbId,
		imdbId,
		title,
		cleanTitle,
		sortTitle,
		status,
		overview,
		runtime,
		images,
		year,
		ratings,
		genres,
	};
	return { ...known, folder: `${movie.title} (${movie.year})`, isExisting: true, isExcluded: false };
}

function imagesOf(id: number): JsonObject[] {
	return ['poster', 'fanart'].map((cover) => ({
		coverType: cover,
		url: `/MediaCover/${id}/${cover}.jpg`,
		remoteUrl: `https://img.example/${cover}/${id}.jpg`,
	}));
}

function keywordsOf(movie: Movie): string[] {
	return words(hash(movie.tmdbId, 8), 6 + (hash(movie.tmdbId) % 8))
		.toLowerCase()
		.split(' ');
}

function whisparrResource(app: App, movie: Movie, fileShown: boolean): JsonObject {
	const file = app.store.files.get(movie.fileId);
	const { scene } = movie;
	const isScene = scene?.isScene === true;
	const performer = app.store.performers.get(scene?.performer ?? 0);
	return {
		title: movie.title,
		code:
			isScene && movie.id % 5 > 0 && movie.id % 5 < 4 && scene.releaseDate !== null
				? `HL-${String(movie.id).padStart(4, '0')}`
				: undefined,
		originalLanguage: english(),
		sortTitle: sortOf(movie.title),
		alternateTitles: [],
		sizeOnDisk: file?.size ?? 0,
		status: movie.status,
		overview: overview(movie.id, 700),
		releaseDate: moment(scene?.releaseDate ?? null),
		images: sceneImages(movie),
		website: movie.id < 20 ? undefined : `https://site.example/${movie.id}`,
		year: movie.year,
		studioTitle: scene?.studio ?? undefined,
		studioForeignId: scene?.studioForeignId ?? undefined,
		path: moviePath(movie),
		qualityProfileId: movie.profileId,
		hasFile: movie.fileId > 0,
		movieFileId: movie.fileId,
		monitored: movie.monitored,
		isAvailable: isAvailable(app, movie),
		folderName: moviePath(movie),
		runtime: movie.runtime,
		cleanTitle: cleanOf(movie.title),
		tmdbId: movie.tmdbId,
		foreignId: scene?.foreignId ?? String(movie.tmdbId),
		...otherIds(movie),
		titleSlug: scene?.foreignId ?? String(movie.tmdbId),
		rootFolderPath: movie.rootFolder,
		genres: ['Example'],
		tags: movie.tags,
		added: instant(movie.added),
		ratings: { tmdb: { votes: 10, value: 6, type: 'user' } },
		movieFile: file === undefined || !fileShown ? undefined : movieFile(app, movie, file, false),
		credits:
			performer === undefined
				? []
				: [creditOf(performer.name, performer.foreignId, sceneImages(movie).length > 0)],
		itemType: isScene ? 'scene' : 'movie',
		lastSearchTime: moment(movie.searched),
		statistics: statistics(app, movie),
		id: movie.id,
	};
}

function sceneImages(movie: Movie): JsonObject[] {
	return movie.id < 20 ? [] : imagesOf(movie.id);
}

/** A movie of the third source is known there by its foreign id, and to the others by ids that nothing finds it by. */
function otherIds({ id, scene }: Movie): JsonObject {
	if (scene?.isScene === true) return { stashId: scene.foreignId };
	const tpdbId = /^tpdbId:(.+)$/.exec(scene?.foreignId ?? '')?.[1];
	return tpdbId === undefined ? {} : { stashId: uuid(id, 4), tpdbId };
}

function creditOf(name: string, foreignId: string, pictured: boolean): JsonObject {
	const images = pictured
		? [{ coverType: 'headshot', remoteUrl: `https://img.example/${foreignId}.jpg` }]
		: [];
	const performer = { name, foreignId, gender: 'other', images };
	return { movieMetadataId: 0, order: 0, type: 'cast', performer, id: 0 };
}

export function movieResource(app: App, movie: Movie, fileShown = true): JsonObject {
	const isWhisparr = app.traits.family === 'whisparr3';
	return isWhisparr ? whisparrResource(app, movie, fileShown) : radarrResource(app, movie, fileShown);
}

/** Inside of something else: pictures without local addresses, no root folder. */
export function embeddedMovie(app: App, movie: Movie): JsonObject {
	const whole = movieResource(app, movie, false);
	const images = (whole.images as JsonObject[]).map(({ coverType, remoteUrl }) => ({ coverType, remoteUrl }));
	return { ...whole, images, rootFolderPath: undefined };
}

/** Whisparr 3 with its cache on: single movies can be stale. */
function cachedResource(app: App, movie: Movie): JsonObject {
	if (!app.options.cacheMovieApi) return movieResource(app, movie);
	const known = app.movieCache.get(movie.id);
	if (known !== undefined) return known;
	const fresh = movieResource(app, movie);
	app.movieCache.set(movie.id, fresh);
	return fresh;
}

function listMovies({ app, query }: Call): Answer {
	const all = app.inDatabaseOrder(app.store.movies);
	const tmdbId = query.int('tmdbId');
	const stashId = query.text('stashId');
	const render = (movie: Movie) => movieResource(app, movie);
	if (stashId !== null && app.traits.family === 'whisparr3') {
		const found = all.filter((movie) => movie.scene?.foreignId === stashId);
		for (const movie of found) app.movieCache.delete(movie.id);
		return list(found, render);
	}
	if (tmdbId !== null) {
		const found = all.filter((movie) => movie.tmdbId === tmdbId);
		return list(app.traits.family === 'whisparr3' ? found.slice(0, 1) : found, render);
	}
	return list(all, render, app.timedKey('movies'));
}

function bulk({ app, body }: Call): Answer {
	if (!Array.isArray(body)) {
		const what = 'The JSON value could not be converted to System.Collections.Generic.List`1[System.Int32].';
		const refusal = unbound(app.traits, { $: [`${what} Path: $ | LineNumber: 0 | BytePositionInLine: 1.`] });
		refusal.answer.headers['content-type'] = 'application/problem+json; charset=utf-8';
		throw refusal;
	}
	const ids = [...new Set(body.map((id: Json) => Number(id)))];
	const found = ids.map((id) => app.store.movies.get(id)).filter((movie) => movie !== undefined);
	return list(found, (movie) => cachedResource(app, movie));
}

function listFiles({ app, query }: Call): Answer {
	const { store, traits } = app;
	const render = (id: number) => {
		const file = store.files.get(id);
		const movie = store.movies.get(file?.ownerId ?? 0);
		return file === undefined || movie === undefined ? {} : movieFile(app, movie, file, true);
	};
	const one = traits.movieFileLists ? null : query.int('movieId');
	const movieIds = one === null ? query.ints('movieId') : [one];
	if (movieIds !== null) {
		const owners = new Set(movieIds);
		const ids = [...owners].map((id) => store.movies.get(id)?.fileId ?? 0).filter((id) => id > 0);
		return list(ids, render);
	}
	const fileIds = query.ints('movieFileIds');
	if (fileIds !== null) {
		return list(
			allOf(store.files, fileIds).map((file) => file.id),
			render,
		);
	}
	if (traits.family !== 'whisparr3') throw badRequest('movieId or movieFileIds must be provided');
	return list([...store.files.keys()], render);
}

function addWhisparrRoutes(router: Router): void {
	const ids = (movies: Movie[]): Answer => ok(movies.map((movie) => movie.id));
	router.get('movie/list', (call) => {
		return ids(call.app.inDatabaseOrder(call.app.store.movies));
	});
	router.get('movie/listbystudioforeignid', (call) => {
		const wanted = call.query.text('studioForeignId');
		return ids(movies(call.app, (movie) => movie.scene?.studioForeignId === wanted && wanted !== null));
	});
	router.get('movie/listbyperformerforeignid', (call) => {
		const wanted = call.query.text('performerForeignId');
		const performer = [...call.app.store.performers.values()].find((one) => one.foreignId === wanted);
		return ids(
			movies(call.app, (movie) => performer !== undefined && movie.scene?.performer === performer.id),
		);
	});
	router.get('movie/search', (call) => {
		const wanted = (call.query.text('query') ?? '').toLowerCase();
		const found = movies(call.app, (movie) => movie.title.toLowerCase().includes(wanted));
		return list(found, (movie) => ({ ...movieResource(call.app, movie), rootFolderPath: undefined }));
	});
	router.post('movie/bulk', bulk);
}

function movies(app: App, fits: (movie: Movie) => boolean): Movie[] {
	return app.inDatabaseOrder(app.store.movies).filter(fits);
}

export function addMovieRoutes(router: Router, traits: Traits): void {
	if (traits.family === 'whisparr3') addWhisparrRoutes(router);
	router.get('movie', listMovies);
	router.get('movie/{id}', ({ app, id }) => {
		const movie = app.store.movies.get(id);
		if (movie === undefined) throw unknownId(app.traits);
		return ok(cachedResource(app, movie));
	});
	router.delete('movie/{id}', async ({ app, id }) => {
		if (!app.store.movies.has(id)) throw missing('Movie', id);
		await app.acts.deleteMovie(id);
		return empty(200);
	});
	router.get('moviefile', listFiles);
	router.get('moviefile/{id}', ({ app, id }) => {
		const file = app.store.files.get(id);
		const movie = app.store.movies.get(file?.ownerId ?? 0);
		if (file === undefined || movie === undefined) throw unknownId(app.traits);
		return ok(movieFile(app, movie, file, true));
	});
	router.delete('moviefile/{id}', async ({ app, id }) => {
		if (!app.store.files.has(id)) throw missing('MovieFile', id);
		await app.acts.deleteFile(id, 'Manual');
		return empty(200);
	});
}
