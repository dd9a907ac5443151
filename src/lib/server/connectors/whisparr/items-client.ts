/** Whisparr 3: movies and scenes, in libraries too large for one list (arr §4.6). */
import type { Answer } from '../common/answers';
import { ArrError } from '../common/errors';
import { isRaw } from '../common/fields';
import type { Raw } from '../common/fields';
import { parseJson } from '../common/http';
import { MoviesClient } from '../common/movies-client';
import { ListReader, chained } from '../common/reading';
import { readIds } from '../common/resources';
import { parse, readOne } from '../common/schema';
import type { ListReading, MovieRecord, Read, SearchCommand } from '../common/types';
import { itemSearch } from './commands';
import { FOREIGN, readItem } from './mapper';
import { searchOptions, studioName } from './types';
import type { SceneSearch } from './types';

/** Ids in one `POST /movie/bulk` (arr §4.6: more cost no less per record). */
const BULK = 1000;
/** How long studios and search options are believed. Real milliseconds. */
const STUDIOS_LIFE = 10 * 60_000;

export class WhisparrItemsClient extends MoviesClient {
	private known: { search: Promise<SceneSearch>; at: number } | null = null;

	/** All ids, then their records in bulk: the plain list is 3 KB an item and takes minutes (arr §19). */
	override listMovies(signal?: AbortSignal): ListReading<MovieRecord> {
		return chained(() => this.chunks(() => this.listMovieIds(signal), signal));
	}

	override async listMovieIds(signal?: AbortSignal): Promise<number[]> {
		return readIds('/movie/list', await this.http.json('api/v3/movie/list', { lane: 'list', signal }));
	}

	override getMovies(arrIds: number[], signal?: AbortSignal): ListReading<MovieRecord> {
		return chained(() => this.chunks(async () => arrIds, signal));
	}

	private async *chunks(
		ids: () => Promise<number[]>,
		signal?: AbortSignal,
	): AsyncGenerator<ListReading<MovieRecord>> {
		const all = await ids();
		if (all.length === 0) return;
		const search = await this.sceneSearch(signal);
		for (let from = 0; from < all.length; from += BULK)
			yield this.bulk(all.slice(from, from + BULK), search, signal);
	}

	private bulk(ids: number[], search: SceneSearch, signal?: AbortSignal): ListReading<MovieRecord> {
		return this.list('api/v3/movie/bulk', (raw) => readItem(raw, search), {
			// a read, whatever its method
			method: 'POST',
			retry: true,
			lane: 'list',
			body: ids,
			signal,
		});
	}

	/**
	 * By its foreign id, which is what `stashId` looks for, whatever it names: a movie may have a Stash id beside it and
	 * is not found by that one. Reads by id may come from the application's cache (arr §4.6).
	 */
	override async getMovie(
		{ arrId, naturalKey }: { arrId: number; naturalKey: string },
		signal?: AbortSignal,
	): Promise<Read<MovieRecord>> {
		const foreignId = encodeURIComponent(naturalKey.slice(FOREIGN.length));
		return this.firstOf(await this.http.ask(`api/v3/movie?stashId=${foreignId}`, { signal }), arrId, signal);
	}

	private async firstOf(answer: Answer, arrId: number, signal?: AbortSignal): Promise<Read<MovieRecord>> {
		const body = parseJson(answer.text, '/movie');
		const found: Raw[] = Array.isArray(body) ? body.filter(isRaw) : [];
		const raw = found.find((one) => one['id'] === arrId) ?? found[0];
		if (raw === undefined) {
			if (!Array.isArray(body)) throw new ArrError('bad_json', { endpoint: '/movie' });
			if (!answer.headers.has('x-application-version'))
				throw new ArrError('not_application', { endpoint: '/movie' });
			return { found: false };
		}
		const search = await this.sceneSearch(signal);
		return { found: true, record: readOne('/movie', () => readItem(raw, search)) };
	}

	/** Studios and options, kept for a while; asked again after a failure. */
	private sceneSearch(signal?: AbortSignal): Promise<SceneSearch> {
		const now = performance.now();
		if (this.known === null || now - this.known.at > STUDIOS_LIFE) {
			const search = this.readSceneSearch(signal);
			this.known = { search, at: now };
			search.catch(() => {
				this.known = null;
			});
		}
		return this.known.search;
	}

	private async readSceneSearch(signal?: AbortSignal): Promise<SceneSearch> {
		const body = await this.http.json('api/v3/config/indexer', { signal });
		const options = parse('/config/indexer', searchOptions, body);
		const byTitle = options.searchTitleOnly || options.searchTitleDate;
		const always = options.searchStudioDate || options.searchStudioTitle;
		const byStudio = always ? 'always' : options.searchStudioCode ? 'with_code' : 'never';
		return { byTitle, byStudio, studios: await this.studios(signal) };
	}

	/** All names by which Whisparr knows its studios. */
	private async studios(signal?: AbortSignal): Promise<Set<string>> {
		const open = () => this.http.stream('api/v3/studio', { signal });
		const studios = new ListReader<string[]>({ open, map: namesOf });
		const found = new Set<string>();
		for await (const page of studios)
			for (const studio of page) if (studio.ok) for (const name of studio.record) found.add(name);
		return found;
	}

	protected override searchBody(command: SearchCommand): Record<string, unknown> {
		return itemSearch(command);
	}
}

/** Unreadable names are left out. */
function namesOf(raw: Raw): string[] {
	const aliases: unknown[] = Array.isArray(raw['aliases']) ? raw['aliases'] : [];
	return [raw['title'], raw['searchTitle'], ...aliases].flatMap((name) =>
		typeof name === 'string' && studioName(name) !== '' ? [studioName(name)] : [],
	);
}
