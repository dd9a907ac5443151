// `/series` and `/episode` with their files: what the series-shaped applications list.
import type { App } from '../app.ts';
import { badRequest, empty, list, missing, ok, rowsMissing, unknownId, type Answer } from '../http/answer.ts';
import type { Call, Router } from '../http/router.ts';
import { day, instant, type JsonObject } from '../json.ts';
import type { Episode, MediaFile, Series } from '../state/model.ts';
import { statisticsOf, type Statistics } from '../state/rules.ts';
import { hash } from '../random.ts';
import { episodeFile, seriesPath } from './media.ts';
import { cleanOf, english, overview, slugOf, sortOf, words } from './text.ts';

function statistics(app: App, stats: Statistics, seasonCount: number | null): JsonObject {
	const share = stats.episodeCount === 0 ? 0 : (stats.episodeFileCount / stats.episodeCount) * 100;
	const inSeason = seasonCount === null;
	const absentGroups = stats.totalEpisodeCount === 0 && app.traits.family === 'whisparr2';
	return {
		seasonCount: seasonCount ?? undefined,
		nextAiring: inSeason ? moment(stats.nextAiring) : undefined,
		previousAiring: inSeason ? moment(stats.previousAiring) : undefined,
		episodeFileCount: stats.episodeFileCount,
		episodeCount: stats.episodeCount,
		totalEpisodeCount: stats.totalEpisodeCount,
		sizeOnDisk: stats.sizeOnDisk,
		releaseGroups: absentGroups ? undefined : stats.releaseGroups,
		percentOfEpisodes: share,
	};
}

export function moment(at: number | null): string | undefined {
	return at === null ? undefined : instant(at);
}

function images(app: App, series: Series, embedded: boolean): JsonObject[] {
	if (app.traits.family === 'whisparr2') {
		const url = embedded
			? `https://art.invalid/poster/${series.id}.jpg`
			: `/MediaCover/${series.id}/logo.jpg`;
		return [{ coverType: 'logo', url }];
	}
	const covers = series.alternates > 0 ? ['banner', 'poster', 'fanart', 'clearlogo'] : ['fanart', 'poster'];
	return covers.map((cover) => ({
		coverType: cover,
		url: embedded ? undefined : `/MediaCover/${series.id}/${cover}.jpg`,
		remoteUrl: `https://art.invalid/${cover}/${series.id}.jpg`,
	}));
}

function alternateTitles(series: Series): JsonObject[] {
	const titles: JsonObject[] = [];
	for (let i = 0; i < series.alternates; i++) {
		titles.push({ title: `${series.title} ${words(hash(series.tvdbId, i), 2)}`, seasonNumber: -1 });
	}
	return titles;
}

/** A series; without statistics and local covers when it is embedded in something else. */
export function seriesResource(app: App, series: Series, embedded = false, byId = false): JsonObject {
	const isW2 = app.traits.family === 'whisparr2';
	const stats = embedded ? null : statisticsOf(app, series);
	const total = stats?.total;
	const shown = total !== undefined && (total.totalEpisodeCount > 0 || byId);
	const seasonCount = series.seasons.filter((season) => season.number > 0).length;
	const long = series.alternates > 0;
	const firstAired = `${series.year}-01-10T00:00:00Z`;
	return {
		title: series.title,
		alternateTitles: isW2 || embedded ? undefined : alternateTitles(series),
		sortTitle: sortOf(series.title),
		status: series.status,
		ended: series.status === 'ended',
		overview: overview(series.tvdbId, long ? 900 : 60),
		nextAiring: moment(total?.nextAiring ?? null),
		previousAiring: moment(total?.previousAiring ?? null),
		network: series.network,
		airTime: isW2 ? undefined : '21:00',
		images: images(app, series, embedded),
		originalLanguage: english(),
		seasons: series.seasons.map((season) => {
			const own = stats?.seasons.get(season.number);
			return {
				seasonNumber: season.number,
				monitored: season.monitored,
				statistics: own === undefined ? undefined : statistics(app, own, null),
			};
		}),
		year: series.year,
		path: seriesPath(app, series),
		qualityProfileId: series.profileId,
		seasonFolder: isW2 ? undefined : true,
		monitored: series.monitored,
		monitorNewItems: app.traits.nancy ? undefined : 'all',
		useSceneNumbering: false,
		runtime: series.runtime,
		tvdbId: series.tvdbId,
		tvRageId: isW2 ? undefined : 0,
		tvMazeId: isW2 ? undefined : 50_000 + series.id,
		tmdbId: isW2 || app.traits.nancy ? undefined : 60_000 + series.id,
		firstAired,
		lastAired: isW2 || embedded || app.traits.nancy ? undefined : midnight(total?.lastAired ?? null),
		seriesType: isW2 ? undefined : series.kind,
		cleanTitle: cleanOf(series.title),
		imdbId: isW2 ? undefined : `tt99${String(series.tvdbId).padStart(5, '0')}`,
		titleSlug: isW2 ? cleanOf(series.title) : series.slug || slugOf(series.title),
		rootFolderPath: embedded ? undefined : series.rootFolder,
		certification: isW2 ? undefined : 'TV-14',
		genres: isW2 ? ['Outdoors'] : ['Drama'],
		tags: series.tags,
		added: instant(series.added),
		ratings: { votes: 12, value: 7.5 },
		statistics: shown ? statistics(app, total, seasonCount) : undefined,
		languageProfileId: isW2 ? undefined : 1,
		id: series.id,
	};
}

