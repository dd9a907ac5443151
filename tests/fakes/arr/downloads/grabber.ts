// Handing a release to a download client: accepted, parked as pending, or dropped.
import type { App } from '../app.ts';
import type { Process } from '../process.ts';
import { hash, hex } from '../random.ts';
import type { Download, DownloadClient, PendingRelease, Release } from '../state/model.ts';

export type GrabResult = 'grabbed' | 'parked' | 'dropped';

export interface GrabOptions {
	/** Forced fate of the hand-over. */
	client?: 'parked' | 'dropped' | null;
	/** Delay profiles hold it back (RSS and the application's own searches). */
	delayed?: boolean;
}

const SPACING = 2000;

export class Grabber {
	constructor(private readonly app: App) {}

	*grab(
		release: Release,
		source: string,
		progress: (message: string) => void,
		options: GrabOptions = {},
	): Process<GrabResult> {
		const { app } = this;
		if (release.delayUntil !== null) return this.park(release, 'delay', release.delayUntil);
		const delay = options.delayed === true ? this.delayFor(release) : 0;
		if (delay > 0) return this.park(release, 'delay', app.clock.now() + delay);
		const client = this.clientFor(release);
		if (client === null)
			return this.park(release, 'downloadClientUnavailable', app.clock.now() + 15 * 60_000);
		yield* this.fetchFile(release);
		const refused = options.client ?? this.refusal(client);
		if (refused === 'parked') {
			yield 1000;
			return this.park(release, 'downloadClientUnavailable', app.clock.now() + 15 * 60_000);
		}
		if (refused === 'dropped') return 'dropped';
		const download = this.add(release, client);
		progress(this.report(release, client));
		yield* app.webhooks.send('Grab', { release, download, client });
		const shownId = client.implementation === 'TorrentBlackhole' ? null : download.id;
		app.history.grabbed(release, shownId, client, source);
		this.unpark(release);
		app.downloads.refreshSoon();
		return 'grabbed';
	}

	/** Immediately accepted, for acts of the user and RSS outside a command. */
	add(release: Release, client: DownloadClient): Download {
		const now = this.app.clock.now();
		const order = this.app.store.downloads.size + this.app.store.lastId('history');
		const id = hex(40, hash(this.app.options.seed, order), now, release.indexerId).toUpperCase();
		const stalled = release.fate === 'stall';
		const download: Download = {
			id,
			clientId: client.id,
			release,
			state: client.addsPaused ? 'paused' : stalled ? 'stalled' : 'downloading',
			size: release.size,
			addedAt: now,
			doneAt: stalled || release.fate === 'hang' ? Infinity : now + release.downloadSeconds * 1000,
			importState: 'downloading',
			messages: [],
			notified: false,
			imported: [],
		};
		this.app.store.downloads.set(id, download);
		return download;
	}

	park(release: Release, reason: PendingRelease['reason'], until: number): GrabResult {
		const known = this.app.store.pending.some((one) => one.release.title === release.title);
		if (!known) {
			const id = this.app.store.nextId('pending');
			const added = this.app.clock.now();
			const rowKey = hash(id, added, 17) & 0x7fffffff;
			release.parked = true;
			this.app.store.pending.push({ id, release, added, reason, until, rowKey });
		}
		return 'parked';
	}

	unpark(release: Release): void {
		const { pending } = this.app.store;
		for (let i = pending.length - 1; i >= 0; i--) {
			const one = pending[i];
			const same = one?.release.title === release.title;
			const sameMovie = release.movieId > 0 && one?.release.movieId === release.movieId;
			const sameEpisode = one?.release.episodeIds.some((id) => release.episodeIds.includes(id)) === true;
			if (same || sameMovie || sameEpisode) pending.splice(i, 1);
		}
	}

	clientFor(release: Release): DownloadClient | null {
		const fitting = [...this.app.store.clients.values()].filter((client) => {
			if (!client.enabled || client.protocol !== release.protocol) return false;
			const owner = this.app.store.series.get(release.seriesId) ?? this.app.store.movies.get(release.movieId);
			return client.tags.length === 0 || client.tags.some((tag) => owner?.tags.includes(tag) === true);
		});
		fitting.sort((a, b) => a.priority - b.priority || a.id - b.id);
		return fitting[0] ?? null;
	}

	private refusal(client: DownloadClient): 'parked' | 'dropped' | null {
		const blocked = client.blockedUntil !== null && client.blockedUntil > this.app.clock.now();
		const skipsBlocked = blocked && this.app.traits.family === 'radarr';
		if (client.reachable && !skipsBlocked) return null;
		if (!client.reachable && this.app.traits.family === 'radarr') this.app.health.clientRefused();
		return this.app.traits.refusedFind;
	}

	/** The torrent or nzb file comes from the indexer, under its 2 s rule. */
	private *fetchFile(release: Release): Process {
		const indexer = this.app.store.indexers.get(release.indexerId);
		if (indexer === undefined) return;
		const waitFor = Math.max(0, indexer.lastRequest + SPACING - this.app.clock.now());
		if (waitFor > 0) yield waitFor;
		this.app.indexers.ask(indexer, 'fetch', release.title, null, 'ok');
		yield 20;
	}

	private delayFor(release: Release): number {
		const owner = this.app.store.series.get(release.seriesId) ?? this.app.store.movies.get(release.movieId);
		const profiles = [...this.app.store.delayProfiles.values()].sort((a, b) => a.order - b.order);
		const fitting = profiles.find(
			(one) => one.tags.length === 0 || one.tags.some((tag) => owner?.tags.includes(tag) === true),
		);
		const minutes = release.protocol === 'torrent' ? fitting?.torrentDelay : fitting?.usenetDelay;
		const age = this.app.clock.now() - release.published;
		return Math.max(0, (minutes ?? 0) * 60_000 - age);
	}

	private report(release: Release, client: DownloadClient): string {
		const indexer = this.app.store.indexers.get(release.indexerId)?.name ?? 'Unknown';
		const movie = this.app.store.movies.get(release.movieId);
		if (movie === undefined) return `Report sent to ${client.name}. Indexer ${indexer}. ${release.title}`;
		const name = `${movie.title} (${movie.year})`;
		return `Report for ${name} sent to ${client.name} from indexer ${indexer}. ${release.title}`;
	}
}
