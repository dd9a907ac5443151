// What goes wrong at the indexers after a search has ended says nothing about that search.
import { afterEach, expect, test } from 'vitest';
import { watchRound } from '../../../src/lib/server/services/queue/watch';
import { KINDS } from './kinds';
import { listWith } from './matchers';
import { createSite, removeSites, worldOfFile, type Item, type Site } from './world';

const MINUTE = 60_000;
const world = worldOfFile();
afterEach(() => removeSites());

/** Sends a search and watches it until it has ended and health was read after its end; not until it is final. */
async function searchedUnlessFinal(site: Site, item: Item): Promise<string> {
	const round = await site.send({ kind: item.kind, item });
	const id = round.did === 'sent' ? round.dispatchId : null;
	if (id === null) throw new Error(`not sent: ${round.did}`);
	const until = world.clock.now() + MINUTE;
	for (;;) {
		const { nextAt } = await watchRound(site.ctx, site.connector.id);
		if (nextAt === null || nextAt.getTime() > until) break;
		await world.clock.advanceTo(Math.max(nextAt.getTime(), world.clock.now() + 1));
	}
	await world.clock.advanceTo(until);
	return id;
}

/** Somebody else searches another item, and every indexer fails. */
async function failForOthers(site: Site, item: Item): Promise<void> {
	for (const { id } of await site.fake.indexerSearches())
		await site.fake.setIndexer(id, { answers: 'error' });
	await (item.kind === 'movie'
		? site.fake.otherToolSearch('MoviesSearch', { movieIds: [item.arrId] })
		: site.fake.otherToolSearch('EpisodeSearch', { episodeIds: [item.arrId] }));
}

test.each(KINDS)('%s: indexers that fail another search a minute later', async (kind) => {
	const site = await createSite(world, kind);
	const [item, other] = [await site.next(), await site.next()];
	const id = await searchedUnlessFinal(site, item);
	expect(await site.dispatch(id)).toMatchObject({ state: 'ended' });
	await failForOthers(site, other);
	const row = await site.conclude(id);
	expect(row.evidence).toMatchObject({
		healthAfter: listWith({ issues: listWith({ source: 'IndexerStatusCheck', type: 'error' }) }),
	});
	expect(row).toMatchObject({ outcome: 'nothing_found' });
	expect(await site.memory(item)).toMatchObject({ state: 'cooldown', attempts: 1 });
});
