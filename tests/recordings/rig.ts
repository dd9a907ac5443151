// What the scenes do with the instance: indexers, clients, finds, grabs, imports, failures, webhooks.
import type {
	DownloadClientSetup,
	IndexerSetup,
	InstanceOptions,
	ItemRef,
	Outcome,
	ReleaseSetup,
} from '../fakes/arr/control/contract';
import { bedOf, closeBeds } from './bed';
import { isObject, type JsonObject, type Kind, textOf } from './load';
import { RigBase } from './rig-base';

export type ClientState = 'up' | 'down' | 'disabled' | 'blackhole' | 'paused';

const torrents: DownloadClientSetup = {
	enabled: true,
	reachable: true,
	implementation: 'QBittorrent',
	addsPaused: false,
};

const clients: Readonly<Record<ClientState, DownloadClientSetup>> = {
	up: torrents,
	down: { ...torrents, reachable: false },
	disabled: { ...torrents, enabled: false },
	blackhole: { ...torrents, implementation: 'TorrentBlackhole' },
	paused: { ...torrents, addsPaused: true },
};

export class Rig extends RigBase {
	static async open(kind: Kind, options: Partial<InstanceOptions>): Promise<Rig> {
		const rig = new Rig(kind, await bedOf(kind), options);
		await rig.start();
		return rig;
	}

	/** These indexers and no others. */
	indexers(...setups: IndexerSetup[]): Promise<void> {
		return this.instance.setIndexers(setups);
	}

	change(name: string, setup: IndexerSetup): Promise<void> {
		return this.instance.changeIndexer(name, setup);
	}

	async client(state: ClientState): Promise<void> {
		await this.instance.setClient(clients[state]);
	}

	/** What searches of an item find, from now on or as many times as told. */
	find(ref: ItemRef, outcome: Outcome, times?: number): Promise<void> {
		return this.instance.script(ref, outcome, times);
	}

	/** A search of the season finds one release for each of these episodes. */
	async findSingles(ref: ItemRef, episodeIds: number[]): Promise<void> {
		await this.instance.script(ref, { kind: 'nothing' });
		for (const episodeId of episodeIds) await this.find({ episodeId }, { kind: 'grab', fate: 'stall' }, 1);
	}

	/** A search by hand shows one release for each list of reasons against it. */
	async offer(ref: ItemRef, reasons: string[][]): Promise<void> {
		const releases = reasons.map((rejections, index) => ({
			group: `OFR${index}`,
			rejections,
			fate: 'stall' as const,
			...(this.kind === 'radarr6' && index === 0 ? { formats: ['x265'] } : {}),
		}));
		await this.find(ref, { kind: 'releases', releases });
	}

	restart(): Promise<void> {
		return this.instance.restart();
	}

	private releasesOf(ref: ItemRef): string {
		if (typeof ref === 'string') return '/api/v3/release';
		if ('movieId' in ref) return `/api/v3/release?movieId=${ref.movieId}`;
		if ('episodeId' in ref) return `/api/v3/release?episodeId=${ref.episodeId}`;
		return `/api/v3/release?seriesId=${ref.seriesId}&seasonNumber=${ref.season}`;
	}

	/** A grab by hand. */
	async byHand(ref: ItemRef, outcome: Outcome = { kind: 'grab', fate: 'stall' }): Promise<void> {
		await this.indexers({ name: this.isSeries ? 'Fake A' : 'Alpha' });
		await this.client('up');
		await this.find(ref, outcome, 1);
		await this.get(this.releasesOf(ref));
		const first = this.offered.find((one) => one['rejected'] !== true) ?? this.offered[0];
		await this.ask('POST', '/api/v3/release', {
			guid: first?.['guid'] ?? '',
			indexerId: first?.['indexerId'] ?? 1,
		});
		await this.wait(10);
	}

	private query(ref: ItemRef): JsonObject {
		if (typeof ref === 'string' || 'seriesId' in ref) throw new Error('An item was expected');
		if ('movieId' in ref) return { name: 'MoviesSearch', movieIds: [ref.movieId] };
		return { name: 'EpisodeSearch', episodeIds: [ref.episodeId] };
	}

	private async newestGrab(): Promise<JsonObject> {
		const rows = await this.records('/api/v3/history?pageSize=50&sortKey=date&sortDirection=descending');
		const found = rows.find((row) => row['eventType'] === 'grabbed');
		if (!found) throw new Error('Nothing was grabbed');
		return found;
	}

	/** The next `history/failed/<id>` is about the newest grab. */
	async noteGrab(): Promise<void> {
		const row = await this.newestGrab();
		for (const recorded of [15, 19]) this.learn('history', recorded, Number(row['id']));
	}

	async noteDownload(recorded: string, movieId: number): Promise<void> {
		const rows = await this.records(`/api/v3/history/movie?movieId=${movieId}`);
		this.learnText(recorded, textOf(rows[0]?.['downloadId']));
	}

