// What `/api/v5` of Sonarr 5 does otherwise than `/api/v3`. Routes added here come before the shared ones.
import type { App } from '../app.ts';
import { healthResource } from '../health/texts.ts';
import { empty, failure, list, notFound, ok, unbound } from '../http/answer.ts';
import { page } from '../http/paging.ts';
import type { Router } from '../http/router.ts';
import type { JsonObject } from '../json.ts';
import { queueResource, queueRows, type Row } from './activity.ts';
import { addNotificationRoutes } from './notifications.ts';
import { listSeries } from './series.ts';
import { wanted } from './wanted.ts';

/** A filter by type of series that the database driver does not understand. */
function unwritable() {
	const type =
		'System.Collections.Generic.List`1[[NzbDrone.Core.Tv.SeriesTypes, Sonarr.Core, Version=10.0.0.15336, Culture=neutral, PublicKeyToken=null]]';
	const what = 'is not supported for parameters having no NpgsqlDbType or DataTypeName.';
	const hint = 'Try setting one of these values to the expected database type..';
	return failure(500, `Writing values of '${type}' ${what} ${hint}`, 'System.InvalidCastException');
}

/** One row per download. */
function downloadRow(app: App, rows: Row[]): JsonObject {
	const first = rows[0] as Row;
	const row = queueResource(app, first, { owner: false, episode: false });
	const { seasonNumber, sizeleft } = row;
	const withFiles = rows.filter((one) => (app.store.episodes.get(one.episodeId)?.fileId ?? 0) > 0);
	return {
		...row,
		episodeId: undefined,
		seasonNumber: undefined,
		sizeleft: undefined,
		episodeHasFile: undefined,
		episodeIds: rows.map((one) => one.episodeId),
		seasonNumbers: [seasonNumber],
		sizeLeft: sizeleft,
		isFullSeason: first.release.pack,
		episodesWithFilesCount: withFiles.length,
	};
}

function grouped(app: App): Row[][] {
	const groups = new Map<unknown, Row[]>();
	for (const row of queueRows(app)) {
		const key = row.download ?? row.pending;
		groups.set(key, [...(groups.get(key) ?? []), row]);
	}
	return [...groups.values()];
}

export function addVersion5Routes(router: Router): void {
	addNotificationRoutes(router, 'connection');
	router.get('series', (call) => {
		const parts = call.query.text('includeSubresources');
		if (parts === null) return listSeries(call);
		throw unbound(call.app.traits, { includeSubresources: [`The value '${parts}' is not valid.`] });
	});
	router.get('wanted/missing', (call) => {
		if (call.query.has('seriesType')) throw unwritable();
		return wanted(call, 'missing');
	});
	router.get('queue', ({ app, query }) => {
		const rules = {
			keys: { timeleft: (rows: Row[]) => rows[0]?.download?.doneAt ?? null },
			defaultKey: 'timeleft',
			defaultAscending: true,
			table: 'Queue',
			fallsBack: true,
			whitelist: true,
		};
		return page(app, query, grouped(app), rules, (rows) => downloadRow(app, rows));
	});
	router.get('health', ({ app }) =>
		list(app.health.entries(), (entry) => ({ ...healthResource(app, entry), reason: entry.fragment })),
	);
	router.delete('queue/{id}', ({ app, id }) => {
		const row = queueRows(app).find((candidate) => candidate.id === id);
		if (row === undefined) throw notFound();
		if (row.download !== null) app.downloads.drop(row.download);
		return empty(204);
	});
	router.get('settings/downloadclient', () =>
		ok({ enableCompletedDownloadHandling: true, autoRedownloadFailed: true, id: 1 }),
	);
	router.get('settings/indexer', () =>
		ok({ minimumAge: 0, retention: 0, maximumSize: 0, rssSyncInterval: 15, id: 1 }),
	);
}
