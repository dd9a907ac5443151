// The pace that the plan states, item by item: what it promised by a day was searched by then.
import type { SimulatedWorld, Site } from './world';
import { DAY, HOUR } from './world';

/** An item of the plan and when its search was stated to come. Milliseconds since 1970. */
export interface Promised {
	kind: 'episode' | 'movie';
	id: number;
	title: string;
	due: number;
}

interface Planned {
	target: { kind: 'episode' | 'season' | 'movie'; id: number; title: string };
	estimateAt: string | null;
}

/** What a plan promised when it was read. */
export interface Promises {
	site: Site;
	/** Milliseconds since 1970. */
	from: number;
	items: Promised[];
}

/** The head of a connector's plan; a season stands for its episodes that are wanted now. */
export async function readPromises(world: SimulatedWorld, site: Site): Promise<Promises> {
	const { connector } = site;
	const path = `/plan?connector=${String(connector.id)}&limit=200`;
	const { items } = (await world.rest.get<{ items: Planned[] }>(path)).body;
	const promises: Promised[] = [];
	for (const { target, estimateAt } of items) {
		if (estimateAt === null) continue;
		const of = { title: target.title, due: Date.parse(estimateAt) };
		if (target.kind === 'season')
			for (const id of await wantedOfSeason(world, target.id)) promises.push({ ...of, kind: 'episode', id });
		else promises.push({ ...of, kind: target.kind, id: target.id });
	}
	return { site, from: world.clock.now(), items: promises };
}

async function wantedOfSeason(world: SimulatedWorld, seasonId: number): Promise<number[]> {
	const rows = await world.rows<{ id: number }>(
		`select w.episode_id as id from wanted w join seasons s on s.series_id = w.series_id and s.number = w.season_number
			where s.id = $1`,
		[seasonId],
	);
	return rows.map(({ id }) => id);
}

/**
 * What was due and is wanted without a break, and yet was never asked for: neither by itself, nor by its season, nor by
 * somebody else in the application. Estimates move with what comes up meanwhile: a third later is still the stated pace.
 */
export async function unkept(
	world: SimulatedWorld,
	{ site, items, from }: Promises,
): Promise<{ due: number; unkept: string[] }> {
	const due = items.filter((one) => from + ((one.due - from) * 4) / 3 + 12 * HOUR < world.clock.now());
	const waiting = new Set(await neverAsked(world, site, from));
	const late = due.filter(({ kind, id }) => waiting.has(`${kind} ${String(id)}`));
	return {
		due: due.length,
		unkept: late.map(({ kind, id, title, due: at }) => {
			const days = ((at - from) / DAY).toFixed(1);
			return `${kind} ${String(id)} (${title}): stated for day ${days}`;
		}),
	};
}

async function neverAsked(world: SimulatedWorld, { connector }: Site, from: number): Promise<string[]> {
	const rows = await world.rows<{ key: string }>(
		`select case when w.movie_id is null then 'episode ' || w.episode_id else 'movie ' || w.movie_id end as key
		from wanted w left join episodes e on e.id = w.episode_id left join movies m on m.id = w.movie_id
		where w.connector_id = $1 and w.since < $2
			and coalesce(e.last_search_time, m.last_search_time, '-infinity') < $2
			and not exists (select 1 from search_registry r join dispatches d on d.registry_id = r.id
				where d.command_id is not null and d.claimed_at >= $2 and (r.episode_id = w.episode_id or r.movie_id = w.movie_id
					or r.season_id in (select s.id from seasons s where s.series_id = w.series_id and s.number = w.season_number)))`,
		[connector.id, new Date(from)],
	);
	return rows.map(({ key }) => key);
}
