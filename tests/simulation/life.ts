// What users, feeds and machines do meanwhile: RSS grabs, edits, deletions, airings, a restart, an indexer in back-off.
import type { FakeInstance } from '../fakes/arr/control';
import type { SimulatedWorld } from './world';

/** One hour's worth of life, by chance. */
export async function lifeGoesOn(world: SimulatedWorld, random: () => number): Promise<void> {
	for (const { fake } of world.sites) {
		if (random() < 0.25) await rssGrab(fake, random);
		if (random() < 0.1) await toggleMonitored(fake, random);
		if (random() < 0.03) await deleteFile(fake, random);
		if (random() < 0.02) await fake.restart({ downMs: 20_000 });
		if (random() < 0.03) await fake.setIndexer(1, { blocked: true });
		if (random() < 0.05) await otherTool(fake, random);
	}
}

async function items(fake: FakeInstance) {
	return (await fake.truth()).items;
}

function pick<T>(list: readonly T[], random: () => number): T | undefined {
	return list[Math.floor(random() * list.length)];
}

const refOf = (item: { kind: 'episode' | 'movie'; arrId: number }) =>
	item.kind === 'episode' ? { episodeId: item.arrId } : { movieId: item.arrId };

async function rssGrab(fake: FakeInstance, random: () => number): Promise<void> {
	const item = pick((await items(fake)).filter((one) => one.gap), random);
	if (item !== undefined) await fake.rssGrab(refOf(item));
}

async function toggleMonitored(fake: FakeInstance, random: () => number): Promise<void> {
	const item = pick(await items(fake), random);
	if (item !== undefined) await fake.setMonitored(refOf(item), !item.monitored);
}

async function deleteFile(fake: FakeInstance, random: () => number): Promise<void> {
	const item = pick((await items(fake)).filter((one) => one.fileId > 0), random);
	if (item !== undefined) await fake.deleteFile(item.fileId, 'MissingFromDisk');
}

/** Another program searches for something by itself. */
async function otherTool(fake: FakeInstance, random: () => number): Promise<void> {
	const item = pick((await items(fake)).filter((one) => one.gap), random);
	if (item === undefined) return;
	const body = item.kind === 'episode' ? { episodeIds: [item.arrId] } : { movieIds: [item.arrId] };
	await fake.otherToolSearch(item.kind === 'episode' ? 'EpisodeSearch' : 'MoviesSearch', body, 'OtherTool/1.0');
}
