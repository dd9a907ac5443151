// What must happen before the recorded exchanges with Radarr 6.
import type { Outcome } from '../../fakes/arr/control/contract';
import type { Rig } from '../rig';
import { movie, type Scenes, searchMovies, type Step } from './types';

const alpha = { name: 'Alpha' };
const rssOnly = { name: 'Feed', automatic: false, interactive: false };
const stalled = { kind: 'grab', fate: 'stall' } as const;
const imported = (quality: string) =>
	({
		kind: 'grabThenImport',
		release: { quality, downloadSeconds: 1, group: 'GRP', formats: ['x265'] },
	}) satisfies Outcome;

async function ready(rig: Rig): Promise<void> {
	await rig.indexers(alpha);
	await rig.client('up');
}

async function grabbed(
	rig: Rig,
	id: number,
	outcome: Parameters<Rig['find']>[1] = stalled,
	seconds = 12,
): Promise<void> {
	await ready(rig);
	await rig.find(movie(id), outcome, 1);
	await rig.command(searchMovies(id), 'Comradarr/0.1.0 (d-0100)', seconds);
}

async function dropped(rig: Rig): Promise<void> {
	await rig.indexers(alpha);
	await rig.client('down');
	await rig.find(movie(30), { kind: 'grab' }, 1);
}

const searched: Step = async (rig) => {
	await rig.indexers(alpha);
	await rig.command(searchMovies(27, 1, 2));
};

const answers =
	(kind: 'error' | '401' | '429' | '503'): Step =>
	(rig) =>
		rig.indexers({ ...alpha, answers: kind, retryAfter: kind === '429' ? 90 : null });

const lifecycle: Record<number, Step> = {
	0: async (rig) => {
		await rig.indexers(alpha);
		await rig.recorded(26, searchMovies(1), 'Comradarr/0.1.0 (d-0001)');
		await rig.indexers({ ...alpha, latency: 45 }, { name: 'Beta', latency: 45 });
	},
	1: (rig) => rig.wait(5),
	3: (rig) => rig.untilMessage(105, /^Performing/),
	4: (rig) => rig.wait(3),
	19: (rig) => rig.restart(),
	20: (rig) => rig.wait(200),
	21: async (rig) => {
		await ready(rig);
		await rig.find(movie(2), stalled, 1);
		await rig.command(searchMovies(2));
	},
	22: async (rig) => {
		await rig.indexers(alpha);
		await rig.recorded(26, searchMovies(1), 'Comradarr/0.1.0 (d-0001)');
	},
	23: async (rig) => {
		await rig.recorded(28, searchMovies(99999));
		await rig.recorded(38, searchMovies(), `L${'x'.repeat(3999)}`);
		await rig.wait(660);
	},
};

const commands: Record<number, Step> = {
	3: (rig) => rig.indexers(alpha),
	4: (rig) => rig.wait(100),
	5: (rig) => rig.wait(0.3),
	39: (rig) => rig.wait(30),
	40: (rig) => rig.wait(5),
	41: (rig) => rig.wait(5),
	42: (rig) => rig.wait(5),
	43: (rig) => rig.wait(5),
	44: (rig) => rig.wait(5),
	45: (rig) => rig.wait(5),
	46: (rig) => rig.wait(5),
	48: (rig) => rig.indexers({ ...alpha, automatic: false }),
	51: (rig) => rig.indexers({ ...alpha, tags: ['nomatch'] }),
	54: (rig) => rig.indexers({ ...alpha, tags: ['idxonly'] }),
	57: answers('error'),
	63: answers('429'),
	69: answers('429'),
	75: answers('503'),
	81: answers('401'),
	87: (rig) => rig.indexers(alpha, { name: 'Beta', answers: 'error' }),
};

