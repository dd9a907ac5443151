// The fakes' process that a kind is replayed against, and what the rig asks of its control server.
import type { DownloadClientSetup, IndexerSetup, InstanceOptions, ItemRef, Outcome } from '../fakes/arr/control/contract';
import type { Kind } from './load';

export interface Instance {
	port: number;
	setIndexers(setups: IndexerSetup[]): Promise<void>;
	changeIndexer(name: string, setup: IndexerSetup): Promise<void>;
	setClient(setup: DownloadClientSetup | null): Promise<void>;
	script(ref: ItemRef, outcome: Outcome, times?: number): Promise<void>;
	restart(): Promise<void>;
	feed(ref: ItemRef, how: { rejected?: boolean; delayed?: boolean }): Promise<void>;
	remove(): Promise<void>;
}

export interface Bed {
	open(options: InstanceOptions): Promise<Instance>;
	advance(ms: number): Promise<unknown>;
	now(): Promise<number>;
}

export declare function bedOf(kind: Kind): Promise<Bed>;
export declare function closeBeds(): Promise<void>;
