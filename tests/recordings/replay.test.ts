// Replays every recorded exchange against the fake: at least nine in ten of each kind must be answered as recorded.
import { afterAll, describe, expect, test } from 'vitest';
import exceptions from './exceptions.json';
import { filesOf, kinds, type Kind } from './load';
import { replayFile, type Result } from './replay';
import { closeFakes } from './rig';

interface Exception {
	readonly kind: string;
	readonly file: string;
	readonly index: number;
	readonly reason: string;
}

const listed: readonly Exception[] = exceptions;

const running = new Map<Kind, Promise<Result[]>>();

/** All kinds run at once, each against a fake of its own. */
function resultsOf(kind: Kind): Promise<Result[]> {
	for (const one of kinds) if (!running.has(one)) running.set(one, replayAll(one));
	return running.get(kind) as Promise<Result[]>;
}

async function replayAll(kind: Kind): Promise<Result[]> {
	const results: Result[] = [];
	for (const file of filesOf(kind)) results.push(...(await replayFile(kind, file)));
	return results;
}

function isListed({ exchange }: Result): boolean {
	return listed.some(
		(one) => one.kind === exchange.kind && one.file === exchange.file && one.index === exchange.index,
	);
}

function told({ exchange, differences }: Result): string {
	const { method, url } = exchange.request;
	return `${exchange.file} ${exchange.index} ${method} ${url} (${exchange.note}): ${differences.join(' | ')}`;
}

afterAll(closeFakes);

describe.each(kinds)('%s', (kind) => {
	test('answers every exchange as recorded, but for those listed', { timeout: 60_000 }, async () => {
		const results = await resultsOf(kind);
		expect(results.filter((one) => one.differences.length > 0 && !isListed(one)).map(told)).toEqual([]);
	});
	test('has no exception that is answered after all', { timeout: 60_000 }, async () => {
		const results = await resultsOf(kind);
		expect(results.filter((one) => one.differences.length === 0 && isListed(one)).map(told)).toEqual([]);
	});
	test('answers at least nine in ten', { timeout: 60_000 }, async () => {
		const results = await resultsOf(kind);
		const mine = listed.filter((one) => one.kind === kind);
		expect(mine.every((one) => one.reason.length > 10)).toBe(true);
		const known = new Set(results.map((one) => `${one.exchange.file} ${one.exchange.index}`));
		expect(mine.filter((one) => !known.has(`${one.file} ${one.index}`))).toEqual([]);
		expect(mine.length).toBeLessThanOrEqual(results.length / 10);
	});
});