	/** A recorded file id stands for the file that the movie or episode has now. */
	async noteFile(recorded: number, itemId: number): Promise<void> {
		const kind = this.isSeries ? 'episode' : 'movie';
		const item = await this.get(`/api/v3/${kind}/${itemId}`);
		if (isObject(item)) this.learn(`${kind}file`, recorded, Number(item[`${kind}FileId`]));
	}

	async noteQueueRow(recorded: number, itemId?: number): Promise<void> {
		const rows = await this.records('/api/v3/queue?pageSize=50');
		const row = rows.find(
			(one) => itemId === undefined || one[this.isSeries ? 'episodeId' : 'movieId'] === itemId,
		);
		if (!row) throw new Error('The queue has no such row');
		this.learn('queue', recorded, Number(row['id']));
	}

	/** The application searches by itself after a download was marked as failed; that command is asked for next. */
	async ownSearch(ref: ItemRef, finds = false, grabbed = false): Promise<void> {
		const command = this.query(ref);
		await this.indexers({ name: this.isSeries ? 'Fake A' : 'Alpha' });
		await this.client('up');
		if (!grabbed) {
			await this.find(ref, { kind: 'grab', fate: 'stall', release: { group: 'FIRST' } }, 1);
			await this.command(command);
		}
		const grab = await this.newestGrab();
		if (finds) await this.find(ref, { kind: 'grab', fate: 'stall', release: { group: 'SECOND' } }, 1);
		const row = (await this.records('/api/v3/queue?pageSize=50')).find(
			(one) => one['downloadId'] === grab['downloadId'],
		);
		// only a download that has left the queue is replaced by another
		if (finds && row) await this.ask('DELETE', `/api/v3/queue/${Number(row['id'])}?blocklist=true`);
		else await this.ask('POST', `/api/v3/history/failed/${Number(grab['id'])}`);
		await this.wait(20);
		const own = (await this.records('/api/v3/command')).filter(
			(one) => one['trigger'] === 'unspecified' && one['name'] === command['name'],
		);
		const newest = own.sort((a, b) => Number(b['id']) - Number(a['id']))[0];
		if (!newest) throw new Error('The application sent no search of its own');
		for (const recorded of [91, 131, 140]) this.learn('command', recorded, Number(newest['id']));
	}

	/** Until the queue has rows in all these states at once. */
	async untilQueued(...states: string[]): Promise<void> {
		const holds = async () => {
			const rows = await this.records('/api/v3/queue?pageSize=50');
			const told = rows.map(
				(row) => `${textOf(row['trackedDownloadState'])} ${textOf(row['trackedDownloadStatus'])}`,
			);
			return states.every((state) => told.some((one) => one.startsWith(state)));
		};
		await this.until(holds, `rows ${states.join(', ')}`);
	}

	/** Until just after the application has read its download client. */
	async untilRefreshed(): Promise<void> {
		const last = async () =>
			(await this.records('/api/v3/command'))
				.filter((one) => one['name'] === 'RefreshMonitoredDownloads' && one['status'] === 'completed')
				.reduce((most, one) => Math.max(most, Number(one['id'])), 0);
		const before = await last();
		await this.until(async () => (await last()) > before, 'a refresh of the queue', 1, 200);
	}

	async stalledDownload(id: number): Promise<void> {
		await this.indexers({ name: 'Fake A' });
		await this.client('up');
		await this.find({ episodeId: id }, { kind: 'grab', fate: 'stall' }, 1);
		await this.command({ name: 'EpisodeSearch', episodeIds: [id] });
		await this.wait(120);
	}

	/** A download is taken out of the queue, but left in the client. */
	async ignoreDownload(): Promise<void> {
		await this.stalledDownload(111);
		await this.mark();
		const row = (await this.records('/api/v3/queue?pageSize=50')).at(-1);
		await this.ask('DELETE', `/api/v3/queue/${Number(row?.['id'])}?removeFromClient=false`);
		await this.wait(2);
	}

	async doubleGrab(movieId: number): Promise<void> {
		await this.client('up');
		await this.indexers({ name: 'Alpha' });
		await this.find({ movieId }, { kind: 'grab', fate: 'stall' }, 2);
		await this.command({ name: 'MoviesSearch', movieIds: [movieId] }, undefined, 0);
		await this.command({ name: 'MoviesSearch', movieIds: [movieId, 19] });
	}

