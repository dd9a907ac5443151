// What the tests of the fake share: one process per file, and short ways to send and wait.
import { afterAll, afterEach, beforeAll } from 'vitest';
import {
	startFakes,
	type FakeInstance,
	type Fakes,
	type Fate,
	type InstanceOptions,
	type Kind,
	type ReleaseSetup,
} from '../control.ts';
import type { JsonObject } from '../json.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A fake for the tests of one file. */
export function useFakes(): {
	readonly fakes: Fakes;
	create(options: InstanceOptions): Promise<FakeInstance>;
} {
	let fakes: Fakes | null = null;
	beforeAll(async () => {
		fakes = await startFakes();
	});
	// time passes for all instances: those of earlier tests would only cost it
	afterEach(async () => {
		for (const instance of (await fakes?.instances()) ?? []) await instance.remove();
	});
	afterAll(async () => {
		await fakes?.stop();
	});
	const get = () => {
		if (fakes === null) throw new Error('The fake has not started');
		return fakes;
	};
	return {
		get fakes() {
			return get();
		},
		create: (options) => get().create(options),
	};
}

export interface CommandJson extends JsonObject {
	id: number;
	status: string;
	message?: string;
	result?: string;
	exception?: string;
	clientUserAgent?: string;
	duration?: string;
	started?: string;
	ended?: string;
}

export async function send(instance: FakeInstance, body: object, userAgent?: string): Promise<CommandJson> {
	const headers: Record<string, string> = userAgent === undefined ? {} : { UserAgent: userAgent };
	const response = await instance.fetch('/api/v3/command', {
		method: 'POST',
		body: JSON.stringify(body),
		headers,
	});
	if (response.status !== 201)
		throw new Error(`The command was answered ${response.status}: ${await response.text()}`);
	return (await response.json()) as CommandJson;
}

export function read(instance: FakeInstance, id: number): Promise<CommandJson> {
	return instance.get<CommandJson>(`/api/v3/command/${id}`);
}

/** Sends a command and lets time pass until it has ended; gives it as it is then, with every message seen. */
export async function run(
	fakes: Fakes,
	instance: FakeInstance,
	body: object,
	step = 250,
): Promise<CommandJson & { seen: string[] }> {
	const { id } = await send(instance, body);
	const seen: string[] = [];
	for (let waited = 0; waited < 10 * MINUTE; waited += step) {
		await fakes.clock.advance(step);
		const command = await read(instance, id);
		if (command.message !== undefined && seen.at(-1) !== command.message) seen.push(command.message);
		if (command.status !== 'started' && command.status !== 'queued') return { ...command, seen };
	}
	throw new Error(`Command ${id} does not end`);
}

export async function status(instance: FakeInstance, path: string, init: RequestInit = {}): Promise<number> {
	const response = await instance.fetch(path, init);
	await response.arrayBuffer();
	return response.status;
}

export interface EpisodeJson extends JsonObject {
	id: number;
	seriesId: number;
	seasonNumber: number;
	episodeNumber: number;
	episodeFileId: number;
	hasFile: boolean;
	monitored: boolean;
	title: string;
	lastSearchTime?: string;
	airDateUtc?: string;
	releaseDate?: string;
}

/** Missing, monitored, aired episodes of a series, in the order of their numbers. */
export async function missing(instance: FakeInstance, seriesId = 1, season?: number): Promise<EpisodeJson[]> {
	const truth = await instance.truth({ specials: true, graceMs: 0 });
	const ids = truth.items.filter((one) => one.gap && one.seriesId === seriesId).map((one) => one.arrId);
	const all = await instance.get<EpisodeJson[]>(`/api/v3/episode?seriesId=${seriesId}`);
	return all
		.filter(
			(one) =>
				ids.includes(one.id) && (season === undefined ? one.seasonNumber > 0 : one.seasonNumber === season),
		)
		.sort((a, b) => a.id - b.id);
}

export function first<T>(values: readonly T[]): T {
	const value = values[0];
	if (value === undefined) throw new Error('Nothing there');
	return value;
}

export function health(
	instance: FakeInstance,
): Promise<{ source: string; type: string; wikiUrl: string; message: string }[]> {
	return instance.get('/api/v3/health');
}

export async function sources(instance: FakeInstance): Promise<string[]> {
	return (await health(instance)).map((entry) => `${entry.source} ${entry.type}`);
}

export interface QueueRow extends JsonObject {
	id: number;
	status: string;
	title: string;
	downloadId?: string;
	trackedDownloadState?: string;
	trackedDownloadStatus?: string;
}

export async function queue(instance: FakeInstance): Promise<QueueRow[]> {
	return (await instance.get<{ records: QueueRow[] }>('/api/v3/queue?pageSize=100')).records;
}

export interface HistoryJson extends JsonObject {
	id: number;
	eventType: string;
	date: string;
	sourceTitle: string;
	downloadId?: string;
	data: Record<string, string | null>;
}

export function history(instance: FakeInstance): Promise<HistoryJson[]> {
	return instance.get('/api/v3/history/since?date=2020-01-01T00:00:00Z');
}

export async function searchedAt(instance: FakeInstance, episodeId: number): Promise<number | null> {
	const snapshot = await instance.snapshot();
	const episodes = snapshot.series.flatMap((series) => series.episodes);
	return episodes.find((one) => one.id === episodeId)?.searched ?? null;
}

export async function units(instance: FakeInstance): Promise<number[]> {
	return (await instance.indexerSearches()).map((report) => report.units);
}

/** Raw search requests that the first indexer got. */
export async function asked(instance: FakeInstance): Promise<number> {
	return first(await instance.indexerSearches()).requests.filter((request) => request.kind === 'search')
		.length;
}

/** Grabs something by a search and gives the command. */
export async function grabOne(
	fakes: Fakes,
	arr: FakeInstance,
	kind: Kind,
	release: ReleaseSetup & { fate?: Fate } = {},
	id?: number,
) {
	const isMovie = kind.startsWith('radarr') || kind === 'whisparr3';
	const chosen = id ?? (isMovie ? 1 : kind === 'whisparr2' ? 3 : first(await missing(arr)).id);
	await arr.script(isMovie ? { movieId: chosen } : { episodeId: chosen }, { kind: 'grab', release });
	const body = isMovie
		? { name: 'MoviesSearch', movieIds: [chosen] }
		: { name: 'EpisodeSearch', episodeIds: [chosen] };
	return { command: await run(fakes, arr, body), id: chosen };
}
