// The typed client of the control server: what tests, the simulation and the demo use.
//
//   const fakes = await startFakes();
//   const sonarr = await fakes.create({ kind: 'sonarr4', library: { preset: 'tiny' } });
//   await fakes.clock.advance(60_000);
//   await fakes.stop();
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type * as C from './control/contract.ts';

export type * from './control/contract.ts';

export interface FakesOptions {
	/** First moment of virtual time, ISO 8601 or milliseconds. */
	start?: string | number;
	port?: number;
	/** Let the fake's own messages through (default: only when something fails in it). */
	verbose?: boolean;
}

type Item = { seriesId?: number; season?: number; episodeId?: number; movieId?: number };

class Remote {
	constructor(readonly address: string) {}

	async call<T>(method: string, params: object = {}, instance?: string): Promise<T> {
		const body = JSON.stringify({ method, instance, params });
		const response = await fetch(`${this.address}/rpc`, { method: 'POST', body });
		const answer = (await response.json()) as { result?: T; error?: string };
		if (answer.error !== undefined) throw new Error(`The fake said: ${answer.error}`);
		return answer.result as T;
	}
}

export class FakeClock {
	constructor(private readonly remote: Remote) {}

	async now(): Promise<number> {
		return (await this.state()).now;
	}

	state(): Promise<{ now: number; mode: 'manual' | 'real' | 'scaled'; pending: number }> {
		return this.remote.call('now');
	}

	/** Moves manual time to `time`; everything due on the way has happened when this resolves. */
	set(time: number): Promise<number> {
		return this.remote.call('set', { time });
	}

	advance(ms: number): Promise<number> {
		return this.remote.call('advance', { ms });
	}

	/** 0: manual; 1: real; anything else: that many times as fast. `time` moves it forward first. */
	rate(rate: number, time?: number): Promise<number> {
		return this.remote.call('rate', time === undefined ? { rate } : { rate, time });
	}
}

export class FakeInstance {
	readonly id: string;
	readonly kind: C.Kind;
	readonly url: string;
	readonly apiKey: string;
	readonly port: number;

	constructor(
		private readonly remote: Remote,
		info: C.InstanceInfo,
	) {
		this.id = info.id;
		this.kind = info.kind;
		this.url = info.url;
		this.apiKey = info.apiKey;
		this.port = info.port;
	}

	/** A request to its API with the right key. */
	fetch(path: string, init: RequestInit = {}): Promise<Response> {
		const headers = new Headers(init.headers);
		if (!headers.has('x-api-key')) headers.set('x-api-key', this.apiKey);
		if (init.body !== undefined && !headers.has('content-type'))
			headers.set('content-type', 'application/json');
		return fetch(`${this.url}${path}`, { redirect: 'manual', ...init, headers });
	}

	async get<T>(path: string): Promise<T> {
		const response = await this.fetch(path);
		if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
		return (await response.json()) as T;
	}

	requests = () => this.call<C.RequestLog[]>('requests');
	/** Clears the requests and the received commands. */
	clearRequests = () => this.tell('clearRequests');
	commandsReceived = () => this.call<C.ReceivedCommand[]>('commandsReceived');
	commands = () => this.call<{ id: number; name: string; status: string }[]>('commands');
	indexerSearches = () => this.call<C.IndexerReport[]>('indexerSearches');
	clearIndexerSearches = () => this.tell('clearIndexerSearches');
	deliveries = () => this.call<C.WebhookDelivery[]>('deliveries');

	/** What searches for the item find from now on; null removes the script. */
	script = (item: C.ItemRef, outcome: C.Outcome | null, options: C.ScriptOptions = {}) =>
		this.tell('script', { item, outcome, ...options });
	clearScripts = () => this.tell('clearScripts');
	setSearchDefault = (value: C.SearchDefault) => this.tell('searchDefault', { value });
	/** Changes options that may change while it runs (`seed`, `kind` and `library` may not). */
	setOptions = (values: Partial<C.InstanceOptions>) => this.tell('option', { values });

	addIndexer = (setup: C.IndexerSetup) => this.call<number>('addIndexer', setup);
	setIndexer = (id: number, setup: C.IndexerSetup) => this.tell('setIndexer', { id, setup });
	removeIndexer = (id: number) => this.tell('removeIndexer', { id });
	addDownloadClient = (setup: C.DownloadClientSetup) => this.call<number>('addDownloadClient', setup);
	setDownloadClient = (id: number, setup: C.DownloadClientSetup) =>
		this.tell('setDownloadClient', { id, setup });
	setDownload = (id: string, change: C.DownloadChange) => this.tell('setDownload', { id, change });
	addDelayProfile = (setup: C.DelayProfileSetup) => this.tell('addDelayProfile', setup);

	/** Connections are refused for `downMs` of virtual time, then it answers again. */
	restart = (options: C.RestartOptions = {}) => this.tell('restart', options);
	/** Stops listening until `startAgain`. */
	stop = () => this.tell('stop');
	startAgain = (options: C.RestartOptions = {}) => this.tell('start', options);
	/** Another instance answers at this address from now on (same key and base unless given). */
	swapInstance = (options: C.InstanceOptions) => this.call<C.InstanceInfo>('swap', options);
	remove = () => this.tell('remove');

