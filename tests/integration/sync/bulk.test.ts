// Bulk writing: hostile text survives COPY, and only rows that differ are touched.
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
	copyInto,
	copyLine,
	mergeStage,
	openStages,
	StageWriter,
	type Stage,
} from '../../../src/lib/server/db/bulk';
import { createTestDatabase, type TestDatabase } from '../../setup/database';

const STAGE: Stage = {
	name: 'staged',
	kept: 'commit',
	columns: { id: 'int', title: 'text', tags: 'int[]', at: 'timestamptz', size: 'bigint', flag: 'boolean' },
};
let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
	await database.sql`create table kept (row_id int generated always as identity, id int primary key, title text, size bigint)`;
});
afterAll(() => database.drop());

const hostile = [
	'plain',
	'',
	'\\N',
	'\\.',
	'tab\tnew\nline\rback\\slash',
	'quote \' double " semicolon ; -- $1 {a,b}',
	'emoji 🎬 ünïcödé 日本語',
	'before\0after',
	'lone \ud800 high and \udc00 low',
	'\u2028\u2029\u0001\u007f',
];

test('text comes back as it was, but for NUL bytes and lone surrogates', async () => {
	const found: { title: string }[] = await database.sql.begin(async (tx) => {
		await openStages(tx, STAGE);
		const lines = hostile.map((title, id) => copyLine([id, title, [1, 2], new Date(0), 5_000_000_000, true]));
		await copyInto(tx, STAGE, lines);
		const rows: { title: string }[] = await tx`select title from staged order by id`;
		return rows;
	});
	expect(Array.from(found, (row) => row.title)).toEqual(
		hostile.map((title) => title.replaceAll('\0', '').toWellFormed()),
	);
});

test('nulls, arrays, dates and numbers that are none', async () => {
	const [row]: object[] = await database.sql.begin(async (tx) => {
		await openStages(tx, STAGE);
		await copyInto(tx, STAGE, [copyLine([1, null, [], new Date(Number.NaN), Number.NaN, null])]);
		const rows: object[] = await tx`select title, cardinality(tags) as tags, at, size, flag from staged`;
		return rows;
	});
	expect(row).toEqual({ title: null, tags: 0, at: null, size: null, flag: null });
});

test('a merge touches only what differs, and uses no identity values up', async () => {
	const merge = (titles: readonly string[]) =>
		database.sql.begin(async (tx) => {
			await openStages(tx, STAGE);
			const writer = new StageWriter(tx, STAGE, 2);
			for (const [id, title] of titles.entries()) {
				writer.add(copyLine([id, title, [], null, 1, true]));
				await writer.flushIfFull();
			}
			await writer.flush();
			return mergeStage(tx, {
				table: 'kept',
				stage: 'staged',
				match: 't.id = s.id',
				columns: ['title', 'size'],
				keys: { id: 's.id' },
			});
		});
	expect(await merge(['a', 'b', 'c'])).toEqual({ updated: 0, inserted: 3 });
	expect(await merge(['a', 'b', 'c'])).toEqual({ updated: 0, inserted: 0 });
	expect(await merge(['a', 'B', 'c', 'd'])).toEqual({ updated: 1, inserted: 1 });
	const [last] = (await database.sql`select max(row_id) as id from kept`) as { id: number }[];
	expect(last?.id).toBe(4);
});

test('a copy that breaks off leaves the connection usable', async () => {
	await database.sql.begin(async (tx) => {
		await openStages(tx, STAGE);
		await tx
			.savepoint((inner) => copyInto(inner, STAGE, ['not a number\t\\N\t\\N\t\\N\t\\N\t\\N\n', '']))
			.then(
				() => expect.unreachable(),
				() => undefined,
			);
		await copyInto(tx, STAGE, [copyLine([7, 'x', [], null, 1, true])]);
		expect(Array.from((await tx`select id from staged`) as object[])).toEqual([{ id: 7 }]);
	});
});
