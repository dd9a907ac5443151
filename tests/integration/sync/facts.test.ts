// Health, queue and settings lists: what is stored, and when a row that left the queue is believed gone.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readFacts, runSync } from '../../../src/lib/server/services/sync';
import type { HealthIssue, QueueRecord } from '../../../src/lib/server/connectors/common/types';
import { addConnector } from '../../setup/connect';
import { createTestContext, type TestContext } from '../../setup/context';
import { addSeries, MemoryArr } from './memory-arr';

let t: TestContext;
let arr: MemoryArr;
let id: number;
beforeAll(async () => {
	t = await createTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
	arr = new MemoryArr('series', () => t.clock.date());
	const row = await addConnector(t.ctx, { kind: 'sonarr', url: 'http://memory.invalid', apiKey: 'k' });
	id = row.id;
	t.ctx.clients.for = async () => arr;
	addSeries(arr, 1, 4);
	await runSync(t.ctx, id, 'full');
	await t.clock.advance(5 * 60_000);
});

const queueRow = (arrId: number, itemArrId: number): QueueRecord => ({
	...{
		arrId,
		itemArrId,
		seriesArrId: 1,
		seasonNumber: 1,
		title: `Release\0 ${String(arrId)}`,
		status: 'downloading',
	},
	...{
		trackedState: 'downloading',
		trackedStatus: 'ok',
		errorMessage: null,
		statusMessages: ['one'],
		downloadId: 'ABC',
	},
	...{
		downloadClient: 'qBit',
		indexer: 'Alpha',
		protocol: 'torrent',
		size: 5_000_000_000,
		sizeLeft: 1,
		estimatedCompletion: null,
	},
	added: null,
});
const complaint: HealthIssue = {
	source: 'DownloadClientCheck',
	type: 'error',
	message: 'away',
	fragment: '',
};
const queued = async () =>
	Array.from(
		(await t.ctx
			.sql`select arr_id, episode_id is not null as bound, first_seen_at, last_seen_at from arr_queue
		where connector_id = ${id} order by arr_id`) as {
			arr_id: number;
			bound: boolean;
			first_seen_at: Date;
			last_seen_at: Date;
		}[],
	);

test('rows are bound to their episodes and keep when they were first seen', async () => {
	const first = t.clock.date();
	arr.queueRows = [queueRow(1, 1001), queueRow(2, 999_999)];
	await readFacts(t.ctx, id);
	await t.clock.advance(60_000);
	const report = await readFacts(t.ctx, id);
	expect(report).toMatchObject({ queued: 2, queueTrusted: true });
	expect(await queued()).toEqual([
		{ arr_id: 1, bound: true, first_seen_at: first, last_seen_at: t.clock.date() },
		{ arr_id: 2, bound: false, first_seen_at: first, last_seen_at: t.clock.date() },
	]);
});

test('a row that left is gone when the next reading misses it too, not before a complaint had time to show', async () => {
	arr.queueRows = [queueRow(1, 1001), queueRow(2, 1002)];
	await readFacts(t.ctx, id);
	await t.clock.advance(60_000);
	arr.queueRows = [queueRow(1, 1001)];
	await readFacts(t.ctx, id);
	expect(await queued()).toHaveLength(2);
	await t.clock.advance(3_000);
	await readFacts(t.ctx, id);
	expect(await queued()).toHaveLength(2);
	await t.clock.advance(30_000);
	await readFacts(t.ctx, id);
	expect(await queued()).toHaveLength(1);
});

test('rows that vanish some seconds before the complaint about their client stay', async () => {
	arr.queueRows = [queueRow(1, 1001)];
	await readFacts(t.ctx, id);
	await t.clock.advance(60_000);
	arr.queueRows = [];
	expect((await readFacts(t.ctx, id)).queueTrusted).toBe(true);
	await t.clock.advance(30_000);
	arr.healthRows = [complaint];
	await readFacts(t.ctx, id);
	expect(await queued()).toHaveLength(1);
	await t.clock.advance(60_000);
	arr.healthRows = [];
	arr.queueRows = [queueRow(1, 1001)];
	await readFacts(t.ctx, id);
	expect(await queued()).toMatchObject([{ arr_id: 1, last_seen_at: t.clock.date() }]);
});

test('while a download client is in trouble, and ten minutes beyond, rows that left stay', async () => {
	arr.queueRows = [queueRow(1, 1001)];
	await readFacts(t.ctx, id);
	arr.queueRows = [];
	arr.healthRows = [complaint];
	expect((await readFacts(t.ctx, id)).queueTrusted).toBe(false);
	arr.healthRows = [];
	await t.clock.advance(9 * 60_000);
	await readFacts(t.ctx, id);
	expect(await queued()).toHaveLength(1);
	await t.clock.advance(2 * 60_000);
	await readFacts(t.ctx, id);
	expect(await queued()).toHaveLength(0);
});

test('for two minutes after a restart the queue is unknown', async () => {
	arr.queueRows = [queueRow(1, 1001)];
	await readFacts(t.ctx, id);
	await t.clock.advance(30_000);
	await t.ctx.sql`update connectors set arr_start_seen_at = ${t.clock.date()} where id = ${id}`;
	arr.queueRows = [];
	await readFacts(t.ctx, id);
	expect(await queued()).toHaveLength(1);
	await t.clock.advance(2 * 60_000);
	await readFacts(t.ctx, id);
	expect(await queued()).toHaveLength(0);
});

test('lists are read again when a day old, or asked for', async () => {
	await readFacts(t.ctx, id);
	arr.asked.length = 0;
	expect((await readFacts(t.ctx, id)).lists).toEqual([]);
	expect(arr.asked).toEqual(['health', 'queue']);
	expect((await readFacts(t.ctx, id, { lists: ['tags'] })).lists).toEqual(['tags']);
	await t.clock.advance(25 * 3_600_000);
	expect((await readFacts(t.ctx, id)).lists).toEqual([
		'tags',
		'indexers',
		'delayProfiles',
		'downloadClients',
	]);
	const [row] = (await t.ctx
		.sql`select jsonb_typeof(value) as type from connector_readings where connector_id = ${id} and name = 'tags'`) as object[];
	expect(row).toEqual({ type: 'array' });
});
