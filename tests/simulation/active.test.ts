// Seven days of searching while life goes on in the applications: what the fakes received is judged by their own
// reckoning and by the product's promises.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { rowsOf } from '../../src/lib/server/db/rows';
import { PROFILES } from '../../src/lib/domain/throttle';
import { differences } from './compare';
import { checkCommands, checkWindows, type Sent } from './invariants';
import { lifeGoesOn } from './life';
import { DAY, HOUR, seededRandom, SimulatedWorld } from './world';

/** Virtual days; more by `SIMULATION_DAYS`. */
const DAYS = Number(process.env.SIMULATION_DAYS ?? '7');
const SEED = Number(process.env.SIMULATION_SEED ?? '21');
const PRESET = 'moderate';
/** A sweep every two hours instead of every half: the same rules, a quarter of the requests. */
const settings = { throttle: PRESET, schedule: { syncMinutes: 60, sweepMinutes: 120 } } as const;

let world: SimulatedWorld;
const sent: Sent[] = [];

beforeAll(
	async () => {
		world = await SimulatedWorld.open();
		const finds = { grabChance: 0.35, rejectChance: 0.3, failChance: 0.1, downloadMinutes: 30 };
		const active = { mode: 'active', settings } as const;
		await world.add(
			'sonarr',
			{
				kind: 'sonarr4',
				seed: SEED,
				searchDefault: finds,
				library: { preset: 'large', series: 200, episodesPerSeries: 20 },
			},
			active,
		);
		await world.add(
			'radarr',
			{ kind: 'radarr6', seed: SEED + 1, searchDefault: finds, library: { preset: 'large', movies: 500 } },
			active,
		);
		await world.add(
			'whisparr',
			{
				kind: 'whisparr2',
				seed: SEED + 2,
				searchDefault: finds,
				library: { preset: 'large', series: 20, episodesPerSeries: 40 },
			},
			active,
		);
		await world.add(
			'whisparr',
			{ kind: 'whisparr3', seed: SEED + 3, searchDefault: finds, library: { preset: 'large', scenes: 300 } },
			active,
		);
		await world.start(SEED);
		const random = seededRandom(SEED);
		await world.pass(DAYS * DAY, HOUR, async () => {
			await lifeGoesOn(world, random);
		});
	},
	150_000 + DAYS * 60_000,
);

afterAll(async () => {
	await world.close();
});

describe(`${String(DAYS)} virtual days`, () => {
	it('only ever asked for what the application itself reckons searchable at that moment', async () => {
		for (const site of world.sites) {
			const commands = (await site.fake.commandsReceived()).filter((command) =>
				command.headers['useragent']?.startsWith('Comradarr/'),
			);
			expect(commands.length, `${site.connector.name} was asked nothing`).toBeGreaterThan(20);
			expect(checkCommands(commands), site.connector.name).toEqual([]);
		}
	});

	it('kept every rolling window, the spacing, and the item spacing', async () => {
		for (const site of world.sites) {
			const own = await rowsOf<Sent>(
				world.ctx.db,
				sql`select coalesce(sending_at, claimed_at) as at, cost, cost_returned as returned, target_key as key, outcome
					from dispatches where connector_id = ${site.connector.id} and command_id is not null order by 1`,
			);
			sent.push(...own);
			expect(checkWindows(own, PROFILES[PRESET]), site.connector.name).toEqual([]);
		}
	});

	it('searched no item inside its cooldown', async () => {
		const early = await rowsOf(
			world.ctx.db,
			sql`select a.target_key, a.claimed_at, b.claimed_at as again from dispatches a
				join dispatches b on b.registry_id = a.registry_id and b.claimed_at > a.claimed_at
				where a.outcome = 'nothing_found' and not b.by_user and b.command_id is not null
					and b.claimed_at < a.claimed_at + interval '23 hours'`,
		);
		expect(early).toEqual([]);
	});

	it('proved what every command led to', async () => {
		const open = await rowsOf(
			world.ctx.db,
			sql`select id, state from dispatches where state <> 'concluded' and claimed_at < ${new Date(world.clock.now() - 15 * 60_000)}`,
		);
		expect(open).toEqual([]);
		const outcomes = await rowsOf<{ outcome: string; count: number }>(
			world.ctx.db,
			sql`select outcome, count(*)::int as count from dispatches group by 1 order by 1`,
		);
		const seen = new Map(outcomes.map((row) => [row.outcome, row.count]));
		expect(seen.get('grabbed') ?? 0).toBeGreaterThan(20);
		expect(seen.get('nothing_found') ?? 0).toBeGreaterThan(20);
		expect(seen.get('lost') ?? 0).toBe(0);
	});

	it('has a mirror and a wanted list that equal the applications', async () => {
		await world.clock.advance(3 * HOUR);
		for (const site of world.sites) expect(await differences(world, site), site.connector.name).toEqual([]);
	}, 60_000);
});