function midnight(at: number | null): string | undefined {
	return at === null ? undefined : `${day(at)}T00:00:00Z`;
}

export interface EpisodeParts {
	series?: boolean;
	file?: boolean;
	images?: boolean;
}

export function episodeTitle(episode: Episode): string {
	return episode.title ?? words(hash(episode.tvdbId, episode.number), 3);
}

export function episodeResource(app: App, episode: Episode, parts: EpisodeParts = {}): JsonObject {
	const series = app.store.seriesOf(episode);
	const file = parts.file === true ? app.store.files.get(episode.fileId) : undefined;
	const shared = {
		seriesId: episode.seriesId,
		tvdbId: episode.tvdbId,
		episodeFileId: episode.fileId,
		seasonNumber: episode.season,
	};
	const fileResource = file === undefined ? undefined : episodeFile(app, series, file);
	const seriesEmbedded = parts.series === true ? seriesResource(app, series, true) : undefined;
	const long = series.alternates > 0;
	if (app.traits.family === 'whisparr2') {
		return {
			...shared,
			title: episodeTitle(episode),
			releaseDate: episode.airs === null ? undefined : day(episode.airs),
			runtime: 25,
			overview: overview(episode.tvdbId, long ? 380 : 40),
			episodeFile: fileResource,
			hasFile: episode.fileId > 0,
			monitored: episode.monitored,
			absoluteEpisodeNumber: episode.absolute ?? episode.id,
			series: seriesEmbedded,
			actors: actorsOf(episode),
			images: parts.images === true ? [] : undefined,
			grabbed: false,
			id: episode.id,
		};
	}
	return {
		...shared,
		episodeNumber: episode.number,
		title: episodeTitle(episode),
		airDate: episode.airs === null ? undefined : day(episode.airs),
		airDateUtc: moment(episode.airs),
		lastSearchTime: app.traits.lastSearchTime ? moment(episode.searched) : undefined,
		runtime: episode.runtime,
		finaleType: episode.finale ?? undefined,
		overview: overview(episode.tvdbId, long ? 380 : 40),
		episodeFile: fileResource,
		hasFile: episode.fileId > 0,
		monitored: episode.monitored,
		absoluteEpisodeNumber: episode.absolute ?? undefined,
		unverifiedSceneNumbering: false,
		series: seriesEmbedded,
		images: parts.images === true ? [] : undefined,
		id: episode.id,
	};
}

export function performerOf(episode: Episode): string {
	return hash(episode.tvdbId, 4) % 9 === 0 ? '' : 'Robin Example';
}

function actorsOf(episode: Episode): JsonObject[] {
	const name = performerOf(episode);
	if (name === '') return [];
	return [{ tpdbId: 4000, name, character: 'Host', gender: 'other', images: [] }];
}

