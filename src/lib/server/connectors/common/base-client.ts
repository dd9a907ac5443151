/**
 * What all applications answer alike: status, health, lists of settings, queue, history, commands. Each application
 * adds its library and the words of its search commands. A call is: build the path, ask, read by a schema.
 */
import { checkpoint } from '$lib/server/checkpoint';
import type { ConnectorKind, Shape } from '$lib/domain/words';
import type { Answer } from './answers';
import { messageOf } from './answers';
import { readCommand, readCommands } from './commands';
import { ArrError } from './errors';
import { isRaw } from './fields';
import type { Raw } from './fields';
import { GRABBED, readHistory } from './history';
import type { HistoryFamily } from './history';
import { parseJson } from './http';
import type { Body } from './body';
import type { Call, HttpCore } from './http';
import { readProfiles } from './profiles';
import { readQueuePage } from './queue';
import { ListReader } from './reading';
import {
	readDelayProfiles,
	readDownloadClients,
	readFolders,
	readFormats,
	readHealth,
	readIndexers,
	readTags,
	readTotal,
} from './resources';
import { readOne } from './schema';
import type * as t from './types';

/** Rows of `/queue` asked for at once. */
const QUEUE_PAGE = 1000;
/** A search that cannot be begun within this time is not sent (design §4.8). Real milliseconds. */
const BEGIN_WITHIN = 5000;

export interface ClientContext {
	readonly kind: ConnectorKind;
	readonly http: HttpCore;
	/** Reads `/system/status` and learns from it. */
	readonly status: (signal?: AbortSignal) => Promise<t.Instance>;
	/** What the application can do, learnt once. */
	readonly capabilities: (signal?: AbortSignal) => Promise<t.Capabilities>;
}

export abstract class BaseClient implements t.ArrClient {
	abstract readonly shape: Shape;
	protected abstract readonly history: HistoryFamily;
	protected readonly http: HttpCore;

	constructor(protected readonly context: ClientContext) {
		this.http = context.http;
	}

	get kind(): ConnectorKind {
		return this.context.kind;
	}
	get requestCount(): number {
		return this.http.requestCount;
	}

	/** Name and body of the command for a search (arr §8.2). */
	protected abstract searchBody(command: t.SearchCommand): Record<string, unknown>;

	status(signal?: AbortSignal): Promise<t.Instance> {
		return this.context.status(signal);
	}

	async wantedTotals(signal?: AbortSignal): Promise<{ missing: number | null; cutoffUnmet: number | null }> {
		const [missing, cutoffUnmet] = await Promise.all([
			this.total('missing', signal),
			this.total('cutoff', signal),
		]);
		return { missing, cutoffUnmet };
	}

	/** `totalRecords` of a wanted list; null where it does not exist (arr §6.1: Radarr before 5.6). */
	private async total(list: 'missing' | 'cutoff', signal?: AbortSignal): Promise<number | null> {
		const path = `api/v3/wanted/${list}?page=1&pageSize=1&monitored=true`;
		return this.orNull(async () => readTotal(path, await this.http.json(path, { signal })));
	}

	/** Null where the application itself says that it does not have this. */
	protected async orNull<T>(work: () => Promise<T>): Promise<T | null> {
		try {
			return await work();
		} catch (error) {
			if (error instanceof ArrError && error.code === 'not_found') return null;
			throw error;
		}
	}

	async health(signal?: AbortSignal): Promise<t.HealthIssue[]> {
		return readHealth('/health', await this.http.json('api/v3/health', { signal }));
	}
	async qualityProfiles(signal?: AbortSignal): Promise<t.QualityProfileRecord[]> {
		return readProfiles('/qualityprofile', await this.http.json('api/v3/qualityprofile', { signal }));
	}
	/** Empty in Sonarr 3, which has none. */
	async customFormats(signal?: AbortSignal): Promise<t.LabelRecord[]> {
		const body = await this.orNull(() => this.http.json('api/v3/customformat', { signal }));
		return body === null ? [] : readFormats('/customformat', body);
	}
	async tags(signal?: AbortSignal): Promise<t.LabelRecord[]> {
		return readTags('/tag', await this.http.json('api/v3/tag', { signal }));
	}
	async indexers(signal?: AbortSignal): Promise<t.IndexerRecord[]> {
		return readIndexers('/indexer', await this.http.json('api/v3/indexer', { signal }));
	}
	async downloadClients(signal?: AbortSignal): Promise<t.DownloadClientRecord[]> {
		return readDownloadClients('/downloadclient', await this.http.json('api/v3/downloadclient', { signal }));
	}
	async delayProfiles(signal?: AbortSignal): Promise<t.DelayProfileRecord[]> {
		return readDelayProfiles('/delayprofile', await this.http.json('api/v3/delayprofile', { signal }));
	}
	async rootFolders(signal?: AbortSignal): Promise<t.LabelRecord[]> {
		return readFolders('/rootfolder', await this.http.json('api/v3/rootfolder', { signal }));
	}

