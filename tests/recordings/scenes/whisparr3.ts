// What must happen before the recorded exchanges with Whisparr 3.
import type { Rig } from '../rig';
import { movie, type Scenes, searchMovies, type Step } from './types';

const alpha = { name: 'Alpha' };
const stalled = { kind: 'grab', fate: 'stall' } as const;
const imported = (quality: string) =>
	({ kind: 'grabThenImport', release: { quality, downloadSeconds: 1, group: 'GRP' } }) as const;

async function ready(rig: Rig): Promise<void> {
	await rig.indexers(alpha);
	await rig.client('up');
}

async function importing(rig: Rig, quality: string, seconds = 12): Promise<void> {
	await ready(rig);
	await rig.find(movie(16), imported(quality), 1);
	await rig.command(searchMovies(16), 'Comradarr/0.1.0 (d-w2)', seconds);
}

const searched: Step = async (rig) => {
	await rig.indexers(alpha);
	await rig.command(searchMovies(1, 4, 7, 8, 10, 14, 15, 16, 17), undefined, 120);
};

const commands: Record<number, Step> = {
	3: (rig) => rig.indexers(alpha),
	42: async (rig) => {
		await rig.indexers({ ...alpha, latency: 45 });
		for (const id of [1, 2, 3]) await rig.command(searchMovies(id), undefined, 1);
		await rig.recorded(123, searchMovies(10), 'Comradarr/0.1.0 (d-w10)', 0);
	},
};

const grabImport: Record<number, Step> = {
	0: async (rig) => {
		await ready(rig);
		await rig.find(movie(16), imported('WEBDL-720p'), 1);
	},
	4: async (rig) => {
		await rig.wait(240);
		await rig.find(movie(16), imported('WEBDL-1080p'), 1);
	},
	8: (rig) => rig.wait(240),
	12: (rig) => rig.find(movie(5), stalled, 1),
};

const history: Record<number, Step> = {
	0: (rig) => rig.mark(),
	2: (rig) => importing(rig, 'WEBDL-720p'),
	3: async (rig) => {
		await rig.wait(240);
		await importing(rig, 'WEBDL-1080p');
		await rig.wait(240);
	},
};

const queue: Record<number, Step> = {
	1: async (rig) => {
		await importing(rig, 'WEBDL-720p', 3);
		await rig.untilQueued('importPending');
	},
	3: async (rig) => {
		await rig.wait(240);
		await rig.find(movie(16), { kind: 'grab', release: { quality: 'WEBDL-1080p', downloadSeconds: 200 } }, 1);
		await rig.command(searchMovies(16), undefined, 3);
		await rig.untilQueued('downloading');
	},
	4: (rig) => rig.untilQueued('importPending'),
};

export const whisparr3Scenes: Scenes = {
	commands: { before: commands },
	'front-door': { before: { 44: searched } },
	'grab-import': { before: grabImport },
	history: { before: history },
	queue: { before: queue },
	wanted: {
		before: { 3: searched, 6: (rig) => rig.freshInstance({ library: { preset: 'large', scenes: 12_000 } }) },
	},
	webhooks: {
		before: {
			0: ready,
			13: (rig) => rig.noteNotification(1, 'Comradarr'),
			15: async (rig) => {
				await rig.freshInstance();
				await rig.registerWebhook('Comradarr');
				await importing(rig, 'WEBDL-720p');
				await rig.wait(240);
				await importing(rig, 'WEBDL-1080p');
				await rig.wait(240);
			},
		},
	},
};