	async registerWebhook(name: string, path = '/webhooks/t0ken'): Promise<void> {
		const switches = ['onGrab', 'onDownload', 'onUpgrade', 'onImportComplete', 'onManualInteractionRequired'];
		const deletions = ['onEpisodeFileDelete', 'onEpisodeFileDeleteForUpgrade', 'onMovieFileDelete'];
		const others = ['onMovieFileDeleteForUpgrade', 'onMovieDelete', 'onHealthIssue', 'onHealthRestored'];
		const on = [...switches, ...deletions, ...others, 'includeHealthWarnings'].map(
			(key) => [key, true] as const,
		);
		const headers = [
			{
				key: 'X-Token',
				value: this.kind === 'radarr6' ? 'tok-1' : this.kind === 'whisparr3' ? 'tok-w' : 'abc',
			},
		];
		await this.ask('POST', '/api/v3/notification', {
			...Object.fromEntries(on),
			name,
			implementation: 'Webhook',
			configContract: 'WebhookSettings',
			tags: [],
			fields: [
				{ name: 'url', value: this.address(path) },
				{ name: 'method', value: 1 },
				{ name: 'username', value: 'comradarr' },
				{ name: 'password', value: 'hooksecret' },
				{ name: 'headers', value: headers },
			],
		});
	}

	/** Downloads whose import was blocked can be imported from now on. */
	async healImports(): Promise<void> {
		for (const row of await this.records('/api/v3/queue?pageSize=50'))
			await this.instance.heal(textOf(row['downloadId']));
	}

	async noteNotification(recorded: number, name: string): Promise<void> {
		const found = (await this.records('/api/v3/notification')).find((one) => one['name'] === name);
		if (found) this.learn('notification', recorded, Number(found['id']));
	}

	/** A webhook fails for so long that it is no longer called; another may be well, and the client be away at the end. */
	async blockWebhook(options: { besideGood?: boolean; clientAway?: boolean } = {}): Promise<void> {
		await this.indexers({ name: this.isSeries ? 'Fake A' : 'Alpha' });
		await this.client('up');
		await this.registerWebhook('failing', '/webhooks/flip');
		if (options.besideGood) await this.registerWebhook('good', '/webhooks/well');
		this.receiver.failing = 'flip';
		const ids = this.isSeries ? [109, 110, 111] : [1, 2, 19];
		for (const id of ids) {
			const ref = this.isSeries ? { episodeId: id } : { movieId: id };
			await this.find(ref, { kind: 'grab', fate: 'stall' }, 1);
			await this.command(this.query(ref));
			if (id !== ids.at(-1)) await this.wait(170);
		}
		if (options.clientAway) {
			await this.client('down');
			await this.wait(80);
		}
		await this.wait(15);
	}

	/** Something is wrong for a while, late enough after the start to be told. */
	async healthComesAndGoes(): Promise<void> {
		await this.wait(1000);
		const name = this.isSeries ? 'Fake A' : 'Alpha';
		const search = this.isSeries
			? { name: 'EpisodeSearch', episodeIds: [14] }
			: { name: 'MoviesSearch', movieIds: [2] };
		await this.indexers({ name, answers: 'error' });
		await this.command(search);
		await this.wait(400);
		await this.indexers({ name });
		await this.command(search);
		await this.wait(120);
	}

	async parkTwo(first: number, second: number): Promise<void> {
		await this.indexers({ name: 'Fake A' });
		await this.client('disabled');
		for (const id of [first, second]) {
			await this.find({ episodeId: id }, { kind: 'grab', fate: 'stall' }, 1);
			await this.command({ name: 'EpisodeSearch', episodeIds: [id] });
		}
		await this.client('up');
		await this.wait(5);
		const row = (await this.records('/api/v3/queue?pageSize=50')).find((one) => one['episodeId'] === first);
		await this.ask('POST', `/api/v3/queue/grab/${Number(row?.['id'])}`);
		await this.command({ name: 'RssSync' });
		await this.wait(5);
	}

	async fileVanishes(ref: ItemRef): Promise<void> {
		if (typeof ref === 'string' || !('episodeId' in ref)) throw new Error('An episode was expected');
		const episode = await this.get(`/api/v3/episode/${ref.episodeId}`);
		if (isObject(episode))
			await this.ask('DELETE', `/api/v3/episodefile/${Number(episode['episodeFileId'])}`);
		await this.wait(5);
	}

	/** The feed of the indexer has a release of each of these, to be grabbed by the next RSS sync. */
	feed(ref: ItemRef, release: ReleaseSetup = { fate: 'stall' }): Promise<void> {
		return this.instance.feed(ref, release);
	}

	/** These are found, but refused. */
	async feedRejected(...refs: ItemRef[]): Promise<void> {
		for (const ref of refs) await this.instance.feed(ref, { rejections: ['Already grabbed'] });
	}

	/** This is found, and held back for half an hour. */
	feedDelayed(ref: ItemRef): Promise<void> {
		return this.instance.feed(ref, { fate: 'stall' }, 30);
	}

	/** A release found by RSS that a delay profile holds back. */
	async delayed(ref: ItemRef): Promise<void> {
		await this.feedDelayed(ref);
		await this.command({ name: 'RssSync' });
	}
}

export const closeFakes = closeBeds;
