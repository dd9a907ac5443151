// One fake process for a file of tests, and clients for its instances.
import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '../../../src/lib/server/clock';
import {
	createArrClient,
	type ArrClientOptions,
	type ProbeOptions,
} from '../../../src/lib/server/connectors';
import type {
	ArrClient,
	ListItem,
	ListReading,
	ListSummary,
} from '../../../src/lib/server/connectors/common/types';
import type { ConnectorKind } from '../../../src/lib/domain/words';
import { startFakes, type Fakes, type FakeInstance, type InstanceOptions } from '../../fakes/arr/control';

let running: Fakes | undefined;

/** Starts the fake before the tests of the file, and stops it after them. */
export function useFakes(): void {
	beforeAll(async () => {
		running = await startFakes({ start: '2026-11-21T12:00:00Z' });
	});
	afterAll(async () => {
		await running?.stop();
		running = undefined;
	});
}

export function fakes(): Fakes {
	if (running === undefined) throw new Error('The fake has not been started.');
	return running;
}

export const create = (options: InstanceOptions): Promise<FakeInstance> => fakes().create(options);

/** What a user would have typed for the instance. Waits between tries take no time. */
export function settingsFor(fake: FakeInstance, more: Partial<ArrClientOptions> = {}): ProbeOptions {
	return {
		kind: kindOf(fake.kind),
		url: fake.url,
		apiKey: fake.apiKey,
		clock: { ...systemClock(), sleep: async () => undefined },
		userAgentVersion: '0.1.0',
		...more,
	};
}

export function clientFor(fake: FakeInstance, more: Partial<ArrClientOptions> = {}): ArrClient {
	return createArrClient(settingsFor(fake, more));
}

function kindOf(kind: string): ConnectorKind {
	if (kind.startsWith('sonarr')) return 'sonarr';
	return kind.startsWith('radarr') ? 'radarr' : 'whisparr';
}

/** A list to its end: what could be read, what could not, and whether it was whole. */
export async function readAll<T>(
	list: ListReading<T>,
): Promise<{ records: T[]; bad: number[]; summary: ListSummary }> {
	const items: ListItem<T>[] = [];
	for await (const page of list) items.push(...page);
	return {
		records: items.flatMap((item) => (item.ok ? [item.record] : [])),
		bad: items.flatMap((item) => (item.ok ? [] : [item.arrId])),
		summary: list.summary(),
	};
}

/** The error of work that must fail. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
	try {
		await work;
	} catch (error) {
		return error;
	}
	throw new Error('Nothing was thrown.');
}
