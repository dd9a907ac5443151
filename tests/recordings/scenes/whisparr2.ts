// What must happen before the recorded exchanges with Whisparr 2.
import { episode, ready, type Scenes, searchEpisodes, searchSeason, season, type Step } from './types';

const one = { name: 'Fake A' };
const grab = { kind: 'grab', fate: 'stall' } as const;

const commands: Record<number, Step> = {
	3: (rig) => rig.indexers(one),
	21: (rig) => rig.indexers({ ...one, blocked: false }),
	26: (rig) => rig.indexers({ ...one, latency: 10 }),
	27: (rig) => rig.wait(3),
	29: (rig) => rig.wait(0),
	39: async (rig) => {
		await rig.wait(60);
		await ready(rig);
		await rig.find(episode(3), grab, 1);
	},
	40: async (rig) => {
		await rig.find(season(1, 2018), grab, 1);
	},
	42: (rig) => rig.offer(episode(6), [['Episode number not found in release']]),
	44: (rig) => rig.offer(episode(12), [[]]),
	46: (rig) => rig.feed(episode(8)),
	47: (rig) => rig.indexers({ ...one, tags: ['spare'] }),
	48: (rig) => rig.indexers({ ...one, automatic: false }),
	49: (rig) => rig.indexers({ ...one, answers: 'error' }),
	51: (rig) => rig.indexers({ ...one, blocked: false }),
	52: (rig) => rig.change('Fake A', { answers: '429', retryAfter: 90 }),
	53: (rig) => rig.indexers({ ...one, blocked: false, answers: 'reset' }),
	54: async (rig) => {
		await rig.indexers({ ...one, blocked: false });
		await rig.client('down');
		await rig.find(episode(20), { kind: 'grab' }, 1);
	},
	56: async (rig) => {
		await rig.offer(episode(20), [[]]);
		await rig.get('/api/v3/release?episodeId=20');
	},
	57: async (rig) => {
		await rig.client('up');
		await rig.feed(episode(20));
	},
	58: async (rig) => {
		await rig.indexers({ ...one, latency: 60 });
		await rig.recorded(86, searchEpisodes(16), 'client/1 d-0050', 5);
		await rig.restart();
	},
	61: (rig) => rig.indexers(one, { name: 'Fake B', answers: 'error' }),
	64: (rig) => rig.wait(660),
};

const failed =
	(answers: 'error' | '429'): Step =>
	async (rig) => {
		await rig.indexers({ ...one, answers, blocked: false });
		await rig.command(searchEpisodes(20));
		await rig.wait(10);
	};

const health: Record<number, Step> = {
	1: async (rig) => {
		await rig.freshInstance({ offline: false });
		await ready(rig);
		await rig.command(searchSeason(1, 0));
		await rig.wait(10);
	},
	2: async (rig) => {
		await rig.indexers({ ...one, blocked: false, tags: ['spare'] });
		await rig.wait(10);
	},
	3: async (rig) => {
		await rig.indexers({ ...one, automatic: false });
		await rig.wait(10);
	},
	4: failed('error'),
	6: failed('429'),
	7: async (rig) => {
		await rig.indexers({ ...one, blocked: false });
		await rig.command(searchEpisodes(21));
		await rig.untilRefreshed();
		await rig.client('down');
		await rig.find(episode(20), { kind: 'grab' }, 1);
		await rig.command(searchEpisodes(20), undefined, 15);
	},
	8: async (rig) => {
		await rig.client('up');
		await rig.indexers(one, { name: 'Fake B', answers: 'error' });
		await rig.command(searchEpisodes(20));
		await rig.wait(120);
	},
	9: async (rig) => {
		await rig.indexers({ ...one, blocked: false });
		await rig.command(searchEpisodes(21));
		await rig.client('down');
		await rig.wait(120);
	},
};

const history: Record<number, Step> = {
	0: async (rig) => {
		await ready(rig);
		await rig.mark();
		await rig.byHand(episode(12));
		await rig.find(episode(3), grab, 1);
		await rig.command(searchEpisodes(3));
	},
	4: async (rig) => {
		await rig.feed(episode(8));
		await rig.command({ name: 'RssSync' });
	},
};

const paused: Step = async (rig) => {
	await rig.indexers(one);
	await rig.client('paused');
	await rig.find(episode(7), grab, 1);
	await rig.command(searchEpisodes(7));
	await rig.wait(10);
};

const queue: Record<number, Step> = {
	0: paused,
	3: async (rig) => {
		for (const id of [1, 5]) {
			await rig.find(episode(id), { kind: 'grab', fate: 'stall', release: { quality: 'Bluray-1080p' } }, 1);
			await rig.command(searchEpisodes(id));
		}
		await rig.wait(10);
	},
	4: async (rig) => {
		await rig.untilRefreshed();
		await rig.client('down');
		await rig.find(episode(20), { kind: 'grab' }, 1);
		await rig.command(searchEpisodes(20), undefined, 15);
	},
	5: (rig) => rig.wait(120),
};

export const whisparr2Scenes: Scenes = {
	commands: { before: commands },
	health: { options: { offline: true }, before: health },
	history: { before: history },
	queue: { before: queue },
	webhooks: {
		before: {
			0: ready,
			2: async (rig) => {
				await rig.find(episode(7), grab, 1);
				await rig.command(searchEpisodes(7));
				await rig.find(episode(3), grab, 1);
				await rig.command(searchEpisodes(3));
			},
		},
	},
};
