// An application in memory, behind the same interface as the real clients: for tests of what sync makes of answers.
import { ArrError } from '../../../src/lib/server/connectors';
import type * as t from '../../../src/lib/server/connectors/common/types';

const CAPABILITIES: t.Capabilities = {
	lastSearchTime: true,
	releaseSource: true,
	commandIdentity: 'UserAgent',
	wantedTotals: true,
	endedCommandsReadable: true,
	durationProof: false,
	lastSearchTimeWeak: false,
	movieFilesByManyIds: true,
	sameQualityAboveCutoff: true,
	dropsWhileClientAway: true,
};

/** A library that tests change by hand, and the ways in which it can answer badly. */
export class MemoryArr implements t.ArrClient {
	readonly kind: t.Instance['kind'];
	requestCount = 0;
	/** Every request by name, in order. */
	readonly asked: string[] = [];
	/** How many records of a list were given out so far, by its name. */
	readonly given = new Map<string, number>();
	series: t.SeriesRecord[] = [];
	episodes: t.EpisodeRecord[] = [];
	files: t.FileRecord[] = [];
	movies: t.MovieRecord[] = [];
	profiles: t.QualityProfileRecord[] = [aProfile()];
	rows: t.HistoryRecord[] = [];
	tagRows: t.LabelRecord[] = [];
	healthRows: t.HealthIssue[] = [];
	queueRows: t.QueueRecord[] = [];
	fingerprint: Record<string, string> = { appData: '/config' };
	/** Records that cannot be read, by list name and arr id. */
	readonly broken = new Map<string, Set<number>>();
	/** Called before each request; may throw. */
	before: (name: string) => void = () => undefined;
	/** Records an answer leaves out although they exist. */
	hide: (name: string, arrId: number) => boolean = () => false;
	/** Lists ids first, as Whisparr 3 does. */
	readonly byIds: boolean;

	constructor(
		private readonly shape: t.Instance['shape'],
		private readonly now: () => Date,
		{ kind, byIds = false }: { kind?: t.Instance['kind']; byIds?: boolean } = {},
	) {
		this.kind = kind ?? (shape === 'series' ? 'sonarr' : 'radarr');
		this.byIds = byIds;
	}

	private ask(name: string): void {
		this.requestCount++;
		this.asked.push(name);
		this.before(name);
	}
	private list<T extends { arrId: number }>(name: string, rows: () => T[], known?: string): t.ListReading<T> {
		const summary: t.ListSummary = { whole: false, count: 0, unreadable: 0, bytes: 0 };
		return { [Symbol.asyncIterator]: () => this.read(name, rows, summary, known), summary: () => summary };
	}
	private async *read<T extends { arrId: number }>(
		name: string,
		rows: () => T[],
		summary: t.ListSummary,
		known: string | undefined,
	): AsyncGenerator<readonly t.ListItem<T>[]> {
		this.ask(name);
		const shown = rows().filter((row) => !this.hide(name, row.arrId));
		const broken = this.broken.get(name);
		summary.digest = Bun.hash(JSON.stringify([shown, [...(broken ?? [])]])).toString(36);
		summary.unchanged = summary.digest === known;
		for (const record of summary.unchanged ? [] : shown) {
			summary.count++;
			this.given.set(name, (this.given.get(name) ?? 0) + 1);
			const bad = broken?.has(record.arrId) ?? false;
			yield [bad ? { ok: false, arrId: record.arrId, problem: 'title is no text' } : { ok: true, record }];
		}
		summary.whole = true;
	}

