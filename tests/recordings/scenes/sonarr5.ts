// What must happen before the recorded exchanges with Sonarr 5.
import type { Outcome } from '../../fakes/arr/control/contract';
import { offered, refused, slow, stalled, threeSingles, upgrade, upgradeOutcome, winterPack } from './shows';
import { episode, ready, type Scenes, searchEpisodes, searchSeason, season, type Step } from './types';

const blockedPack: Outcome = {
	kind: 'grabPack',
	release: { pack: true, downloadSeconds: 1, fate: 'manual' },
};

const lifecycle: Record<number, Step> = {
	3: async (rig) => {
		await ready(rig);
		await rig.find(winterPack, { kind: 'grabPack' }, 1);
	},
	5: async (rig) => {
		await rig.untilRefreshed();
		await rig.indexers(slow);
	},
	10: (rig) => rig.wait(3),
	20: (rig) => rig.restart(),
	21: (rig) => rig.wait(120),
	23: async (rig) => {
		await rig.indexers({ name: 'Fake A' });
		await rig.find(episode(120), upgradeOutcome, 1);
	},
	27: (rig) => rig.find(episode(121), upgradeOutcome, 1),
	29: (rig) => rig.ownSearch(episode(109)),
	30: (rig) => rig.feed(episode(18)),
	31: (rig) => rig.indexers({ name: 'Fake A', automatic: false }),
	32: (rig) => rig.indexers({ name: 'Fake A' }),
	50: async (rig) => {
		await rig.recorded(64, searchEpisodes(14), 'Comradarr/0.1 (22222222-2222-4222-8222-222222222222)');
		await rig.wait(1020);
	},
	51: (rig) => rig.indexers({ name: 'Fake A', answers: 'error' }),
	54: (rig) => rig.indexers({ name: 'Fake A', answers: '429', retryAfter: 120 }),
	55: async (rig) => {
		await rig.indexers({ name: 'Fake A' });
		await rig.client('down');
		await rig.find(episode(113), { kind: 'grab' }, 1);
	},
	56: (rig) => rig.indexers({ name: 'Fake A' }, { name: 'Fake B', answers: 'error' }),
	57: (rig) => rig.wait(90_000),
	58: async (rig) => {
		await ready(rig);
		await rig.findSingles(season(1, 2), [14, 15, 16]);
	},
};

const grabImport: Record<number, Step> = {
	0: (rig) => rig.indexers({ name: 'Fake A' }),
	3: async (rig) => {
		await upgrade(rig);
		await rig.wait(200);
	},
	4: (rig) =>
		offered(
			rig,
			episode(110),
			['Not a preferred word upgrade for existing episode file(s)'],
			['Unknown Series'],
		),
	8: (rig) => rig.noteFile(44, 120),
	9: (rig) => offered(rig, episode(108)),
	10: (rig) => offered(rig, episode(26)),
	11: (rig) => offered(rig, episode(5), ['Existing file meets cutoff: WEB 1080p']),
	12: (rig) => offered(rig, season(1, 1)),
};

const health: Record<number, Step> = {
	1: async (rig) => {
		await ready(rig);
		await rig.wait(120);
	},
	2: async (rig) => {
		await rig.indexers({ name: 'Fake A', automatic: false });
		await rig.wait(10);
	},
	3: async (rig) => {
		await rig.indexers({ name: 'Fake A', interactive: false });
		await rig.wait(10);
	},
	4: async (rig) => {
		await rig.indexers({ name: 'Fake A' });
		await rig.wait(10);
		await rig.indexers({ name: 'Fake A', answers: 'error' });
		await rig.wait(10);
		await rig.command(searchEpisodes(14), undefined, 1);
	},
	5: (rig) => rig.wait(7),
	6: (rig) => rig.wait(70),
	7: async (rig) => {
		await rig.change('Fake A', { answers: 'ok' });
		await rig.command(searchEpisodes(14));
		await rig.wait(10);
	},
	8: async (rig) => {
		await rig.change('Fake A', { answers: '429', retryAfter: 120 });
		await rig.command(searchEpisodes(14));
		await rig.wait(10);
	},
	9: async (rig) => {
		await rig.indexers({ name: 'Fake A', blocked: false });
		await rig.client('down');
		await rig.wait(120);
	},
	10: async (rig) => {
		await rig.client('up');
		await rig.wait(120);
	},
	11: async (rig) => {
		await rig.indexers({ name: 'Fake A' }, { name: 'Fake B', answers: 'error' });
		await rig.command(searchEpisodes(14));
		await rig.wait(10);
	},
	12: async (rig) => {
		await rig.indexers({ name: 'Fake A' });
		await rig.command(searchEpisodes(14));
		await rig.wait(10);
	},
	13: (rig) => rig.blockWebhook(),
};