	fault = (setup: C.FaultSetup) => this.call<number>('fault', setup);
	clearFaults = (id?: number) => this.tell('clearFaults', id === undefined ? {} : { id });
	/** Keeps matching requests waiting; gives the hold's id. */
	hold = (setup: C.HoldSetup | string) =>
		this.call<number>('hold', typeof setup === 'string' ? { path: setup } : setup);
	/** True when `count` requests wait at the hold. */
	waitHeld = (id: number, count = 1, timeoutMs = 10_000) =>
		this.call<boolean>('waitHeld', { id, count, timeoutMs });
	/** Answers what waits, or cuts the connections with `drop`. */
	release = (id: number, options: { drop?: boolean } = {}) =>
		this.call<number>('release', { id, ...options });

	setMonitored = (item: Item, monitored: boolean) => this.tell('setMonitored', { item, monitored });
	addSeries = (setup: C.NewSeries) => this.call<number>('addSeries', setup);
	addEpisode = (setup: C.NewEpisode) => this.call<number>('addEpisode', setup);
	addMovie = (setup: C.NewMovie) => this.call<number>('addMovie', setup);
	deleteSeries = (id: number) => this.tell('deleteSeries', { id });
	deleteMovie = (id: number) => this.tell('deleteMovie', { id });
	deleteSeason = (seriesId: number, season: number) => this.tell('deleteSeason', { seriesId, season });
	deleteEpisode = (id: number) => this.tell('deleteEpisode', { id });
	deleteFile = (id: number, reason: 'Manual' | 'MissingFromDisk' = 'Manual') =>
		this.tell('deleteFile', { id, reason });
	changeProfile = (change: C.ProfileChange) => this.tell('changeProfile', change);
	assignProfile = (item: Item, profile: string) => this.tell('assignProfile', { item, profile });
	editTags = (item: Item, labels: string[]) => this.tell('editTags', { item, labels });
	/** Gives the episode an air date (now unless given). */
	airEpisode = (id: number, at?: number | null) => this.tell('airEpisode', { id, at });
	/** Changes facts of an item in the fake's own words (see `state/model.ts`). */
	edit = (item: Item, change: object) => this.tell('edit', { item, change });
	/** The episode goes on under a new id. */
	renumber = (episodeId: number) => this.call<number>('renumber', { id: episodeId });
	rssGrab = (item: Item) => this.call<'grabbed' | 'parked' | 'dropped'>('rssGrab', { item });
	interactiveGrab = (item: Item) => this.call<'grabbed' | 'parked' | 'dropped'>('interactiveGrab', { item });
	otherToolSearch = (name: string, body: object, userAgent?: string) =>
		this.call<{ commandId: number; merged: boolean }>('otherToolSearch', { name, body, userAgent });
	/** Virtual seconds every webhook receiver takes. */
	slowWebhooks = (seconds: number) => this.tell('slowWebhooks', { seconds });
	lockDatabase = (locked: boolean) => this.tell('lockDatabase', { locked });

	snapshot = () => this.call<C.Snapshot>('snapshot');
	truth = (options: C.TruthOptions = {}) => this.call<C.Truth>('truth', options);
	allowedNow = (item: C.ItemRef) => this.call<C.Allowed>('allowedNow', { item });

	private async tell(method: string, params: object = {}): Promise<void> {
		await this.call<unknown>(method, params);
	}

	private call<T>(method: string, params: object = {}): Promise<T> {
		return this.remote.call<T>(method, params, this.id);
	}
}

export class Fakes {
	readonly clock: FakeClock;

	constructor(
		readonly control: string,
		private readonly remote: Remote,
		private readonly child: ChildProcess | null,
	) {
		this.clock = new FakeClock(remote);
	}

	async create(options: C.InstanceOptions): Promise<FakeInstance> {
		return new FakeInstance(this.remote, await this.remote.call<C.InstanceInfo>('create', options));
	}

	/** Instances that exist already, for a client that joins a running fake. */
	async instances(): Promise<FakeInstance[]> {
		const known = await this.remote.call<C.InstanceInfo[]>('list');
		return known.map((info) => new FakeInstance(this.remote, info));
	}

	/** Process id of the fakes; undefined for a client that joined. */
	get pid(): number | undefined {
		return this.child?.pid;
	}

	/** Ends the fakes' process, however it is; a client that joined leaves it running. */
	async stop(): Promise<void> {
		const { child } = this;
		if (child === null || child.exitCode !== null || child.signalCode !== null) return;
		const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
		child.stdin?.end();
		child.kill();
		await ended;
	}
}

/** Starts the fake in its own process; it ends with this one. */
export async function startFakes(options: FakesOptions = {}): Promise<Fakes> {
	const main = fileURLToPath(new URL('./main.ts', import.meta.url));
	const args = ['--max-http-header-size=65536', main, '--port', String(options.port ?? 0)];
	if (options.start !== undefined) args.push('--start', new Date(options.start).toISOString());
	const child = spawn(bunPath(), args, { stdio: ['pipe', 'pipe', 'pipe'] });
	let trouble = '';
	child.stderr.on('data', (chunk: Buffer) => {
		trouble += chunk.toString('utf8');
		if (options.verbose !== false) process.stderr.write(chunk);
	});
	const control = await new Promise<string>((resolve, reject) => {
		createInterface({ input: child.stdout }).once('line', (line) => {
			resolve((JSON.parse(line) as { control: string }).control);
		});
		child.once('exit', (code) => reject(new Error(`The fake ended with ${code}: ${trouble}`)));
	});
	return new Fakes(control, new Remote(control), child);
}

/** Joins a fake that runs already. */
export function joinFakes(control: string): Fakes {
	return new Fakes(control, new Remote(control), null);
}

function bunPath(): string {
	if ('bun' in process.versions) return process.execPath;
	return fileURLToPath(new URL('../../../node_modules/.bin/bun', import.meta.url));
}