	async status(): Promise<t.Instance> {
		this.ask('status');
		return {
			application: { sonarr: 'Sonarr', radarr: 'Radarr', whisparr: 'Whisparr' }[this.kind],
			kind: this.kind,
			shape: this.shape,
			version: '4.0.0.0',
			major: 4,
			instanceName: 'memory',
			databaseType: 'sqLite',
			authentication: 'forms',
			urlBase: '',
			startTime: new Date(0),
			now: this.now(),
			fingerprint: this.fingerprint,
			capabilities: CAPABILITIES,
			notices: [],
		};
	}
	async wantedTotals() {
		this.ask('wanted');
		return { missing: 0, cutoffUnmet: 0 };
	}
	async health() {
		this.ask('health');
		return this.healthRows;
	}
	async qualityProfiles() {
		this.ask('profiles');
		return this.profiles;
	}
	async customFormats() {
		this.ask('customFormats');
		return [];
	}
	async tags() {
		this.ask('tags');
		return this.tagRows;
	}
	async indexers() {
		this.ask('indexers');
		return [];
	}
	async downloadClients() {
		this.ask('downloadClients');
		return [];
	}
	async delayProfiles() {
		this.ask('delayProfiles');
		return [];
	}
	async rootFolders() {
		this.ask('rootFolders');
		return [];
	}
	async queue() {
		this.ask('queue');
		return this.queueRows;
	}
	historySince(date: Date) {
		return this.list('history', () => this.rows.filter((row) => row.date >= date));
	}
	async historyPage(page: number, size: number) {
		this.ask('historyPage');
		const rows = [...this.rows].sort((a, b) => b.date.getTime() - a.date.getTime());
		return rows.slice((page - 1) * size, page * size);
	}
	async historyOfItem() {
		return [];
	}
	async commands() {
		return [];
	}
	async command(): Promise<t.CommandRead> {
		return { state: 'unknown' };
	}
	async search(): Promise<t.CommandRecord> {
		throw new ArrError('command_rejected');
	}
	listSeries(_signal?: AbortSignal, known?: string) {
		const rows = () => this.series.map((one) => ({ ...one, seasons: this.seasons(one) }));
		return this.list('series', rows, known);
	}
	async getSeries(arrId: number): Promise<t.Read<t.SeriesRecord>> {
		this.ask('series/id');
		const record = this.series.find((one) => one.arrId === arrId);
		return record === undefined
			? { found: false }
			: { found: true, record: { ...record, seasons: this.seasons(record) } };
	}
	listEpisodes(arrId: number) {
		return this.list('episodes', () => this.episodes.filter((one) => one.seriesArrId === arrId));
	}
	listEpisodeFiles(arrId: number) {
		return this.list('files', () => this.files.filter((one) => one.ownerArrId === arrId));
	}
	async getEpisode(arrId: number) {
		this.ask('episode/id');
		const episode = this.episodes.find((one) => one.arrId === arrId);
		if (episode === undefined) return { found: false as const };
		const file = this.files.find((one) => one.arrId === episode.fileArrId) ?? null;
		return { found: true as const, record: { episode, file, seriesMonitored: true } };
	}
	listMovies(_signal?: AbortSignal, known?: string) {
		return this.list('movies', () => this.movies, known);
	}
	async listMovieIds() {
		if (!this.byIds) return null;
		this.ask('movieIds');
		return this.movies.map((movie) => movie.arrId).filter((id) => !this.hide('movieIds', id));
	}
	getMovies(arrIds: number[]) {
		if (arrIds.length === 0) return { ...this.list('none', () => []), [Symbol.asyncIterator]: noMovies };
		return this.list('bulk', () => this.movies.filter((movie) => arrIds.includes(movie.arrId)));
	}
	async getMovie({ arrId }: { arrId: number }): Promise<t.Read<t.MovieRecord>> {
		this.ask('movie/id');
		const record = this.movies.find((one) => one.arrId === arrId);
		return record === undefined ? { found: false } : { found: true, record };
	}
	listMovieFiles(arrIds: number[]) {
		return this.list('movieFiles', () => this.files.filter((file) => arrIds.includes(file.ownerArrId)));
	}

	/** The aggregates an application shows (arr §4.2). */
	private seasons(series: t.SeriesRecord): t.SeasonAggregate[] {
		const now = this.now().getTime();
		return series.seasons.map((season) => {
			const own = this.episodes.filter(
				(e) => e.seriesArrId === series.arrId && e.seasonNumber === season.number,
			);
			const airs = own.filter((e) => e.monitored).flatMap((e) => e.airDateUtc?.getTime() ?? []);
			const next = airs.filter((at) => at >= now);
			const previous = airs.filter((at) => at < now);
			const fileIds = new Set(own.map((e) => e.fileArrId));
			return {
				...season,
				totalEpisodeCount: own.length,
				episodeFileCount: own.filter((e) => e.fileArrId !== 0).length,
				episodeCount: own.filter(
					(e) => e.fileArrId !== 0 || (e.monitored && e.airDateUtc !== null && e.airDateUtc.getTime() <= now),
				).length,
				sizeOnDisk: this.files.filter((f) => fileIds.has(f.arrId)).reduce((sum, f) => sum + f.size, 0),
				nextAiring: next.length === 0 ? null : new Date(Math.min(...next)),
				previousAiring: previous.length === 0 ? null : new Date(Math.max(...previous)),
			};
		});
	}
}

async function* noMovies(): AsyncGenerator<readonly t.ListItem<t.MovieRecord>[]> {
	// nothing was asked for
}

