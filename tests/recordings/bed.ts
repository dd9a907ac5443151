// The fakes' process that a kind is replayed against, and what the rig asks of its control server.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type {
	DownloadClientSetup,
	IndexerSetup,
	InstanceInfo,
	InstanceOptions,
	ItemRef,
	Outcome,
	ReleaseSetup,
} from '../fakes/arr/control/contract';
import type { Kind } from './load';

const main = join(import.meta.dirname, '..', 'fakes', 'arr', 'main.ts');
/** A little after the day on which most was recorded began. */
const start = '2026-11-21T08:00:00Z';

export class Bed {
	private constructor(
		private readonly process: ChildProcess,
		private readonly control: string,
	) {}

	static async open(): Promise<Bed> {
		const child = spawn(process.execPath, [main, '--start', start], {
			stdio: ['pipe', 'pipe', 'inherit'],
		});
		const control = await new Promise<string>((resolve, reject) => {
			child.once('exit', (code) => reject(new Error(`The fake ended with ${code}`)));
			createInterface({ input: child.stdout }).once('line', (line) => {
				resolve((JSON.parse(line) as { control: string }).control);
			});
		});
		return new Bed(child, control);
	}

	async call<T>(method: string, params: object = {}, instance?: string): Promise<T> {
		const body = JSON.stringify({ method, params, ...(instance === undefined ? {} : { instance }) });
		const answer = await fetch(`${this.control}/rpc`, { method: 'POST', body });
		const { result, error } = (await answer.json()) as { result: T; error?: string };
		if (error !== undefined) throw new Error(error);
		return result;
	}

	async open(options: InstanceOptions): Promise<Instance> {
		return new Instance(this, await this.call<InstanceInfo>('create', options));
	}

	advance(ms: number): Promise<number> {
		return this.call('advance', { ms });
	}

	async now(): Promise<number> {
		return (await this.call<{ now: number }>('now')).now;
	}

	close(): void {
		this.process.stdin?.end();
		this.process.kill();
	}
}

export class Instance {
	readonly port: number;
	private indexers = new Map<string, number>();
	private clientId: number | null = null;

	constructor(
		private readonly bed: Bed,
		private readonly info: InstanceInfo,
	) {
		this.port = info.port;
	}

	/** These and no others; those with the same names keep their ids and what else they are. */
	async setIndexers(setups: IndexerSetup[]): Promise<void> {
		const wanted = new Set(setups.map((setup) => setup.name));
		for (const [name, id] of this.indexers) {
			if (wanted.has(name)) continue;
			await this.call('removeIndexer', { id });
			this.indexers.delete(name);
		}
		const plain = {
			rss: true,
			automatic: true,
			interactive: true,
			tags: [],
			answers: 'ok',
			retryAfter: null,
			latency: 1,
		};
		for (const setup of setups)
			await this.changeIndexer(setup.name ?? '', { ...plain, blocked: false, ...setup } as IndexerSetup);
	}

	async changeIndexer(name: string, setup: IndexerSetup): Promise<void> {
		const id = this.indexers.get(name);
		if (id === undefined) this.indexers.set(name, await this.call<number>('addIndexer', setup));
		else await this.call('setIndexer', { id, setup });
	}

	async setClient(setup: DownloadClientSetup): Promise<void> {
		if (this.clientId === null) this.clientId = await this.call<number>('addDownloadClient', setup);
		else await this.call('setDownloadClient', { id: this.clientId, setup });
	}

	async script(item: ItemRef, outcome: Outcome, times?: number): Promise<void> {
		await this.call('script', { item, outcome, ...(times === undefined ? {} : { times }) });
	}

	async restart(): Promise<void> {
		await this.call('restart', { downMs: 0, settleMs: 100 });
		await this.bed.advance(1000);
	}

	async feed(item: ItemRef, release: ReleaseSetup, delayMinutes?: number): Promise<void> {
		await this.call('feed', { item, release, ...(delayMinutes === undefined ? {} : { delayMinutes }) });
	}

	/** What held an import back is gone. */
	async heal(downloadId: string): Promise<void> {
		await this.call('setDownload', { id: downloadId, change: { fate: 'import', messages: [] } });
	}

	/** Indexers and clients that a recorded request has made are known from then on. */
	know(resource: string, name: string, id: number): void {
		if (resource === 'indexer') this.indexers.set(name, id);
		if (resource === 'downloadclient') this.clientId = id;
	}

	async remove(): Promise<void> {
		await this.call('remove');
	}

	private call<T>(method: string, params: object = {}): Promise<T> {
		return this.bed.call<T>(method, params, this.info.id);
	}
}

const beds = new Map<Kind, Promise<Bed>>();

/** One process per kind: each has a clock of its own. */
export function bedOf(kind: Kind): Promise<Bed> {
	const bed = beds.get(kind) ?? Bed.open();
	beds.set(kind, bed);
	return bed;
}

export async function closeBeds(): Promise<void> {
	for (const bed of beds.values()) (await bed).close();
	beds.clear();
}
