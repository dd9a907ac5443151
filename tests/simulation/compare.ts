// Our wanted list beside the fake's own reckoning, item by item.
import type { SimulatedWorld, Site } from './world';

interface Wanted {
	arr_id: number;
	reason: string;
}

/** One line for each item on which the two disagree, at most 20. */
export async function differences(world: SimulatedWorld, { fake, connector }: Site): Promise<string[]> {
	const truth = await fake.truth();
	const rows = await world.rows<Wanted>(
		`select coalesce(e.arr_id, m.arr_id) as arr_id, w.reason from wanted w
			left join episodes e on e.id = w.episode_id left join movies m on m.id = w.movie_id
			where w.connector_id = $1`,
		[connector.id],
	);
	const ours = new Map(rows.map((row) => [row.arr_id, row.reason]));
	const found: string[] = [];
	for (const item of truth.items) {
		const theirs = item.gap ? 'gap' : item.qualityUpgrade ? 'quality' : null;
		const mine = ours.get(item.arrId) ?? null;
		if (theirs !== mine)
			found.push(
				`${item.key} (${String(item.arrId)}): ours ${String(mine)}, the fake's ${String(theirs)} (${JSON.stringify(item.why)})`,
			);
		ours.delete(item.arrId);
	}
	for (const [arrId, reason] of ours) found.push(`${String(arrId)}: ours ${reason}, unknown to the fake`);
	return found.slice(0, 20);
}