	async queue(signal?: AbortSignal): Promise<t.QueueRecord[]> {
		const rows = new Map<number, t.QueueRecord>();
		for (let page = 1; ; page += 1) {
			const path =
				`api/v3/queue?page=${page}&pageSize=${QUEUE_PAGE}&sortKey=timeleft&sortDirection=ascending` +
				'&includeUnknownSeriesItems=true&includeUnknownMovieItems=true';
			const read = readQueuePage('/queue', await this.http.json(path, { signal }));
			for (const row of read.records) rows.set(row.arrId, row);
			// past its end the queue repeats an earlier page (arr §10.3)
			if (read.page !== page || page * QUEUE_PAGE >= read.totalRecords) return [...rows.values()];
		}
	}

	historySince(date: Date, signal?: AbortSignal): t.ListReading<t.HistoryRecord> {
		const path = `api/v3/history/since?date=${encodeURIComponent(date.toISOString())}`;
		return this.list(path, (raw) => readHistory(this.history, raw), { lane: 'list', signal });
	}

	/** Unreadable rows are left out. */
	async historyPage(page: number, pageSize: number, signal?: AbortSignal): Promise<t.HistoryRecord[]> {
		const path = `api/v3/history?page=${page}&pageSize=${pageSize}&sortKey=date&sortDirection=descending`;
		const body = await this.http.json(path, { signal });
		const records = isRaw(body) ? body['records'] : undefined;
		if (!Array.isArray(records)) {
			const message = 'A record of /history has an unexpected form: "records" is not a list.';
			throw new ArrError('bad_record', { endpoint: '/history', field: 'records', message });
		}
		return this.historyRows(records);
	}

	async historyOfItem(
		item: { seriesArrId: number; seasonNumber: number } | { movieArrId: number },
		signal?: AbortSignal,
	): Promise<t.HistoryRecord[]> {
		const path =
			'movieArrId' in item
				? `api/v3/history/movie?movieId=${item.movieArrId}&eventType=${GRABBED}`
				: `api/v3/history/series?seriesId=${item.seriesArrId}&seasonNumber=${item.seasonNumber}&eventType=${GRABBED}`;
		const body = (await this.orNull(() => this.http.json(path, { signal }))) ?? [];
		const rows = this.historyRows(Array.isArray(body) ? body : []);
		return rows
			.filter((row) => row.event === 'grabbed')
			.sort((a, b) => b.date.getTime() - a.date.getTime() || b.arrId - a.arrId);
	}

	private historyRows(records: unknown[]): t.HistoryRecord[] {
		return records.flatMap((raw) => {
			try {
				return isRaw(raw) ? [readOne('/history', () => readHistory(this.history, raw))] : [];
			} catch {
				return [];
			}
		});
	}

	async commands(signal?: AbortSignal): Promise<t.CommandRecord[]> {
		return readCommands('/command', await this.http.json('api/v3/command', { signal }));
	}

	async command(arrId: number, signal?: AbortSignal): Promise<t.CommandRead> {
		const path = `api/v3/command/${arrId}`;
		const answer = await this.askOwn(path, signal, isUnreadable);
		if (answer.status === 404) return { state: 'unknown' };
		if (answer.status === 500) return { state: 'unreadable' };
		return { state: 'found', command: readCommand('/command', parseJson(answer.text, path)) };
	}

