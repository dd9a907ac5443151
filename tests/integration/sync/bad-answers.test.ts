// Twelve kinds of bad answers, each in the middle of a sync: nothing is deleted, the message names the cause, and good
// answers heal everything without help.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSync } from '../../../src/lib/server/services/sync';
import type { FaultSetup, Kind } from '../../fakes/arr/control';
import { linesOfMirror, openBed, type Bed } from './with-fakes';

let bed: Bed;
beforeAll(async () => {
	bed = await openBed();
});
afterAll(() => bed.close());

const STATUS = '/system/status';
interface Case {
	name: string;
	fault: Omit<FaultSetup, 'match'>;
	/** Instead of the list. */
	path?: string;
	/** Code of the run's error; null where the sync goes on without believing the answer. */
	code: string | RegExp | null;
}
const CASES: readonly Case[] = [
	{ name: 'HTML', fault: { kind: 'html' }, code: 'not_json' },
	{ name: 'empty list', fault: { kind: 'emptyList' }, code: null },
	{ name: 'half a list as valid JSON', fault: { kind: 'halfList' }, code: null },
	{ name: 'cut body', fault: { kind: 'cutBody', afterRecords: 2 }, code: 'cut_off' },
	{
		name: 'wrong application',
		fault: { kind: 'wrongApp', skip: 1 },
		path: STATUS,
		code: 'wrong_application',
	},
	{
		name: 'another instance',
		fault: { kind: 'otherInstance', skip: 1 },
		path: STATUS,
		code: 'instance_changed',
	},
	{ name: '401', fault: { kind: '401' }, code: 'unauthorized' },
	{ name: '500', fault: { kind: '500' }, code: 'server_error' },
	{ name: '503 starting', fault: { kind: '503starting' }, code: 'starting' },
	{ name: 'endless body', fault: { kind: 'endless' }, code: /bad_json|record_too_large/ },
	{ name: 'one record of a wrong type', fault: { kind: 'badRecord' }, code: null },
	{
		name: 'redirect to another host',
		fault: { kind: 'redirect', location: 'http://other.invalid/' },
		code: /redirected|proxy_login/,
	},
];
const LISTS: Partial<Record<Kind, string[]>> = {
	sonarr4: ['/api/v3/series$', '/api/v3/episode\\?'],
	radarr6: ['/api/v3/movie\\?'],
	whisparr2: ['/api/v3/series$'],
	whisparr3: ['/api/v3/movie/list', '/api/v3/movie/bulk'],
};
const ALL = Object.entries(LISTS).flatMap(([kind, paths]) =>
	paths.flatMap((path) => CASES.map((one) => [kind as Kind, one.name, path, one] as const)),
);

const registry = async (id: number): Promise<object[]> =>
	Array.from(
		(await bed.ctx
			.sql`select target_key, state, attempts from search_registry where connector_id = ${id} order by 1`) as object[],
	);

test.each(ALL)('%s: %s at %s', async (kind, _name, path, { fault, path: instead, code }) => {
	const library = { preset: 'large', series: 14, episodesPerSeries: 14, movies: 60, scenes: 60 } as const;
	const { fake, id } = await bed.add({ kind, library, seed: 3 });
	expect((await runSync(bed.ctx, id, 'full')).error).toBeNull();
	await remember(id);
	const [before, memory] = [await linesOfMirror(bed, id), await registry(id)];

	const skip = fault.skip ?? (path.includes('episode') ? 3 : 0);
	for (let round = 0; round < (code === null ? 3 : 1); round++) {
		await bed.pass(15 * 60_000);
		await fake.clearFaults();
		await fake.fault({ ...fault, skip, match: { path: instead ?? path } });
		const report = await bed.run(runSync(bed.ctx, id, 'full'));
		if (code === null) expect(report.error).toBeNull();
		else expect(report.error?.code).toMatch(code);
		expect(report.error?.message ?? 'said').toMatch(/\w/);
		expect(await deleted(id)).toBe(0);
	}
	expect(await registry(id)).toEqual(memory);

	await fake.clearFaults();
	const healed = await runSync(bed.ctx, id, 'full');
	expect(healed.error).toBeNull();
	expect(await linesOfMirror(bed, id)).toEqual(before);
	const [row] = (await bed.ctx
		.sql`select held_reason, last_error, health from connectors where id = ${id}`) as object[];
	expect(row).toEqual({ held_reason: null, last_error: null, health: 'healthy' });
	const open = (await bed.ctx
		.sql`select kind from questions where connector_id = ${id} and answered_at is null`) as object[];
	expect(Array.from(open)).toEqual([]);
	const unreadable = (await bed.ctx
		.sql`select 1 from series where connector_id = ${id} and unreadable is not null
		union all select 1 from episodes where connector_id = ${id} and unreadable is not null
		union all select 1 from movies where connector_id = ${id} and unreadable is not null`) as object[];
	expect(unreadable).toHaveLength(0);
});

/** Search memory of some items, which must survive. */
async function remember(id: number): Promise<void> {
	await bed.ctx
		.sql`insert into search_registry (connector_id, target_kind, target_key, episode_id, state, state_since, attempts)
		select ${id}, 'episode', 'key ' || e.id, e.id, 'pending', ${bed.clock.date()}, 2 from episodes e where e.connector_id = ${id} limit 20`;
	await bed.ctx
		.sql`insert into search_registry (connector_id, target_kind, target_key, movie_id, state, state_since, attempts)
		select ${id}, 'movie', 'key ' || m.id, m.id, 'pending', ${bed.clock.date()}, 2 from movies m where m.connector_id = ${id} limit 20`;
}

async function deleted(id: number): Promise<number> {
	const [row] = (await bed.ctx.sql`select
		(select count(*) from series where connector_id = ${id} and presence = 'deleted')
		+ (select count(*) from seasons where connector_id = ${id} and presence = 'deleted')
		+ (select count(*) from episodes where connector_id = ${id} and presence = 'deleted')
		+ (select count(*) from movies where connector_id = ${id} and presence = 'deleted') as n`) as { n: string }[];
	return Number(row?.n);
}
