// `/history`: paged, since a date, by series or movie, and marking a grab as failed.
import type { App } from '../app.ts';
import { failure, list, missing, ok, unbound, type Answer } from '../http/answer.ts';
import { page, type PageRules } from '../http/paging.ts';
import type { Call, Router } from '../http/router.ts';
import { instant, type JsonObject } from '../json.ts';
import type { Traits } from '../kinds.ts';
import type { HistoryEvent, HistoryRow } from '../state/model.ts';
import { isBelowCutoff, scoreOf } from '../state/profiles.ts';
import { formatsOf } from './media.ts';
import { movieResource } from './movies.ts';
import { episodeResource, findSeries, seriesResource } from './series.ts';
import { english } from './text.ts';

type Names = Partial<Record<HistoryEvent, [number: number, name: string]>>;

const SERIES_EVENTS: Names = {
	grabbed: [1, 'grabbed'],
	folderImported: [2, 'seriesFolderImported'],
	downloadFolderImported: [3, 'downloadFolderImported'],
	downloadFailed: [4, 'downloadFailed'],
	fileDeleted: [5, 'episodeFileDeleted'],
	fileRenamed: [6, 'episodeFileRenamed'],
	downloadIgnored: [7, 'downloadIgnored'],
};
const MOVIE_EVENTS: Names = {
	grabbed: [1, 'grabbed'],
	downloadFolderImported: [3, 'downloadFolderImported'],
	downloadFailed: [4, 'downloadFailed'],
	fileDeleted: [6, 'movieFileDeleted'],
	folderImported: [7, 'movieFolderImported'],
	fileRenamed: [8, 'movieFileRenamed'],
	downloadIgnored: [9, 'downloadIgnored'],
};

function eventsOf(traits: Traits): Names {
	if (traits.shape === 'series') return SERIES_EVENTS;
	if (traits.family !== 'whisparr3') return MOVIE_EVENTS;
	return { ...MOVIE_EVENTS, diskScanImported: [10, 'diskScanImported'] };
}

export function historyResource(
	app: App,
	row: HistoryRow,
	parts: { owner?: boolean; episode?: boolean } = {},
): JsonObject {
	const { store, traits } = app;
	const series = store.series.get(row.seriesId);
	const movie = store.movies.get(row.movieId);
	const owner = traits.shape === 'series' ? series : movie;
	const profile = owner === undefined ? undefined : store.profileOf(owner);
	const episode = store.episodes.get(row.episodeId);
	return {
		episodeId: traits.shape === 'series' ? row.episodeId : undefined,
		seriesId: traits.shape === 'series' ? row.seriesId : undefined,
		movieId: traits.shape === 'movie' ? row.movieId : undefined,
		sourceTitle: row.title,
		language: traits.nancy ? english() : undefined,
		languages: traits.nancy ? undefined : [english()],
		quality: store.qualities.withRevision(row.quality, row.revision, row.repack),
		customFormats: traits.nancy ? undefined : formatsOf(app, row.formats),
		customFormatScore: traits.nancy ? undefined : profile === undefined ? 0 : scoreOf(profile, row.formats),
		qualityCutoffNotMet: profile !== undefined && isBelowCutoff(profile, row.quality),
		date: instant(row.date),
		downloadId: row.downloadId ?? undefined,
		eventType: eventsOf(traits)[row.event]?.[1] ?? 'unknown',
		data: row.data,
		episode: parts.episode === true && episode !== undefined ? episodeResource(app, episode) : undefined,
		series: parts.owner === true && series !== undefined ? seriesResource(app, series, true) : undefined,
		movie: parts.owner === true && movie !== undefined ? movieResource(app, movie) : undefined,
		id: row.id,
	};
}

function ownParts(call: Call) {
	const { query, app } = call;
	const owner = query.bool(app.traits.shape === 'series' ? 'includeSeries' : 'includeMovie', false);
	return { owner, episode: query.bool('includeEpisode', false) };
}

/** An event by name or number. */
function eventFilter(call: Call): HistoryEvent | null {
	const value = call.query.text('eventType');
	if (value === null || value === '') return null;
	const entries = Object.entries(eventsOf(call.app.traits)) as [HistoryEvent, [number, string]][];
	const isNumber = /^\d+$/.test(value);
	const found = entries.find(([, [number, name]]) =>
		isNumber ? number === Number(value) : name.toLowerCase() === value.toLowerCase(),
	);
	if (found !== undefined) return found[0];
	const text = isNumber ? `The value '${value}' is invalid.` : `The value '${value}' is not valid.`;
	throw unbound(call.app.traits, { eventType: [text] });
}

function since(call: Call): Answer {
	const { app, query } = call;
	const date = query.date('date');
	const event = eventFilter(call);
	const parts = ownParts(call);
	if (date === null && app.traits.family === 'sonarr') return ok([]);
	const from = date ?? -Infinity;
	const rows = app.store.history.filter((row) => row.date >= from && (event === null || row.event === event));
	rows.sort((a, b) => a.date - b.date || a.id - b.id);
	return list(rows, (row) => historyResource(app, row, parts));
}