	/**
	 * Sends one search, once. The error's `sent` is `no` if the application provably did nothing; `not_started` if it
	 * could not be begun within 5 s. An answer that cannot be read was sent (`unknown`).
	 */
	async search(command: t.SearchCommand, dispatchId: string, signal?: AbortSignal): Promise<t.CommandRecord> {
		const body = this.searchBody(command);
		const identity = this.http.userAgent(dispatchId.replace(/[^\x20-\x7e]/g, ''));
		const answer = await this.refusable(() =>
			this.http.ask('api/v3/command', {
				method: 'POST',
				lane: 'urgent',
				body,
				// newer applications hand back the second, old ones the first (arr §8.3)
				headers: { 'User-Agent': identity, UserAgent: identity },
				signal,
				beforeWrite: () => checkpoint('dispatch.before_write'),
				beginWithinMs: BEGIN_WITHIN,
			}),
		);
		return readCommand('/command', parseJson(answer.text, '/command'));
	}

	private async refusable(work: () => Promise<Answer>): Promise<Answer> {
		try {
			return await work();
		} catch (error) {
			if (!(error instanceof ArrError) || error.code !== 'bad_request') throw error;
			throw new ArrError('command_rejected', {
				status: error.status,
				endpoint: error.endpoint,
				cause: error,
			});
		}
	}

	/** A list read record by record. */
	protected list<T>(path: string, map: (raw: Raw) => T | null, call: Call, known?: string): t.ListReading<T> {
		const open = (givenUp?: AbortSignal): Promise<Body> =>
			this.http.stream(
				path,
				givenUp === undefined ? call : { ...call, signal: either(call.signal, givenUp) },
			);
		return new ListReader({ open, map, known });
	}

	/** One record by its id. */
	protected async byId<T>(path: string, map: (raw: Raw) => T, signal?: AbortSignal): Promise<t.Read<T>> {
		const answer = await this.askOwn(path, signal);
		if (answer.status === 404) return { found: false };
		const body = parseJson(answer.text, path);
		return { found: true, record: readOne(`/${path}`, () => map(isRaw(body) ? body : {})) };
	}

	/** A 404 is taken only from the application itself: another one's, whatever its body, throws (arr §3.5). */
	private async askOwn(
		path: string,
		signal?: AbortSignal,
		accept?: (answer: Answer) => boolean,
	): Promise<Answer> {
		const own = (one: Answer): boolean => one.status === 404 && one.headers.has('x-application-version');
		try {
			return await this.http.ask(path, { signal, accept: (one) => own(one) || accept?.(one) === true });
		} catch (error) {
			if (!(error instanceof ArrError) || error.code !== 'not_found') throw error;
			throw new ArrError('not_application', { status: 404, endpoint: error.endpoint, cause: error });
		}
	}

	protected notThisShape(): never {
		throw new ArrError('not_this_shape');
	}

	abstract listSeries(signal?: AbortSignal, known?: string): t.ListReading<t.SeriesRecord>;
	abstract getSeries(arrId: number, signal?: AbortSignal): Promise<t.Read<t.SeriesRecord>>;
	abstract listEpisodes(
		seriesArrId: number,
		signal?: AbortSignal,
		known?: string,
	): t.ListReading<t.EpisodeRecord>;
	abstract listEpisodeFiles(
		seriesArrId: number,
		signal?: AbortSignal,
		known?: string,
	): t.ListReading<t.FileRecord>;
	abstract getEpisode(
		arrId: number,
		signal?: AbortSignal,
	): Promise<t.Read<{ episode: t.EpisodeRecord; file: t.FileRecord | null; seriesMonitored: boolean }>>;
	abstract listMovies(signal?: AbortSignal, known?: string): t.ListReading<t.MovieRecord>;
	abstract listMovieIds(signal?: AbortSignal): Promise<number[] | null>;
	abstract getMovies(arrIds: number[], signal?: AbortSignal): t.ListReading<t.MovieRecord>;
	abstract getMovie(
		ref: { arrId: number; naturalKey: string },
		signal?: AbortSignal,
	): Promise<t.Read<t.MovieRecord>>;
	abstract listMovieFiles(movieArrIds: number[], signal?: AbortSignal): t.ListReading<t.FileRecord>;
}

/** Whisparr 2 and some Sonarr 4 fail to read their own ended commands (arr §8.6). */
function isUnreadable(answer: Answer): boolean {
	return answer.status === 500 && /error parsing column/i.test(messageOf(answer) ?? '');
}

const either = (one: AbortSignal | undefined, other: AbortSignal): AbortSignal =>
	one === undefined ? other : AbortSignal.any([one, other]);
