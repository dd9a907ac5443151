// The control server's side: instances, clock, and everything a test may do or ask.
import { Clock } from '../clock.ts';
import { App } from '../app.ts';
import { Listener } from '../http/listener.ts';
import { isObject, textOf, type Json, type JsonObject } from '../json.ts';
import { snapshotOf } from '../reckoning/snapshot.ts';
import { allowedNow } from '../reckoning/allowed.ts';
import { truthOf } from '../reckoning/truth.ts';
import type * as C from './contract.ts';

type Method = (instance: Hosted, params: JsonObject) => unknown;

export interface Hosted {
	id: string;
	app: App;
	listener: Listener;
}

const DEFAULT_START = Date.UTC(2026, 10, 21, 12);

export class Service {
	readonly clock: Clock;
	private readonly hosted = new Map<string, Hosted>();
	private ids = 0;

	constructor(start = DEFAULT_START) {
		this.clock = new Clock(start);
	}

	async call(method: string, instance: string | undefined, params: JsonObject): Promise<Json> {
		const result =
			instance === undefined
				? await this.own(method, params)
				: await this.onInstance(method, instance, params);
		return (result ?? null) as Json;
	}

	private own(method: string, params: JsonObject): unknown {
		switch (method) {
			case 'now':
				return { now: this.clock.now(), mode: this.clock.getMode(), pending: this.clock.pending() };
			case 'set':
				return this.clock.set(Number(params.time));
			case 'advance':
				return this.clock.set(this.clock.now() + Number(params.ms));
			case 'rate':
				this.clock.setRate(Number(params.rate));
				if (params.time !== undefined) this.clock.rebase(Number(params.time));
				return this.clock.now();
			case 'create':
				return this.create(params as unknown as C.InstanceOptions);
			case 'list':
				return [...this.hosted.values()].map((one) => this.info(one));
			default:
				throw new Error(`No method ${method}`);
		}
	}

	private async create(options: C.InstanceOptions): Promise<C.InstanceInfo> {
		const app = new App(this.clock, { ...options, apiKey: options.apiKey ?? newKey() });
		const listener = new Listener(app);
		await listener.listen(options.port ?? 0);
		const hosted = { id: `i${++this.ids}`, app, listener };
		this.hosted.set(hosted.id, hosted);
		return this.info(hosted);
	}

	private info({ id, app, listener }: Hosted): C.InstanceInfo {
		const { urlBase, apiKey } = app.options;
		const port = listener.getPort();
		return { id, kind: app.traits.kind, url: `http://127.0.0.1:${port}${urlBase}`, port, apiKey };
	}

	private async onInstance(method: string, id: string, params: JsonObject): Promise<unknown> {
		const hosted = this.hosted.get(id);
		if (hosted === undefined) throw new Error(`No instance ${id}`);
		const run = METHODS[method];
		if (run !== undefined) return run(hosted, params);
		switch (method) {
			case 'restart':
				return this.restart(hosted, params);
			case 'swap':
				return this.swap(hosted, params as unknown as C.InstanceOptions);
			case 'stop':
				hosted.app.stop({});
				await hosted.listener.close();
				return null;
			case 'start':
				return this.startAgain(hosted, params);
			case 'remove':
				hosted.app.stop({});
				await hosted.listener.close();
				this.hosted.delete(id);
				return null;
			default:
				throw new Error(`No method ${method}`);
		}
	}

	private async restart(hosted: Hosted, options: C.RestartOptions): Promise<null> {
		const { app, listener } = hosted;
		app.stop(options);
		await listener.close();
		const down = options.downMs ?? 3000;
		if (down === 0) await this.startAgain(hosted, options);
		else this.clock.after(down, () => this.startAgain(hosted, options).then(() => undefined));
		return null;
	}

	private async startAgain(hosted: Hosted, options: C.RestartOptions): Promise<null> {
		hosted.app.start(options);
		await hosted.listener.listen();
		return null;
	}

	/** Another instance answers at this address from now on. */
	private swap(hosted: Hosted, options: C.InstanceOptions): C.InstanceInfo {
		hosted.app.stop({});
		const { apiKey, urlBase } = hosted.app.options;
		hosted.app = new App(this.clock, { apiKey, urlBase, ...options });
		hosted.listener.app = hosted.app;
		return this.info(hosted);
	}
}

/** Every application makes a key of its own. */
const newKey = (): string => crypto.randomUUID().replaceAll('-', '');

function commandsReceived({ listener }: Hosted): C.ReceivedCommand[] {
	return listener.received;
}

function item(params: JsonObject): {
	seriesId?: number;
	season?: number;
	episodeId?: number;
	movieId?: number;
} {
	return isObject(params.item) ? params.item : {};
}