const history: Record<number, Step> = {
	0: async (rig) => {
		await ready(rig);
		await rig.find(winterPack, { kind: 'grabPack', release: { pack: true, downloadSeconds: 60 } }, 1);
		await rig.mark();
		await rig.command(searchSeason(10, 1), undefined, 10);
	},
	1: (rig) => rig.wait(240),
	2: async (rig) => {
		await rig.wait(5);
		await upgrade(rig);
		await rig.wait(240);
	},
	3: async (rig) => {
		await rig.find(episode(109), stalled, 2);
		await rig.wait(5);
		await rig.mark();
		await rig.command(searchEpisodes(109));
		await rig.noteGrab();
	},
	4: (rig) => rig.wait(30),
	6: (rig) => rig.ignoreDownload(),
	7: async (rig) => {
		await rig.byHand(episode(110), { kind: 'grabThenImport', release: { downloadSeconds: 1 } });
		await rig.wait(240);
	},
	8: async (rig) => {
		await rig.wait(5);
		await rig.mark();
		await rig.feed(episode(18), { downloadSeconds: 1 });
		await rig.command({ name: 'RssSync' });
		await rig.wait(240);
	},
	11: async (rig) => {
		await rig.wait(5);
		await rig.mark();
		await rig.fileVanishes(episode(120));
	},
	12: async (rig) => {
		await rig.wait(5);
		await threeSingles(rig);
	},
};

const queue: Record<number, Step> = {
	0: async (rig) => {
		await ready(rig);
		await rig.find(winterPack, blockedPack, 1);
		await rig.command(searchSeason(10, 1), undefined, 3);
		await rig.untilQueued('importPending');
	},
	1: (rig) => rig.untilQueued('importBlocked'),
	2: (rig) => rig.untilQueued('importPending'),
	3: (rig) => rig.untilQueued('importBlocked'),
	4: async (rig) => {
		await rig.freshInstance();
		await upgrade(rig);
		await rig.untilQueued('importPending');
	},
	5: async (rig) => {
		await rig.freshInstance();
		await upgrade(rig, 121);
		await rig.untilQueued('importPending');
	},
	6: async (rig) => {
		await rig.freshInstance();
		await rig.stalledDownload(109);
	},
	12: (rig) => rig.noteQueueRow(2013007975),
	15: async (rig) => {
		await rig.stalledDownload(110);
		await rig.noteQueueRow(772036397);
	},
	16: async (rig) => {
		await rig.freshInstance();
		await rig.stalledDownload(111);
		await rig.noteQueueRow(1185109096);
	},
	17: async (rig) => {
		await rig.freshInstance();
		await refused(rig);
	},
	20: async (rig) => {
		await rig.freshInstance();
		await ready(rig);
		await rig.delayed(episode(114));
		await rig.delayed(episode(115));
	},
};

const webhooks: Record<number, Step> = {
	0: ready,
	9: (rig) => rig.noteNotification(3, 'quiet'),
	12: (rig) => rig.registerWebhook('comradarr'),
	16: async (rig) => {
		await rig.freshInstance();
		await ready(rig);
		await rig.registerWebhook('Comradarr');
		await rig.find(winterPack, blockedPack, 1);
		await rig.command(searchSeason(10, 1));
		await rig.wait(120);
		await rig.healImports();
		await rig.wait(240);
		await rig.find(episode(120), upgradeOutcome, 1);
		await rig.command(searchEpisodes(120));
		await rig.wait(240);
		await rig.fileVanishes(episode(120));
		await rig.healthComesAndGoes();
	},
};

const fewSearches: Step = async (rig) => {
	await rig.wait(400);
	await rig.command(searchSeason(1, 1));
	await rig.command(searchEpisodes(14), 'Comradarr/0.1 (list)');
	await rig.wait(100);
	await rig.command(searchSeason(3, 1), undefined, 0.5);
};

const based: Step = (rig) => rig.freshInstance({ urlBase: '/sonarr' });

export const sonarr5Scenes: Scenes = {
	'command-lifecycle': { before: lifecycle },
	commands: { before: { 2: (rig) => rig.wait(100), 3: fewSearches } },
	'front-door': { before: { 48: based } },
	'grab-import': { before: grabImport },
	health: { before: health },
	history: { before: history },
	queue: { before: queue },
	v5: {
		before: {
			3: async (rig) => {
				await threeSingles(rig);
				await rig.wait(120);
			},
		},
	},
	webhooks: { before: webhooks },
};
