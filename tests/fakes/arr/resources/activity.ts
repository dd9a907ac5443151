// `/queue`: the snapshot of downloads with the parked releases appended, and removals.
import type { App } from '../app.ts';
import type { QueueEntry } from '../downloads/downloads.ts';
import { shownId } from '../downloads/history.ts';
import { empty, list, notFound, ok, Refusal, type Answer } from '../http/answer.ts';
import { page, type PageRules, type SortValue } from '../http/paging.ts';
import type { Call, Router } from '../http/router.ts';
import { instant, isObject, timeSpan, type JsonObject } from '../json.ts';
import { drive } from '../process.ts';
import type { Download, PendingRelease, Release } from '../state/model.ts';
import { scoreOf } from '../state/profiles.ts';
import { formatsOf } from './media.ts';
import { movieResource } from './movies.ts';
import { episodeResource, seriesResource } from './series.ts';
import { english } from './text.ts';

export interface Row {
	id: number;
	release: Release;
	episodeId: number;
	download: Download | null;
	pending: PendingRelease | null;
}

export function queueRows(app: App): Row[] {
	const rows: Row[] = app.downloads.snapshot().map(({ id, download, episodeId }: QueueEntry) => ({
		id,
		release: download.release,
		episodeId,
		download,
		pending: null,
	}));
	for (const pending of app.store.pending) {
		const items = pending.release.movieId > 0 ? [0] : pending.release.episodeIds;
		for (const [index, episodeId] of items.entries()) {
			rows.push({ id: pending.rowKey + index, release: pending.release, episodeId, download: null, pending });
		}
	}
	return rows;
}

function leftOf(app: App, download: Download): number {
	if (download.state === 'completed') return 0;
	if (download.doneAt === Infinity) return download.size;
	const whole = Math.max(1, download.doneAt - download.addedAt);
	const share = Math.max(0, Math.min(1, (download.doneAt - app.clock.now()) / whole));
	return Math.floor(download.size * share);
}

function statusOf(download: Download): string {
	if (download.state === 'stalled') return 'warning';
	if (download.state === 'gone') return 'unknown';
	return download.state;
}

/** The client has not begun to tell a rate. */
function isFresh(app: App, download: Download): boolean {
	return download.state === 'downloading' && app.clock.now() - download.addedAt < 10_000;
}

function downloadPart(app: App, download: Download): JsonObject {
	const client = app.store.clients.get(download.clientId);
	const isW2 = app.traits.family === 'whisparr2';
	const left = leftOf(app, download);
	const begun = !isFresh(app, download);
	const finite = download.doneAt !== Infinity && begun;
	const hasWarning = download.messages.length > 0;
	return {
		estimatedCompletionTime: finite && download.state !== 'paused' ? instant(download.doneAt) : undefined,
		added: isW2 || app.traits.nancy ? undefined : instant(download.addedAt),
		status: begun ? statusOf(download) : 'queued',
		trackedDownloadStatus: hasWarning ? 'warning' : 'ok',
		trackedDownloadState: download.importState,
		statusMessages: hasWarning ? [{ title: download.release.title, messages: download.messages }] : [],
		errorMessage: download.state === 'stalled' ? 'The download is stalled with no connections' : undefined,
		downloadId: client === undefined ? download.id : shownId(download, client),
		protocol: download.release.protocol,
		downloadClient: client?.name ?? '',
		downloadClientHasPostImportCategory: isW2 || app.traits.nancy ? undefined : false,
		indexer: app.store.indexers.get(download.release.indexerId)?.name,
		outputPath: download.state === 'completed' ? `/data/downloads/${download.release.title}` : undefined,
		sizeleft: left,
		timeleft:
			finite && download.state !== 'paused'
				? timeSpan(Math.max(0, download.doneAt - app.clock.now()))
				: undefined,
	};
}

function pendingPart(app: App, pending: PendingRelease): JsonObject {
	const isW2 = app.traits.family === 'whisparr2';
	return {
		estimatedCompletionTime: instant(pending.until),
		added: isW2 || app.traits.nancy ? undefined : instant(pending.added),
		status: pending.reason,
		protocol: pending.release.protocol,
		downloadClientHasPostImportCategory: isW2 || app.traits.nancy ? undefined : false,
		indexer: app.store.indexers.get(pending.release.indexerId)?.name,
		sizeleft: pending.release.size,
		timeleft: timeSpan(Math.max(0, pending.until - app.clock.now())),
	};
}

export interface QueueParts {
	owner: boolean;
	episode: boolean;
}

export function queueResource(app: App, row: Row, parts: QueueParts): JsonObject {
	const { store, traits } = app;
	const { release } = row;
	const episode = store.episodes.get(row.episodeId);
	const series = store.series.get(release.seriesId);
	const movie = store.movies.get(release.movieId);
	const owner = series ?? movie;
	const isSeries = traits.shape === 'series';
	return {
		seriesId: isSeries ? release.seriesId : undefined,
		episodeId: isSeries ? row.episodeId : undefined,
		seasonNumber: isSeries && !traits.nancy ? episode?.season : undefined,
		movieId: isSeries ? undefined : release.movieId,
		series: parts.owner && series !== undefined ? seriesResource(app, series, true) : undefined,
		episode: parts.episode && episode !== undefined ? episodeResource(app, episode) : undefined,
		movie: parts.owner && movie !== undefined ? movieResource(app, movie) : undefined,
		languages: traits.nancy ? undefined : [english()],
		quality: store.qualities.withRevision(release.quality, release.revision, release.repack),
		customFormats: traits.nancy ? undefined : formatsOf(app, release.formats),
		customFormatScore:
			traits.nancy || owner === undefined ? undefined : scoreOf(store.profileOf(owner), release.formats),
		size: release.size,
		title: release.title,
		episodeHasFile: isSeries ? (episode?.fileId ?? 0) > 0 : undefined,
		...(row.download === null ? {} : downloadPart(app, row.download)),
		...(row.pending === null ? {} : pendingPart(app, row.pending)),
		id: row.id,
	};
}

