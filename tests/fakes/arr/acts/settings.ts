// Indexers, download clients and delay profiles: how they are made and changed.
import type { App } from '../app.ts';
import type { DelayProfileSetup, DownloadClientSetup, IndexerSetup } from '../control/contract.ts';
import type { DelayProfile, DownloadClient, Indexer } from '../state/model.ts';

const HOUR = 3_600_000;

/** Five indexers of a household: one by invitation for anime, one for RSS only. */
export const REALISTIC_INDEXERS: IndexerSetup[] = [
	{ name: 'Lantern', priority: 10 },
	{ name: 'Open Harbour', priority: 25 },
	{ name: 'Kumo Tracker', priority: 20, tags: ['anime'] },
	{ name: 'Night Feed', automatic: false, interactive: false },
	{ name: 'Slow Archive', priority: 50, latency: 6 },
];

export function addIndexer(app: App, setup: IndexerSetup): Indexer {
	const id = app.store.nextId('indexers');
	const indexer: Indexer = {
		id,
		name: `Indexer ${id}`,
		rss: true,
		automatic: true,
		interactive: true,
		protocol: 'torrent',
		priority: 25,
		tags: [],
		answers: 'ok',
		retryAfter: null,
		latency: 1,
		animeStandardFormatSearch: false,
		textOnly: false,
		level: 0,
		blockedUntil: null,
		firstFailure: null,
		lastRequest: -Infinity,
		fields: null,
	};
	app.store.indexers.set(id, indexer);
	changeIndexer(app, indexer, setup);
	return indexer;
}

export function changeIndexer(app: App, indexer: Indexer, setup: IndexerSetup): void {
	const { tags, blocked, ...plain } = setup;
	Object.assign(indexer, plain);
	if (tags !== undefined) indexer.tags = tags.map((label) => app.store.tag(label).id);
	if (blocked === true) {
		const now = app.clock.now();
		Object.assign(indexer, { level: 5, firstFailure: now, blockedUntil: now + HOUR });
	}
	if (blocked === false) Object.assign(indexer, { level: 0, firstFailure: null, blockedUntil: null });
	app.health.settingsChanged();
}

export function addClient(app: App, setup: DownloadClientSetup): DownloadClient {
	const id = app.store.nextId('clients');
	const client: DownloadClient = {
		id,
		name: id === 1 ? 'qBit' : `qBit ${id}`,
		enabled: true,
		reachable: true,
		implementation: 'QBittorrent',
		protocol: 'torrent',
		priority: 1,
		tags: [],
		addsPaused: false,
		category: app.traits.appName.toLowerCase(),
		failingSince: null,
		level: 0,
		blockedUntil: null,
		fields: null,
	};
	app.store.clients.set(id, client);
	changeClient(app, client, setup);
	return client;
}

/** Whether it is reachable is noticed only by the next refresh or grab. */
export function changeClient(app: App, client: DownloadClient, setup: DownloadClientSetup): void {
	const { tags, ...plain } = setup;
	Object.assign(client, plain);
	if (tags !== undefined) client.tags = tags.map((label) => app.store.tag(label).id);
	if (setup.enabled !== undefined) app.health.settingsChanged();
}

export function addDelayProfile(app: App, setup: DelayProfileSetup): DelayProfile {
	const { tags, ...plain } = setup;
	const general = app.store.delayProfiles.get(1);
	if (tags === undefined && general !== undefined) return Object.assign(general, plain);
	const id = app.store.nextId('delayProfiles');
	const profile: DelayProfile = {
		id,
		enableUsenet: true,
		enableTorrent: true,
		usenetDelay: 0,
		torrentDelay: 0,
		preferredProtocol: 'usenet',
		bypassIfHighestQuality: true,
		order: id,
		tags: (tags ?? []).map((label) => app.store.tag(label).id),
		...plain,
	};
	app.store.delayProfiles.set(id, profile);
	return profile;
}
