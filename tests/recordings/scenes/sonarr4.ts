// What must happen before the recorded exchanges with Sonarr 4.
import { offered, refused, slow, threeSingles, upgrade, upgradeOutcome, winterPack } from './shows';
import { episode, ready, type Scenes, searchEpisodes, searchSeason, season, type Step } from './types';

const lifecycle: Record<number, Step> = {
	3: (rig) => rig.indexers({ name: 'Fake A' }),
	15: async (rig) => {
		await ready(rig);
		await rig.find(winterPack, { kind: 'grabPack' }, 1);
	},
	16: (rig) => rig.find(episode(120), upgradeOutcome, 1),
	18: async (rig) => {
		await rig.findSingles(season(1, 2), [14, 15, 16]);
	},
	19: (rig) => rig.feed(episode(18)),
	20: async (rig) => {
		await rig.client('down');
		await rig.find(episode(113), { kind: 'grab' }, 1);
	},
	21: (rig) => rig.indexers({ name: 'Fake A', automatic: false }),
	22: (rig) => rig.indexers({ name: 'Fake A', answers: 'error' }),
	24: async (rig) => {
		await rig.untilRefreshed();
		await rig.indexers(slow);
		await rig.client('up');
	},
	29: (rig) => rig.wait(3),
	39: (rig) => rig.restart(),
	40: (rig) => rig.wait(3),
	42: async (rig) => {
		await rig.indexers({ name: 'Fake A' });
		await rig.wait(100);
		await rig.recorded(9, searchEpisodes(14), 'Comradarr/0.1 (22222222-2222-4222-8222-222222222222)');
		await rig.wait(660);
	},
	43: async (rig) => {
		await rig.indexers({ name: 'Fake A' });
		await rig.client('disabled');
		await rig.find(episode(114), { kind: 'grab' }, 1);
	},
	44: async (rig) => {
		await rig.client('up');
		await rig.ownSearch(episode(115));
	},
};

const grabImport: Record<number, Step> = {
	0: (rig) => rig.indexers({ name: 'Fake A' }),
	2: (rig) => offered(rig, episode(4), ['Existing file meets cutoff: WEB 1080p']),
	3: (rig) => offered(rig, episode(26), ['Existing file and the Quality profile does not allow upgrades']),
	4: (rig) => offered(rig, season(1, 1), ['Existing file meets cutoff: WEB 1080p']),
	5: async (rig) => {
		await upgrade(rig);
		await rig.wait(200);
	},
	6: (rig) => offered(rig, episode(110)),
	9: async (rig) => {
		await offered(rig, episode(113));
		await rig.get('/api/v3/release?episodeId=113');
		await rig.client('down');
	},
};

const health: Record<number, Step> = {
	1: async (rig) => {
		await ready(rig);
		await rig.wait(120);
		await refused(rig);
	},
	2: (rig) => rig.wait(100),
	3: async (rig) => {
		await rig.indexers({ name: 'Fake A', automatic: false });
		await rig.wait(10);
	},
	4: async (rig) => {
		await rig.indexers({ name: 'Fake A', answers: 'error' });
		await rig.command(searchEpisodes(14));
		await rig.wait(10);
	},
	5: async (rig) => {
		await rig.indexers({ name: 'Fake A', blocked: false });
		await rig.client('disabled');
		await rig.command(searchEpisodes(14));
		await rig.wait(120);
	},
};

const history: Record<number, Step> = {
	0: async (rig) => {
		await ready(rig);
		await rig.find(winterPack, { kind: 'grabPack', release: { pack: true, downloadSeconds: 1 } }, 1);
		await rig.mark();
		await rig.command(searchSeason(10, 1));
		await rig.wait(240);
	},
	1: async (rig) => {
		await rig.wait(5);
		await upgrade(rig);
		await rig.wait(240);
	},
	2: async (rig) => {
		await rig.wait(5);
		await threeSingles(rig);
	},
	3: async (rig) => {
		await rig.wait(5);
		await rig.mark();
		await rig.byHand(episode(110));
		await rig.feed(episode(18));
		await rig.command({ name: 'RssSync' });
	},
	4: async (rig) => {
		await rig.wait(5);
		await rig.mark();
		await rig.noteGrab();
	},
	5: (rig) => rig.wait(5),
	7: async (rig) => {
		await rig.wait(5);
		await rig.mark();
		await rig.parkTwo(113, 114);
	},
};

const queue: Record<number, Step> = {
	0: async (rig) => {
		await upgrade(rig);
		await rig.untilQueued('importPending');
	},
	1: async (rig) => {
		await rig.wait(240);
		await threeSingles(rig);
		await rig.wait(120);
	},
	5: (rig) => refused(rig),
	8: async (rig) => {
		await rig.freshInstance();
		await rig.indexers({ name: 'Fake A' });
		await rig.client('disabled');
		await rig.find(episode(114), { kind: 'grab' }, 1);
		await rig.command(searchEpisodes(114));
	},
	9: async (rig) => {
		await rig.freshInstance();
		await threeSingles(rig);
		await rig.wait(120);
		await rig.client('down');
		await rig.wait(120);
	},
	11: async (rig) => {
		await rig.freshInstance();
		await rig.indexers({ name: 'Fake A' });
		await rig.client('disabled');
		await rig.find(episode(114), { kind: 'grab' }, 1);
		await rig.command(searchEpisodes(114));
		await rig.client('up');
		await rig.noteQueueRow(502238989);
	},
};

const webhooks: Record<number, Step> = {
	0: ready,
	2: async (rig) => {
		await rig.find(winterPack, { kind: 'grabPack', release: { pack: true, downloadSeconds: 1 } }, 1);
		await rig.command(searchSeason(10, 1));
		await rig.wait(240);
		await rig.find(episode(120), upgradeOutcome, 1);
		await rig.command(searchEpisodes(120));
		await rig.wait(240);
	},
};

export const sonarr4Scenes: Scenes = {
	'command-lifecycle': { before: lifecycle },
	commands: { before: { 2: (rig) => rig.wait(100), 3: (rig) => rig.wait(100) } },
	'grab-import': { before: grabImport },
	health: { before: health },
	history: { before: history },
	queue: { before: queue },
	webhooks: { before: webhooks },
};