function ofOwner(call: Call): Answer {
	const { app, query } = call;
	const isSeries = app.traits.shape === 'series';
	const id = query.int(isSeries ? 'seriesId' : 'movieId') ?? 0;
	if (isSeries) findSeries(app, id);
	const event = eventFilter(call);
	const season = isSeries ? query.int('seasonNumber') : null;
	const rows = app.store.history.filter((row) => {
		if ((isSeries ? row.seriesId : row.movieId) !== id) return false;
		if (event !== null && row.event !== event) return false;
		return season === null || app.store.episodes.get(row.episodeId)?.season === season;
	});
	rows.sort((a, b) => b.date - a.date || b.id - a.id);
	const parts = ownParts(call);
	return list(rows, (row) => historyResource(app, row, parts));
}

function rulesFor(app: App): PageRules<HistoryRow> {
	const isSeries = app.traits.shape === 'series';
	const titleKey = isSeries ? 'series.sorttitle' : 'moviemetadata.sorttitle';
	const keys: PageRules<HistoryRow>['keys'] = { date: (row) => row.date, [titleKey]: (row) => row.title };
	if (!app.traits.sortWhitelist)
		Object.assign(keys, { id: (row: HistoryRow) => row.id, 'history.date': (row: HistoryRow) => row.date });
	return {
		keys,
		defaultKey: 'date',
		defaultAscending: false,
		table: 'History',
		whitelist: app.traits.sortWhitelist,
	};
}

function paged(call: Call): Answer {
	const { app, query } = call;
	const { traits, options } = app;
	const numbers = query.ints('eventType');
	const filtered = query.has('eventType') || query.has('movieIds');
	if (filtered && traits.shape === 'movie' && options.runtime === 'net10') {
		throw failure(500, 'Unexpected form of Enumerable.Contains', 'System.NotSupportedException');
	}
	const only = traits.manyEventTypes ? numbers : (numbers?.slice(0, 1) ?? null);
	const downloadId = query.text('downloadId');
	const episodeId = query.int('episodeId');
	const seriesIds = query.ints('seriesIds');
	const movieIds = query.ints('movieIds');
	const events = eventsOf(traits);
	const rows = app.store.history.filter((row) => {
		if (only !== null && !only.includes(events[row.event]?.[0] ?? 0)) return false;
		if (downloadId !== null && row.downloadId !== downloadId) return false;
		if (episodeId !== null && row.episodeId !== episodeId) return false;
		if (seriesIds !== null && !seriesIds.includes(row.seriesId)) return false;
		return movieIds === null || movieIds.includes(row.movieId);
	});
	const parts = ownParts(call);
	return page(app, query, rows, rulesFor(app), (row) => historyResource(app, row, parts));
}

/** Marks a grab as failed and searches anew; the download and its row stay. */
function markFailed({ app, id }: Call): Answer {
	const row = app.store.history.find((candidate) => candidate.id === id);
	if (row === undefined) throw missing('History', id);
	const download = row.downloadId === null ? undefined : app.store.downloads.get(row.downloadId);
	const release = download?.release ?? releaseOfRow(app, row);
	const client = app.store.clients.get(download?.clientId ?? 1) ?? null;
	app.history.failed(release, row.downloadId, client, 'Manually marked as failed');
	if (app.options.autoRedownloadFailed) app.downloads.searchAgain(release);
	return ok({});
}

function releaseOfRow(app: App, row: HistoryRow) {
	const { quality, revision, repack, title, seriesId, movieId } = row;
	const episodeIds = app.store.history
		.filter(
			(other) => other.event === 'grabbed' && other.downloadId === row.downloadId && other.episodeId > 0,
		)
		.map((other) => other.episodeId);
	const season = app.store.episodes.get(row.episodeId)?.season ?? 0;
	return {
		title,
		quality,
		revision,
		repack,
		seriesId,
		movieId,
		episodeIds,
		season,
		formats: [...row.formats],
		indexerId: 1,
		group: row.data.releaseGroup ?? 'GRP',
		size: Number(row.data.size ?? 0),
		protocol: 'torrent' as const,
		published: row.date,
		pack: episodeIds.length > 1,
		rejections: [],
		matchedById: false,
		fate: 'import' as const,
		downloadSeconds: 600,
		delayUntil: null,
	};
}

export function addHistoryRoutes(router: Router, traits: Traits): void {
	router.get('history', paged);
	router.get('history/since', since);
	router.get(traits.shape === 'series' ? 'history/series' : 'history/movie', ofOwner);
	router.post('history/failed/{id}', markFailed, false);
	if (traits.nancy) router.post('history/failed', (call) => markFailed({ ...call, id: idIn(call) }));
}

function idIn(call: Call): number {
	const { body } = call;
	return typeof body === 'object' && body !== null && 'id' in body ? Number(body.id) : 0;
}
