// Days of searching while life goes on in the applications: what the fakes received is judged by their own reckoning
// and by the product's promises. The two files beside this one run it for their applications, each in its own world.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../src/lib/domain/throttle';
import type { ConnectorKind } from '../../src/lib/domain/words';
import type { InstanceOptions } from '../fakes/arr/control';
import { differences } from './compare';
import { checkCommands, checkWindows, type Sent } from './invariants';
import { lifeGoesOn } from './life';
import { readPromises, unkept, type Promises } from './pace';
import { DAY, HOUR, MINUTE, seededRandom, SimulatedWorld } from './world';

/** Virtual days; more by `SIMULATION_DAYS`. */
const DAYS = Number(process.env.SIMULATION_DAYS ?? '7');
const SEED = Number(process.env.SIMULATION_SEED ?? '21');
const PRESET = 'conservative';
/**
 * The default schedule with `SIMULATION_SCHEDULE=default`. Else a twelfth of its syncs and sweeps: with all of them, which
 * the day in `observe` has, the week takes about twice as long, and would not end within two minutes.
 */
const schedule =
	process.env.SIMULATION_SCHEDULE === 'default'
		? { syncMinutes: 15, sweepMinutes: 30 }
		: { syncMinutes: 180, sweepMinutes: 360 };

export interface Place {
	kind: ConnectorKind;
	options: InstanceOptions;
}

/** Runs the days and holds the promises against what happened. */
export function describeDays(name: string, places: readonly Place[]): void {
	describe(`${String(DAYS)} virtual days of ${name}`, () => {
		let world: SimulatedWorld;
		const promised: Promises[] = [];

		beforeAll(
			async () => {
				world = await SimulatedWorld.open(SEED);
				const searchDefault = { grabChance: 0.35, rejectChance: 0.3, failChance: 0.1, downloadMinutes: 30 };
				for (const [at, { kind, options }] of places.entries()) {
					const instance = { seed: SEED + at, searchDefault, ...options };
					const by = at === 0 ? 'rest' : 'page';
					await world.add(kind, instance, { by, mode: 'active', settings: { throttle: PRESET, schedule } });
				}
				await world.clock.idle();
				await world.clock.advance(5 * MINUTE);
				const random = seededRandom(SEED);
				for (let day = 0; day < DAYS; day++) {
					for (const site of world.sites) promised.push(await readPromises(world, site));
					await world.pass(DAY, HOUR, () => lifeGoesOn(world, random));
				}
			},
			120_000 + DAYS * 120_000,
		);

		afterAll(async () => {
			await world.close();
		});

		it('only ever asked for what the application itself reckons searchable at that moment', async () => {
			for (const site of world.sites) {
				const commands = (await site.fake.commandsReceived()).filter((command) =>
					Object.values(command.headers).some(
						(value) => value.startsWith('Comradarr/') && value.includes('('),
					),
				);
				const own = commands.filter((command) => command.allowed !== null);
				expect(own.length, `${site.connector.name} was asked nothing`).toBeGreaterThan(10 * DAYS);
				expect(checkCommands(own), site.connector.name).toEqual([]);
			}
		});

		it('kept every rolling window and the spacing', async () => {
			for (const site of world.sites) {
				const own = await world.rows<Sent>(
					`select coalesce(sending_at, claimed_at) as at, cost, cost_returned as returned, target_key as key, outcome
						from dispatches where connector_id = $1 and command_id is not null order by 1`,
					[site.connector.id],
				);
				expect(checkWindows(own, PROFILES[PRESET]), site.connector.name).toEqual([]);
			}
		});

		it('searched no item inside its cooldown', async () => {
			const early = await world.rows(
				`select a.target_key, a.claimed_at, b.claimed_at as again from dispatches a
					join dispatches b on b.registry_id = a.registry_id and b.claimed_at > a.claimed_at
					where a.outcome = 'nothing_found' and not b.by_user and b.command_id is not null
						and b.claimed_at < a.claimed_at + interval '23 hours'`,
			);
			expect(early).toEqual([]);
		});

		it('proved what every command led to', async () => {
			const due = new Date(world.clock.now() - 30 * MINUTE);
			const open = await world.rows(
				`select id, state from dispatches where state <> 'concluded' and claimed_at < $1`,
				[due],
			);
			expect(open).toEqual([]);
			const outcomes = await world.rows<{ outcome: string; count: number }>(
				`select outcome, count(*)::int as count from dispatches group by 1 order by 1`,
			);
			const seen = new Map(outcomes.map((row) => [row.outcome, row.count]));
			expect(seen.get('grabbed') ?? 0).toBeGreaterThan(5 * DAYS);
			expect(seen.get('nothing_found') ?? 0).toBeGreaterThanOrEqual(DAYS);
			expect(seen.get('lost') ?? 0).toBe(0);
		});

		it('searched each item within the pace that its plan stated', async () => {
			const due = new Map(world.sites.map(({ connector }) => [connector.name, 0]));
			for (const promises of promised) {
				const { name } = promises.site.connector;
				const kept = await unkept(world, promises);
				due.set(name, (due.get(name) ?? 0) + kept.due);
				expect(kept.unkept, name).toEqual([]);
			}
			for (const [name, count] of due)
				expect(count, `${name} promised too little to tell`).toBeGreaterThan(10 * DAYS);
		});

		it('ends with a mirror and a wanted list that equal the applications', async () => {
			expect((await world.rest.post('/queue/pause', {})).status).toBe(200);
			await world.clock.advance(4 * HOUR);
			for (const { connector } of world.sites)
				await world.rest.post(`/connectors/${String(connector.id)}/sync`, { mode: 'full' });
			await world.clock.advance(MINUTE);
			for (const site of world.sites) expect(await differences(world, site), site.connector.name).toEqual([]);
		}, 120_000);
	});
}
