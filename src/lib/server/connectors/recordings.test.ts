/** Every recorded answer that we read must parse, and say what the application said. */
import { describe, expect, it } from 'vitest';
import { exchangesOf, filesOf, isObject, kinds } from '../../../../tests/recordings/load';
import type { Exchange, Json, Kind } from '../../../../tests/recordings/load';
import { readCommand, readCommands } from './common/commands';
import type { Raw } from './common/fields';
import { readFile } from './common/files';
import { MOVIE_HISTORY, SERIES_HISTORY, readHistory } from './common/history';
import { readProfiles } from './common/profiles';
import { readQueuePage, readQueueRows } from './common/queue';
import * as resources from './common/resources';
import { readStatus } from './common/status';
import { readRadarrMovie } from './radarr/mapper';
import { readSonarrEpisode, readSonarrSeries } from './sonarr/mapper';
import { readItem, readSite, readSiteScene } from './whisparr/mapper';

const series = (kind: Kind): boolean => kind.startsWith('sonarr') || kind === 'whisparr2';
const search = { studios: new Set<string>(), byTitle: false, byStudio: 'always' as const };

const readSeries = (kind: Kind, raw: Raw) => (kind === 'whisparr2' ? readSite(raw) : readSonarrSeries(raw));
const readEpisode = (kind: Kind, raw: Raw) =>
	kind === 'whisparr2' ? readSiteScene(raw) : readSonarrEpisode(raw);
const readMovie = (kind: Kind, raw: Raw) =>
	kind === 'whisparr3' ? readItem(raw, search) : readRadarrMovie(raw);
const history = (kind: Kind) => (series(kind) ? SERIES_HISTORY : MOVIE_HISTORY);

/** By path: what reads one record, and what reads the whole body. */
const records: Record<string, (kind: Kind, raw: Raw) => unknown> = {
	series: readSeries,
	episode: readEpisode,
	episodefile: (_, raw) => readFile(raw, 'seriesId'),
	movie: readMovie,
	'movie/bulk': readMovie,
	moviefile: (_, raw) => readFile(raw, 'movieId'),
	'history/since': (kind, raw) => readHistory(history(kind), raw),
	'history/series': (kind, raw) => readHistory(history(kind), raw),
	'history/movie': (kind, raw) => readHistory(history(kind), raw),
	command: (_, raw) => readCommand('/command', raw),
	qualityprofile: (_, raw) => readProfiles('/qualityprofile', [raw]),
	downloadclient: (_, raw) => resources.readDownloadClients('/downloadclient', [raw]),
	indexer: (_, raw) => resources.readIndexers('/indexer', [raw]),
	delayprofile: (_, raw) => resources.readDelayProfiles('/delayprofile', [raw]),
	customformat: (_, raw) => resources.readFormats('/customformat', [raw]),
	tag: (_, raw) => resources.readTags('/tag', [raw]),
	rootfolder: (_, raw) => resources.readFolders('/rootfolder', [raw]),
};
const bodies: Record<string, (kind: Kind, body: Json) => unknown> = {
	'system/status': (_, body) => readStatus('/system/status', body),
	health: (_, body) => resources.readHealth('/health', body),
	command: (_, body) =>
		Array.isArray(body) ? readCommands('/command', body) : readCommand('/command', body),
	queue: (_, body) => readQueuePage('/queue', body),
	'queue/details': (_, body) => readQueueRows('/queue/details', body),
	'movie/list': (_, body) => resources.readIds('/movie/list', body),
	'wanted/missing': (_, body) => resources.readTotal('/wanted/missing', body),
	'wanted/cutoff': (_, body) => resources.readTotal('/wanted/cutoff', body),
};

function resourceOf({ request }: Exchange): string | null {
	const found = /^\/api\/v3\/([a-z/]+?)(\/-?\d+)?\/?(\?.*)?$/i.exec(request.url);
	return found?.[1]?.toLowerCase() ?? null;
}

/** The recorder kept chosen fields of some bodies, or a shorthand for records. */
function isComplete(value: Json): value is { [key: string]: Json } {
	return isObject(value) && 'id' in value && Object.keys(value).length > 5;
}

function all(): Exchange[] {
	const read = kinds.flatMap((kind) => filesOf(kind).flatMap((file) => exchangesOf(kind, file)));
	// a few bodies were cut down to the fields that mattered
	return read.filter(({ note }) => !note.includes('extract of'));
}

describe('recorded answers', () => {
	const good = all().filter(({ response }) => response.status === 200 || response.status === 201);

	it.each(kinds)('%s: every complete record is read', (kind) => {
		let read = 0;
		for (const exchange of good) {
			const { body } = exchange.response;
			const reader = records[resourceOf(exchange) ?? ''];
			if (exchange.kind !== kind || reader === undefined || body === undefined) continue;
			for (const one of Array.isArray(body) ? body : [body]) {
				const small = ['tag', 'rootfolder', 'customformat'].includes(resourceOf(exchange) ?? '');
				if (!isComplete(one) && !(small && isObject(one) && 'id' in one)) continue;
				const place = `${exchange.kind}-${exchange.file} ${exchange.index} ${exchange.request.url}`;
				expect(() => reader(kind, one), place).not.toThrow();
				read += 1;
			}
		}
		expect(read).toBeGreaterThan(30);
	});

	it.each(kinds)('%s: every body of a small list is read', (kind) => {
		let read = 0;
		for (const exchange of good) {
			const { body } = exchange.response;
			const reader = bodies[resourceOf(exchange) ?? ''];
			if (exchange.kind !== kind || reader === undefined || body === undefined || typeof body === 'string')
				continue;
			if (isShorthand(body)) continue;
			const place = `${exchange.kind}-${exchange.file} ${exchange.index} ${exchange.request.url}`;
			expect(() => reader(kind, body), place).not.toThrow();
			read += 1;
		}
		expect(read).toBeGreaterThan(10);
	});

	it('keeps no link and no key of a history row', () => {
		for (const exchange of good) {
			if (!resourceOf(exchange)?.startsWith('history/')) continue;
			const { body } = exchange.response;
			for (const row of Array.isArray(body) ? body.filter(isComplete) : []) {
				const text = JSON.stringify(readHistory(history(exchange.kind), row));
				expect(text).not.toMatch(/https?:|SECRET|passkey|apikey/i);
			}
		}
	});
});

/** Records written as "S1E2x3", or a body of which a few fields were kept. */
function isShorthand(body: Json): boolean {
	if (Array.isArray(body)) return body.some((one) => isObject(one) && !('id' in one) && !('source' in one));
	if (!isObject(body)) return true;
	if ('records' in body)
		return Array.isArray(body['records']) && body['records'].some((one) => !isComplete(one));
	return !('totalRecords' in body || 'appName' in body) && !isComplete(body);
}
