// What several recordings of Sonarr 4 and 5 presuppose: packs, upgrades, refused and stalled downloads.
import type { Outcome } from '../../fakes/arr/control/contract';
import type { Rig } from '../rig';
import { episode, ready, searchEpisodes, searchSeason, season } from './types';

export const slow = { name: 'Fake A', latency: 45 };
export const winterPack = season(10, 1);

/** Better files for S02 of series 10 with the custom format, imported when the download is done. */
export async function upgrade(rig: Rig, id = 120): Promise<void> {
	await ready(rig);
	await rig.find(episode(id), upgradeOutcome, 1);
	await rig.mark();
	await rig.command(searchEpisodes(id), 'Comradarr/0.1 (upgrade)', 3);
}

export const upgradeOutcome: Outcome = {
	kind: 'grabThenImport',
	release: { quality: 'WEBDL-1080p', group: 'GRPX', formats: ['Group X'], downloadSeconds: 1 },
};

export const stalled = { kind: 'grab', fate: 'stall' } as const;

export async function threeSingles(rig: Rig): Promise<void> {
	await ready(rig);
	await rig.mark();
	for (const id of [14, 15, 16]) await rig.find(episode(id), stalled, 1);
	await rig.find(season(1, 2), { kind: 'nothing' });
	await rig.findSingles(season(1, 2), [14, 15, 16]);
	await rig.command(searchSeason(1, 2));
}

export async function refused(rig: Rig, id = 113): Promise<void> {
	await rig.indexers({ name: 'Fake A' });
	await rig.find(episode(id), { kind: 'grab' }, 1);
	await rig.client('down');
	await rig.command(searchEpisodes(id));
}

/** A search by hand shows these; the first can be grabbed. */
export const offered = async (
	rig: Rig,
	ref: Parameters<Rig['find']>[0],
	...more: string[][]
): Promise<void> => {
	await ready(rig);
	await rig.offer(ref, [[], ...more]);
};