export function findSeries(app: App, id: number): Series {
	const series = app.store.series.get(id);
	if (series === undefined) throw missing('Series', id);
	return series;
}

/** All of them, or the error that the applications give for a list with an unknown id. */
export function allOf<T>(table: Map<number, T>, ids: number[]): T[] {
	const unique = [...new Set(ids)];
	const found = unique.map((id) => table.get(id)).filter((item) => item !== undefined);
	if (found.length !== ids.length) throw rowsMissing(ids.length, found.length);
	return found;
}

function listEpisodes({ app, query }: Call): Answer {
	const { store, traits } = app;
	const parts: EpisodeParts = {
		series: traits.family === 'sonarr' && query.bool('includeSeries', false),
		file: traits.includeEpisodeFile && query.bool('includeEpisodeFile', false),
		images: query.bool('includeImages', false),
	};
	const render = (episode: Episode) => episodeResource(app, episode, parts);
	const seriesId = query.int('seriesId');
	if (seriesId !== null) {
		const season = query.int('seasonNumber');
		const all = store.series.get(seriesId)?.episodes ?? [];
		const chosen = season === null ? all : all.filter((episode) => episode.season === season);
		const key = parts.file || parts.series || season !== null ? undefined : `episodes ${seriesId}`;
		return list(chosen, render, key);
	}
	const ids = query.ints('episodeIds');
	if (ids !== null) return list(allOf(store.episodes, ids), render);
	const fileId = query.int('episodeFileId');
	if (fileId === null) throw badRequest('seriesId or episodeIds must be provided');
	const owner = store.series.get(store.files.get(fileId)?.ownerId ?? 0);
	return list(owner?.episodes.filter((episode) => episode.fileId === fileId) ?? [], render);
}

function listFiles({ app, query }: Call): Answer {
	const { store } = app;
	const seriesId = query.int('seriesId');
	if (seriesId !== null) {
		const series = findSeries(app, seriesId);
		return list(store.filesOf(seriesId), (file) => episodeFile(app, series, file), `files ${seriesId}`);
	}
	const ids = query.ints('episodeFileIds');
	if (ids === null) throw badRequest('seriesId or episodeFileIds must be provided');
	return list(allOf(store.files, ids), (file: MediaFile) =>
		episodeFile(app, findSeries(app, file.ownerId), file),
	);
}

export function listSeries({ app, query }: Call): Answer {
	const tvdbId = query.int('tvdbId');
	const all = app.inDatabaseOrder(app.store.series);
	const withImages = query.bool('includeSeasonImages', false);
	const render = (series: Series) => {
		const resource = seriesResource(app, series);
		if (!withImages) return resource;
		const seasons = (resource.seasons as JsonObject[]).map((season) => ({ ...season, images: [] }));
		return { ...resource, seasons };
	};
	if (tvdbId === null) return list(all, render, withImages ? undefined : app.timedKey('series'));
	return list(
		all.filter((series) => series.tvdbId === tvdbId),
		render,
	);
}

export function addSeriesRoutes(router: Router): void {
	router.get('series', listSeries);
	router.get('series/{id}', ({ app, id }) => {
		const series = app.store.series.get(id);
		if (series === undefined) throw unknownId(app.traits, true);
		return ok(seriesResource(app, series, false, true));
	});
	router.delete('series/{id}', ({ app, id }) => {
		findSeries(app, id);
		app.acts.deleteSeries(id);
		return ok({});
	});
	router.get('episode', listEpisodes);
	router.get('episode/{id}', ({ app, id }) => {
		const episode = app.store.episodes.get(id);
		if (episode === undefined) throw unknownId(app.traits);
		return ok(episodeResource(app, episode, { series: true, file: true, images: true }));
	});
	router.get('episodefile', listFiles);
	router.get('episodefile/{id}', ({ app, id }) => {
		const file = app.store.files.get(id);
		if (file === undefined) throw unknownId(app.traits);
		return ok(episodeFile(app, findSeries(app, file.ownerId), file));
	});
	router.delete('episodefile/{id}', async ({ app, id }) => {
		if (!app.store.files.has(id)) throw missing('EpisodeFile', id);
		await app.acts.deleteFile(id, 'Manual');
		return empty(200);
	});
}