const grabImport: Record<number, Step> = {
	0: async (rig) => {
		await rig.indexers(alpha);
		await rig.find(movie(33), { kind: 'grab' }, 1);
	},
	4: async (rig) => {
		await rig.client('up');
		await rig.find(movie(36), imported('WEBDL-720p'), 1);
	},
	8: (rig) => rig.wait(240),
	9: async (rig) => {
		await rig.noteFile(15, 36);
		await rig.find(movie(36), imported('WEBDL-1080p'), 1);
	},
	13: (rig) => rig.wait(240),
	15: (rig) => rig.find(movie(13), stalled, 1),
	18: (rig) => rig.find(movie(12), stalled, 1),
	21: (rig) => rig.offer(movie(34), [[], ['Not allowed'], ['Wrong movie']]),
	24: (rig) => rig.ownSearch(movie(34), true),
	26: async (rig) => {
		await rig.command({ name: 'RssSync' });
		await rig.feedRejected(movie(13), movie(12), movie(34));
	},
	29: async (rig) => {
		await rig.find(movie(35), stalled, 2);
		await rig.command(searchMovies(35));
		await rig.wait(10);
	},
	32: (rig) => rig.feedDelayed(movie(32)),
	35: (rig) => rig.find(movie(32), stalled, 1),
	38: dropped,
	41: (rig) => rig.find(movie(30), { kind: 'grab' }, 1),
	44: (rig) => rig.feedRejected(movie(30)),
	47: (rig) => rig.find(movie(30), { kind: 'grab' }, 1),
	50: (rig) => rig.feedRejected(movie(30)),
	53: async (rig) => {
		await rig.client('up');
		await rig.noteFile(18, 36);
	},
	54: (rig) => rig.find(movie(38), { kind: 'grabThenBlockedById' }, 1),
	57: (rig) => rig.find(movie(14), stalled, 1),
	60: (rig) => rig.wait(8),
	63: (rig) => rig.find(movie(19), stalled, 1),
	72: async (rig) => {
		await rig.client('blackhole');
		await rig.find(movie(16), { kind: 'grab' }, 1);
	},
	75: async (rig) => {
		await dropped(rig);
		await rig.wait(600);
	},
	78: async (rig) => {
		await rig.client('up');
		await rig.feedRejected(movie(30));
	},
};

const failed =
	(kind: 'error' | '401' | '429'): Step =>
	async (rig) => {
		await rig.indexers({ ...alpha, answers: kind, retryAfter: kind === '429' ? 90 : null }, rssOnly);
		await rig.command(searchMovies(33));
		await rig.wait(10);
	};

const health: Record<number, Step> = {
	0: async (rig) => {
		await rig.indexers({ ...alpha, automatic: false }, rssOnly);
		await rig.wait(10);
	},
	1: async (rig) => {
		await rig.indexers({ ...alpha, interactive: false }, rssOnly);
		await rig.wait(10);
	},
	2: async (rig) => {
		await rig.indexers({ ...alpha, tags: ['nomatch'] });
		await rig.wait(10);
	},
	3: failed('error'),
	4: failed('429'),
	5: failed('429'),
	6: failed('401'),
	7: async (rig) => {
		await rig.indexers({ ...alpha, blocked: false });
		await rig.command(searchMovies(33));
		await rig.wait(10);
	},
	9: async (rig) => {
		await dropped(rig);
		await rig.command(searchMovies(30));
		await rig.wait(20);
	},
	11: async (rig) => {
		await rig.client('up');
		await rig.wait(120);
	},
	12: async (rig) => {
		await rig.freshInstance({ removedMovies: 0 });
		await rig.del('/api/v3/movie/24?deleteFiles=false');
		await rig.client('up');
		await rig.indexers(alpha, { name: 'Beta', answers: 'error' });
		await rig.command(searchMovies(33));
		await rig.wait(120);
	},
	13: async (rig) => {
		await rig.indexers({ ...alpha, answers: 'error' });
		await rig.command(searchMovies(33));
		await rig.wait(10);
	},
	14: async (rig) => {
		await rig.indexers({ ...alpha, blocked: false });
		await rig.command(searchMovies(33));
		await rig.blockWebhook({ besideGood: true, clientAway: true });
	},
};

const history: Record<number, Step> = {
	0: async (rig) => {
		await rig.mark();
		await grabbed(rig, 36, imported('WEBDL-720p'));
	},
	1: async (rig) => {
		await rig.wait(240);
		await grabbed(rig, 36, imported('WEBDL-1080p'));
		await rig.wait(240);
	},
	3: async (rig) => {
		await rig.byHand(movie(34), stalled);
		await rig.noteGrab();
		await rig.ownSearch(movie(34), true, true);
	},
	4: async (rig) => {
		await rig.mark();
		await rig.feed(movie(35));
		await rig.command({ name: 'RssSync' });
		await rig.ownSearch(movie(35), false);
	},
	6: async (rig) => {
		await rig.noteFile(18, 36);
		await rig.del('/api/v3/moviefile/18');
	},
	10: async (rig) => {
		await rig.wait(2);
		await grabbed(rig, 38);
		await rig.noteDownload('21F6B55A97BAAFFEA8B4302796CE1419293DAB87', 38);
	},
	13: (rig) => grabbed(rig, 19),
	14: (rig) => rig.doubleGrab(18),
	15: async (rig) => {
		await rig.client('blackhole');
		await rig.find(movie(16), imported('WEBDL-1080p'), 1);
		await rig.command(searchMovies(16), undefined, 3);
	},
	16: (rig) => rig.wait(240),
};