const RULES = (app: App): PageRules<Row> => {
	const timeLeft = (row: Row): SortValue => row.download?.doneAt ?? row.pending?.until ?? null;
	return {
		keys: {
			timeleft: timeLeft,
			estimatedcompletiontime: timeLeft,
			added: (row) => row.download?.addedAt ?? row.pending?.added ?? null,
			title: (row) => row.release.title,
			status: (row) => row.download?.state ?? row.pending?.reason ?? null,
			protocol: (row) => row.release.protocol,
			indexer: (row) => row.release.indexerId,
			downloadclient: (row) => row.download?.clientId ?? null,
			quality: (row) => row.release.quality,
			size: (row) => row.release.size,
			progress: (row) =>
				row.download === null ? 0 : 1 - leftOf(app, row.download) / Math.max(1, row.release.size),
			'series.sorttitle': (row) => app.store.series.get(row.release.seriesId)?.title ?? null,
			'episodes.airdateutc': (row) => app.store.episodes.get(row.episodeId)?.airs ?? null,
		},
		defaultKey: 'timeleft',
		defaultAscending: true,
		table: 'Queue',
		fallsBack: true,
		whitelist: true,
	};
};

function partsOf(call: Call): QueueParts {
	const owner = call.query.bool(call.app.traits.shape === 'series' ? 'includeSeries' : 'includeMovie', false);
	return { owner, episode: call.query.bool('includeEpisode', false) };
}

function details(call: Call): Answer {
	const { app, query } = call;
	const seriesId = query.int('seriesId');
	const episodeIds = query.ints('episodeIds');
	const movieId = query.int('movieId');
	const rows = queueRows(app).filter((row) => {
		if (seriesId !== null) return row.release.seriesId === seriesId;
		if (episodeIds !== null) {
			// Sonarr 5 does not find parked releases by their episodes
			const unseen = row.pending !== null && app.traits.kind === 'sonarr5';
			return !unseen && episodeIds.includes(row.episodeId);
		}
		return movieId === null || row.release.movieId === movieId;
	});
	const parts = partsOf(call);
	return list(rows, (row) => queueResource(app, row, parts));
}

function status(app: App): JsonObject {
	const rows = queueRows(app);
	const warnings = rows.some((row) => (row.download?.messages.length ?? 0) > 0);
	return {
		totalCount: rows.length,
		count: rows.length,
		unknownCount: 0,
		errors: false,
		warnings,
		unknownErrors: false,
		unknownWarnings: false,
	};
}

/** Removing one row removes the whole download. */
function remove(call: Call, id: number): void {
	const { app, query } = call;
	const row = queueRows(app).find((candidate) => candidate.id === id);
	if (row === undefined) throw notFound();
	const fromClient = query.bool('removeFromClient', true);
	const block = query.bool('blocklist', false) || query.bool('blacklist', false);
	const skip = app.traits.skipRedownload && query.bool('skipRedownload', false);
	const change = app.traits.changeCategory && query.bool('changeCategory', false);
	if (row.pending !== null) {
		const index = app.store.pending.indexOf(row.pending);
		if (index >= 0) app.store.pending.splice(index, 1);
		return;
	}
	const { download } = row;
	if (download === null) return;
	const client = app.store.clients.get(download.clientId);
	if (block) {
		app.history.failed(download.release, download.id, client ?? null, 'Manually marked as failed');
		if (!skip && app.options.autoRedownloadFailed) app.downloads.searchAgain(download.release);
	} else if (!fromClient && !change && client !== undefined) app.history.ignored(download, client);
	app.downloads.drop(download);
}

function grabPending({ app, id }: Call): Answer {
	if (!app.traits.queueGrab) throw new Refusal(empty(404));
	const row = queueRows(app).find((candidate) => candidate.id === id && candidate.pending !== null);
	if (row === undefined) throw notFound();
	row.release.delayUntil = null;
	const process = (function* () {
		yield* app.grabber.grab(row.release, 'UserInvokedSearch', () => undefined);
	})();
	app.grabber.unpark(row.release);
	app.later(1, () => drive(app.clock, process, () => app.running));
	return ok({});
}

function removeMany(call: Call): Answer {
	const ids = isObject(call.body) && Array.isArray(call.body.ids) ? call.body.ids.map(Number) : [];
	for (const id of ids) if (queueRows(call.app).some((row) => row.id === id)) remove(call, id);
	return ok({});
}

export function addActivityRoutes(router: Router): void {
	router.get('queue', (call) => {
		const parts = partsOf(call);
		return page(call.app, call.query, queueRows(call.app), RULES(call.app), (row) =>
			queueResource(call.app, row, parts),
		);
	});
	router.get('queue/details', details);
	router.get('queue/status', ({ app }) => ok(status(app)));
	router.delete('queue/bulk', removeMany, true);
	router.delete('queue/{id}', (call) => {
		remove(call, call.id);
		return empty(200);
	});
	router.post('queue/grab/{id}', grabPending, false);
}
