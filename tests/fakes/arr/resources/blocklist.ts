// `/blocklist`: paged, and deleting entries.
import type { App } from '../app.ts';
import { missing, ok } from '../http/answer.ts';
import { page } from '../http/paging.ts';
import type { Call, Router } from '../http/router.ts';
import { instant, isObject, type JsonObject } from '../json.ts';
import type { BlocklistRow, Movie } from '../state/model.ts';
import { embeddedMovie } from './movies.ts';
import { seriesResource } from './series.ts';
import { english } from './text.ts';

function resource(app: App, row: BlocklistRow): JsonObject {
	const isSeries = app.traits.shape === 'series';
	const series = app.store.series.get(row.seriesId);
	const movie = app.store.movies.get(row.movieId);
	return {
		seriesId: isSeries ? row.seriesId : undefined,
		episodeIds: isSeries ? row.episodeIds : undefined,
		movieId: isSeries ? undefined : row.movieId,
		sourceTitle: row.title,
		languages: [english()],
		quality: app.store.qualities.withRevision(row.quality, row.revision, false),
		customFormats: [],
		date: instant(row.date),
		protocol: row.protocol,
		indexer: row.indexer,
		message: row.message,
		series: series === undefined || !isSeries ? undefined : seriesResource(app, series, true),
		movie: movie === undefined || isSeries ? undefined : bareMovie(app, movie),
		id: row.id,
	};
}

/** Without what is computed from its file. */
function bareMovie(app: App, movie: Movie): JsonObject {
	return { ...embeddedMovie(app, movie), sizeOnDisk: undefined, hasFile: undefined, statistics: undefined };
}

function remove(app: App, id: number): void {
	const index = app.store.blocklist.findIndex((row) => row.id === id);
	if (index < 0) throw missing('Blocklist', id);
	app.store.blocklist.splice(index, 1);
}

function listPaged({ app, query }: Call) {
	const seriesIds = query.ints('seriesIds');
	const movieIds = query.ints('movieIds');
	const rows = app.store.blocklist.filter((row) => {
		if (seriesIds !== null && !seriesIds.includes(row.seriesId)) return false;
		return movieIds === null || movieIds.includes(row.movieId);
	});
	const keys = { date: (row: BlocklistRow) => row.date, sourcetitle: (row: BlocklistRow) => row.title };
	const rules = { keys, defaultKey: 'date', defaultAscending: false, table: 'Blocklist', whitelist: true };
	return page(app, query, rows, rules, (row) => resource(app, row));
}

export function addBlocklistRoutes(router: Router): void {
	for (const name of ['blocklist', 'blacklist']) {
		router.get(name, listPaged);
		router.delete(
			`${name}/bulk`,
			({ app, body }) => {
				const ids = isObject(body) && Array.isArray(body.ids) ? body.ids.map(Number) : [];
				for (const id of ids) remove(app, id);
				return ok({});
			},
			true,
		);
		router.delete(`${name}/{id}`, ({ app, id }) => {
			remove(app, id);
			return ok({});
		});
	}
}