export function aProfile(over: Partial<t.QualityProfileRecord> = {}): t.QualityProfileRecord {
	return {
		arrId: 1,
		name: 'HD',
		upgradeAllowed: true,
		minFormatScore: 0,
		cutoffFormatScore: 100,
		minUpgradeFormatScore: 1,
		qualities: [
			{ id: 1, name: 'SDTV', rank: 0, allowed: false },
			{ id: 4, name: 'HDTV-720p', rank: 1, allowed: true },
			{ id: 3, name: 'WEBDL-1080p', rank: 2, allowed: true },
			{ id: 7, name: 'Bluray-1080p', rank: 3, allowed: true },
		],
		effectiveCutoffRank: 2,
		cutoffRank: 2,
		cutoffName: 'WEBDL-1080p',
		formatsHash: 'a',
		...over,
	};
}

export function aSeries(arrId: number, over: Partial<t.SeriesRecord> = {}): t.SeriesRecord {
	return {
		arrId,
		tvdbId: 1000 + arrId,
		title: `Series ${String(arrId)}`,
		sortTitle: `series ${String(arrId).padStart(5, '0')}`,
		titleSlug: `series-${String(arrId)}`,
		status: 'continuing',
		monitored: true,
		seriesType: 'standard',
		qualityProfileArrId: 1,
		rootFolder: '/tv',
		tags: [],
		runtime: 30,
		year: 2020,
		network: null,
		added: new Date('2020-01-01T00:00:00Z'),
		seasons: [aSeason(1)],
		...over,
	};
}

export const aSeason = (number: number, monitored = true): t.SeasonAggregate => ({
	number,
	monitored,
	episodeFileCount: 0,
	episodeCount: 0,
	totalEpisodeCount: 0,
	sizeOnDisk: 0,
	nextAiring: null,
	previousAiring: null,
});

export function anEpisode(
	arrId: number,
	seriesArrId: number,
	number: number,
	over: Partial<t.EpisodeRecord> = {},
): t.EpisodeRecord {
	const season = over.seasonNumber ?? 1;
	return {
		arrId,
		seriesArrId,
		naturalKey: `${String(season)}x${String(number)}`,
		tvdbId: 100_000 + arrId,
		seasonNumber: season,
		episodeNumber: number,
		absoluteNumber: null,
		title: `Episode ${String(number)}`,
		airDateUtc: new Date('2026-01-01T20:00:00Z'),
		airDate: '2026-01-01',
		monitored: true,
		fileArrId: 0,
		lastSearchTime: null,
		finaleType: null,
		runtime: 0,
		...over,
	};
}

export function aFile(arrId: number, ownerArrId: number, over: Partial<t.FileRecord> = {}): t.FileRecord {
	return {
		arrId,
		ownerArrId,
		qualityId: 3,
		qualityName: 'WEBDL-1080p',
		revisionVersion: 1,
		revisionReal: 0,
		formatScore: 100,
		cutoffNotMet: false,
		size: 1_000_000_000 + arrId,
		dateAdded: new Date('2026-01-02T00:00:00Z'),
		releaseGroup: 'GRP',
		sceneName: null,
		...over,
	};
}

export function aMovie(arrId: number, over: Partial<t.MovieRecord> = {}): t.MovieRecord {
	return {
		arrId,
		naturalKey: `tmdb:${String(arrId + 500)}`,
		tmdbId: arrId + 500,
		stashId: null,
		itemType: 'movie',
		title: `Movie ${String(arrId)}`,
		sortTitle: `movie ${String(arrId)}`,
		titleSlug: String(arrId + 500),
		year: 2020,
		status: 'released',
		monitored: true,
		isAvailable: true,
		releaseDate: new Date('2020-05-01T00:00:00Z'),
		studio: null,
		qualityProfileArrId: 1,
		rootFolder: '/movies',
		tags: [],
		runtime: 100,
		fileArrId: 0,
		file: null,
		lastSearchTime: null,
		added: new Date('2020-01-01T00:00:00Z'),
		notSearchable: null,
		...over,
	};
}

/** A series with `count` aired episodes, every second with a file. */
export function addSeries(arr: MemoryArr, arrId: number, count: number): void {
	arr.series.push(aSeries(arrId));
	for (let number = 1; number <= count; number++) {
		const id = arrId * 1000 + number;
		const withFile = number % 2 === 0;
		arr.episodes.push(anEpisode(id, arrId, number, { fileArrId: withFile ? id : 0 }));
		if (withFile) arr.files.push(aFile(id, arrId));
	}
}

export function aHistoryRow(arrId: number, over: Partial<t.HistoryRecord>): t.HistoryRecord {
	return {
		arrId,
		itemArrId: 0,
		seriesArrId: null,
		event: 'imported',
		date: new Date(0),
		sourceTitle: 'a.release',
		downloadId: null,
		releaseSource: null,
		qualityId: 3,
		qualityName: 'WEBDL-1080p',
		formatScore: 0,
		indexer: null,
		downloadClient: null,
		reason: null,
		fileArrId: null,
		releaseGroup: null,
		size: null,
		...over,
	};
}