const queue: Record<number, Step> = {
	0: async (rig) => {
		await rig.indexers(alpha);
		await rig.find(movie(33), { kind: 'grab' }, 1);
		await rig.command(searchMovies(33));
	},
	2: async (rig) => {
		await rig.freshInstance();
		await grabbed(
			rig,
			36,
			{ kind: 'grabThenManual', release: { downloadSeconds: 1, quality: 'WEBDL-720p' } },
			3,
		);
		await rig.untilQueued('importPending warning');
	},
	5: async (rig) => {
		await rig.find(movie(36), { kind: 'grab', release: { quality: 'WEBDL-1080p', downloadSeconds: 200 } }, 1);
		await rig.command(searchMovies(36), undefined, 2.5);
		await rig.untilQueued('importPending warning', 'downloading ok');
	},
	6: (rig) => rig.untilQueued('importPending ok'),
	7: (rig) => rig.untilQueued('importPending warning'),
	8: async (rig) => {
		await rig.freshInstance();
		await grabbed(rig, 36, { kind: 'grabThenManual', release: { downloadSeconds: 1 } });
		await rig.wait(120);
	},
	9: async (rig) => {
		await rig.freshInstance();
		await grabbed(rig, 12);
		await rig.wait(10);
	},
	10: async (rig) => {
		await rig.freshInstance();
		const release = { quality: 'WEBDL-720p', downloadSeconds: 9, formats: ['x265'] };
		await grabbed(rig, 36, { kind: 'grabThenImport', release }, 2.5);
		await rig.untilQueued('downloading');
	},
	11: (rig) => rig.untilQueued('importPending'),
	12: async (rig) => {
		await rig.freshInstance();
		await rig.indexers(alpha);
		await rig.find(movie(33), { kind: 'grab' }, 1);
		await rig.command(searchMovies(33));
		await grabbed(rig, 12);
		await grabbed(rig, 13);
		await grabbed(rig, 34);
		await rig.wait(120);
		await grabbed(rig, 2, { kind: 'grab', release: { downloadSeconds: 4000 } }, 8);
	},
	15: (rig) => rig.noteQueueRow(226728567, 12),
	17: (rig) => rig.noteQueueRow(993073570, 13),
	19: async (rig) => {
		await grabbed(rig, 32, stalled);
		await rig.wait(5);
		await rig.noteQueueRow(1370753030, 32);
	},
	20: async (rig) => {
		await rig.freshInstance();
		await grabbed(rig, 35, { kind: 'grab', release: { downloadSeconds: 4000 } });
	},
	22: (rig) => rig.delayed(movie(32)),
	23: async (rig) => {
		await rig.find(movie(32), { kind: 'grab', release: { downloadSeconds: 4000 } }, 1);
		await rig.command(searchMovies(32), undefined, 3.2);
	},
	24: async (rig) => {
		await dropped(rig);
		await rig.command(searchMovies(30));
	},
	26: (rig) => rig.client('up'),
	27: async (rig) => {
		await rig.find(movie(38), { kind: 'grabThenBlockedById', release: { downloadSeconds: 1 } }, 1);
		await rig.command(searchMovies(38));
		await rig.untilQueued('importBlocked');
	},
	29: async (rig) => {
		await rig.find(movie(19), { kind: 'grab', release: { downloadSeconds: 4000 } }, 1);
		await rig.command(searchMovies(19), undefined, 8);
	},
	30: async (rig) => {
		await rig.client('blackhole');
		await rig.find(movie(16), { kind: 'grab' }, 1);
		await rig.command(searchMovies(16));
	},
};

const webhooks: Record<number, Step> = {
	0: ready,
	15: (rig) => rig.noteNotification(1, 'Comradarr'),
	16: (rig) => rig.find(movie(27), stalled, 1),
	22: async (rig) => {
		await rig.freshInstance();
		await ready(rig);
		await rig.registerWebhook('Comradarr');
		await grabbed(rig, 36, imported('WEBDL-720p'));
		await rig.wait(240);
		await grabbed(rig, 36, imported('WEBDL-1080p'));
		await rig.wait(240);
		await grabbed(rig, 38, { kind: 'grabThenBlockedById', release: { downloadSeconds: 1 } });
		await rig.wait(240);
		await rig.healthComesAndGoes();
		await rig.del('/api/v3/movie/24?deleteFiles=false');
		await rig.wait(30);
	},
};

export const radarr6Scenes: Scenes = {
	'command-lifecycle': { before: lifecycle },
	commands: { before: commands },
	'front-door': {
		before: { 54: (rig) => rig.freshInstance({ urlBase: '/radarr' }), 64: (rig) => rig.freshInstance() },
	},
	'grab-import': { before: grabImport },
	health: { options: { removedMovies: 1 }, before: health },
	history: { before: history },
	library: { before: { 4: searched, 22: (rig) => rig.del('/api/v3/movie/24?deleteFiles=false') } },
	queue: { before: queue },
	wanted: { before: { 3: searched } },
	webhooks: { before: webhooks },
};
