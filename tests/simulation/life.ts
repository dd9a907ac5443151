// What users, feeds and machines do meanwhile: RSS grabs, edits, deletions, airings, a restart, an indexer in back-off.
import type { FakeInstance, TruthItem } from '../fakes/arr/control';
import { HOUR, type SimulatedWorld } from './world';

/** One hour's worth of life, by chance. */
export async function lifeGoesOn(world: SimulatedWorld, random: () => number): Promise<void> {
	const now = world.clock.now();
	for (const { fake } of world.sites) {
		const all = await items(fake, now);
		if (random() < 0.25) await rssGrab(fake, all, random);
		if (random() < 0.1) await toggleMonitored(fake, all, random);
		if (random() < 0.03) await deleteFile(fake, random);
		if (random() < 0.02) await fake.restart({ downMs: 20_000 });
		if (random() < 0.03) await fake.setIndexer(1, { blocked: true });
		if (random() < 0.05) await otherTool(fake, all, random);
	}
}

interface Known {
	asOf: number;
	items: TruthItem[];
}
const known = new WeakMap<FakeInstance, Known>();

/** What there is to act on; looked up again every half day, since the list is long. */
async function items(fake: FakeInstance, now: number): Promise<TruthItem[]> {
	const last = known.get(fake);
	if (last !== undefined && now - last.asOf < 12 * HOUR) return last.items;
	const fresh = (await fake.truth()).items;
	known.set(fake, { asOf: now, items: fresh });
	return fresh;
}

function pick<T>(list: readonly T[], random: () => number): T | undefined {
	return list[Math.floor(random() * list.length)];
}

const refOf = (item: { kind: 'episode' | 'movie'; arrId: number }) =>
	item.kind === 'episode' ? { episodeId: item.arrId } : { movieId: item.arrId };

async function rssGrab(fake: FakeInstance, all: readonly TruthItem[], random: () => number): Promise<void> {
	const item = pick(
		all.filter((one) => one.gap),
		random,
	);
	if (item !== undefined && (await fake.allowedNow(refOf(item))).allowed) await fake.rssGrab(refOf(item));
}

async function toggleMonitored(
	fake: FakeInstance,
	all: readonly TruthItem[],
	random: () => number,
): Promise<void> {
	const item = pick(all, random);
	if (item !== undefined) await fake.setMonitored(refOf(item), !item.monitored);
}

async function deleteFile(fake: FakeInstance, random: () => number): Promise<void> {
	const { items: fresh } = await fake.truth();
	const item = pick(
		fresh.filter((one) => one.fileId > 0),
		random,
	);
	if (item !== undefined) await fake.deleteFile(item.fileId, 'MissingFromDisk');
}

/** Another program searches for something by itself. */
async function otherTool(fake: FakeInstance, all: readonly TruthItem[], random: () => number): Promise<void> {
	const item = pick(
		all.filter((one) => one.gap),
		random,
	);
	if (item === undefined) return;
	const body = item.kind === 'episode' ? { episodeIds: [item.arrId] } : { movieIds: [item.arrId] };
	await fake.otherToolSearch(
		item.kind === 'episode' ? 'EpisodeSearch' : 'MoviesSearch',
		body,
		'OtherTool/1.0',
	);
}
