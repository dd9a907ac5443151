// The test database helper itself.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from './database';

let one: TestDatabase;
let two: TestDatabase;
beforeAll(async () => {
	one = await createTestDatabase();
	two = await createTestDatabase();
});
afterAll(async () => {
	await one.drop();
	await two.drop();
});

test('each test file has a database of its own', async () => {
	await one.sql`create table only_here (id int)`;
	const [there] = (await two.sql`select to_regclass('only_here') as found`) as { found: string | null }[];
	expect(there?.found).toBeNull();
});