const METHODS: Record<string, Method> = {
	requests: ({ listener }) => listener.log,
	clearRequests: ({ listener }) => {
		listener.log.length = 0;
		listener.received.length = 0;
	},
	commandsReceived,
	commands: ({ app }) =>
		app.commands.list().map((one) => ({ id: one.id, name: one.definition.name, status: one.status })),
	indexerSearches: ({ app }) => app.indexers.report(),
	clearIndexerSearches: ({ app }) => app.indexers.clear(),
	deliveries: ({ app }) => app.webhooks.deliveries,
	script: ({ app }, params) => {
		const times = params.times === undefined ? Infinity : Number(params.times);
		app.scripts.set(params.item as C.ItemRef, (params.outcome ?? null) as C.Outcome | null, times);
	},
	clearScripts: ({ app }) => app.scripts.clear(),
	searchDefault: ({ app }, params) => {
		app.options.searchDefault = params.value as C.SearchDefault;
	},
	option: ({ app }, params) => {
		Object.assign(app.options, params.values as JsonObject);
		app.store.touch();
	},
	fault: ({ listener }, params) => listener.faults.add(params as unknown as C.FaultSetup),
	clearFaults: ({ listener }, params) =>
		listener.faults.clear(params.id === undefined ? undefined : Number(params.id)),
	hold: ({ listener }, params) => listener.holds.add(params as unknown as C.HoldSetup),
	waitHeld: ({ listener }, params) =>
		listener.holds.wait(Number(params.id), Number(params.count ?? 1), Number(params.timeoutMs ?? 10_000)),
	release: ({ listener }, params) => listener.holds.release(Number(params.id), params.drop === true),
	addIndexer: ({ app }, params) => app.acts.addIndexer(params).id,
	setIndexer: ({ app }, params) => app.acts.setIndexer(Number(params.id), params.setup as C.IndexerSetup),
	removeIndexer: ({ app }, params) => app.acts.removeIndexer(Number(params.id)),
	addDownloadClient: ({ app }, params) => app.acts.addDownloadClient(params).id,
	setDownloadClient: ({ app }, params) =>
		app.acts.setDownloadClient(Number(params.id), params.setup as C.DownloadClientSetup),
	addDelayProfile: ({ app }, params) => app.acts.addDelayProfile(params),
	setMonitored: ({ app }, params) => app.acts.setMonitored(item(params), params.monitored === true),
	addSeries: ({ app }, params) => app.acts.addSeries(params).id,
	addEpisode: ({ app }, params) => app.acts.addEpisode(params as unknown as C.NewEpisode).id,
	addMovie: ({ app }, params) => app.acts.addMovie(params).id,
	deleteSeries: ({ app }, params) => app.acts.deleteSeries(Number(params.id)),
	deleteMovie: ({ app }, params) => app.acts.deleteMovie(Number(params.id)),
	deleteSeason: ({ app }, params) => app.acts.deleteSeason(Number(params.seriesId), Number(params.season)),
	deleteEpisode: ({ app }, params) => app.acts.deleteEpisode(Number(params.id)),
	deleteFile: ({ app }, params) =>
		app.acts.deleteFile(
			Number(params.id),
			params.reason === 'MissingFromDisk' ? 'MissingFromDisk' : 'Manual',
		),
	changeProfile: ({ app }, params) =>
		app.acts.changeProfile(params as unknown as Parameters<App['acts']['changeProfile']>[0]),
	assignProfile: ({ app }, params) => app.acts.assignProfile(item(params), textOf(params.profile)),
	editTags: ({ app }, params) => app.acts.editTags(item(params), params.labels as string[]),
	airEpisode: ({ app }, params) =>
		app.acts.airEpisode(Number(params.id), params.at as number | null | undefined),
	edit: ({ app }, params) => app.acts.edit(item(params), params.change as JsonObject),
	renumber: ({ app }, params) => app.acts.renumber(Number(params.id)).id,
	rssGrab: ({ app }, params) => app.acts.rssGrab(item(params)),
	feed: ({ app }, params) =>
		app.acts.feed(
			item(params),
			params.release as C.ReleaseSetup,
			params.delayMinutes === undefined ? null : Number(params.delayMinutes),
		),
	interactiveGrab: ({ app }, params) => app.acts.interactiveGrab(item(params)),
	otherToolSearch: ({ app }, params) =>
		app.acts.otherToolSearch(
			textOf(params.name),
			params.body as JsonObject,
			params.userAgent === undefined ? null : textOf(params.userAgent),
		),
	snapshot: ({ app }) => snapshotOf(app),
	truth: ({ app }, params) => truthOf(app, params),
	allowedNow: ({ app }, params) => allowedNow(app, params.item as C.ItemRef),
	slowWebhooks: ({ app }, params) => {
		for (const one of app.store.notifications.values()) one.slowSeconds = Number(params.seconds);
	},
	lockDatabase: ({ app }, params) => {
		app.databaseLocked = params.locked === true;
	},
	setDownload: ({ app }, params) => {
		const download = app.store.downloads.get(textOf(params.id));
		if (download === undefined) throw new Error(`No download ${textOf(params.id)}`);
		const { fate, ...change } = params.change as C.DownloadChange;
		Object.assign(download, change);
		if (fate !== undefined) download.release.fate = fate;
	},
};
