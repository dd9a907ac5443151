// `/health`: checks run at start, every six hours, on events (some seconds later), and by command.
import type { App } from '../app.ts';
import type { Timer } from '../clock.ts';
import { drive } from '../process.ts';
import type { Indexer } from '../state/model.ts';
import { FAILURES, type HealthEntry } from './texts.ts';

const LONG_TERM = 6 * 3_600_000;
const QUIET_AFTER_START = 15 * 60_000;
type Area = 'indexers' | 'clients' | 'notifications' | 'movies';
const AREAS: Area[] = ['indexers', 'clients', 'notifications', 'movies'];

export class Health {
	private readonly shown = new Map<string, HealthEntry>();
	private readonly due = new Map<Area, Timer>();
	private unsent: { restored: boolean; entry: HealthEntry }[] = [];
	private clientTrouble = false;

	constructor(private readonly app: App) {}

	entries(): HealthEntry[] {
		return [...this.shown.values()];
	}

	forget(): void {
		this.shown.clear();
		this.due.clear();
		this.unsent = [];
		this.clientTrouble = [...this.app.store.clients.values()].some(
			(client) => client.enabled && !client.reachable,
		);
	}

	indexersChanged(): void {
		this.soon('indexers', this.app.traits.family === 'whisparr2' ? 1000 : 5000, 5000);
	}

	/** Radarr notices a refused grab by itself. */
	clientRefused(): void {
		this.clientTrouble = true;
		this.soon('clients', 7000, 13_000);
	}

	queueRefreshed(): void {
		const trouble = [...this.app.store.clients.values()].some(
			(client) => client.enabled && !client.reachable,
		);
		const told = this.shown.has('DownloadClientCheck') || this.shown.has('DownloadClientStatusCheck');
		if (trouble === this.clientTrouble && !told) return;
		this.clientTrouble = trouble;
		this.soon('clients', 5000, 5000);
	}

	settingsChanged(): void {
		this.soon('indexers', 5000, 5000);
		this.soon('clients', 5000, 5000);
	}

	notificationsChanged(): void {
		this.soon('notifications', 5000, 5000);
	}

	moviesChanged(): void {
		this.soon('movies', 5000, 5000);
	}

	/** The whole round: at start, every six hours, by `CheckHealth`. */
	checkAll(): void {
		this.clientTrouble = [...this.app.store.clients.values()].some(
			(client) => client.enabled && !client.reachable,
		);
		if (this.app.options.offline && this.app.traits.family === 'whisparr2') return;
		for (const area of AREAS) this.check(area);
	}

	/** After the quiet time following a start: what has been found meanwhile is sent. */
	flush(): void {
		for (const { restored, entry } of this.unsent.splice(0)) this.send(restored, entry);
	}

	private soon(area: Area, low: number, high: number): void {
		if (this.due.has(area)) return;
		const delay = this.app.random.between(low, high + 900);
		const timer = this.app.later(delay, () => {
			this.due.delete(area);
			this.check(area);
		});
		this.due.set(area, timer);
	}

	private check(area: Area): void {
		const sources = SOURCES[area];
		const found = CHECKS[area](this.app, this.clientTrouble);
		for (const source of sources) {
			const entry = found.find((candidate) => candidate.source === source);
			const known = this.shown.get(source);
			if (entry === undefined) {
				if (known !== undefined) this.tell(true, known);
				this.shown.delete(source);
				continue;
			}
			this.shown.set(source, entry);
			if (known?.type !== entry.type) this.tell(false, entry);
		}
	}

	private tell(restored: boolean, entry: HealthEntry): void {
		const young = this.app.clock.now() - this.app.startTime < QUIET_AFTER_START;
		if (young) this.unsent.push({ restored, entry });
		else this.send(restored, entry);
	}

	private send(restored: boolean, entry: HealthEntry): void {
		const { source, type, message, fragment } = entry;
		const wikiUrl = `https://wiki.servarr.com/${this.app.traits.appName.toLowerCase()}/system#${fragment}`;
		const subject = { health: { source, type, message, wikiUrl } };
		const process = this.app.webhooks.send(restored ? 'HealthRestored' : 'Health', subject);
		this.app.later(0, () => drive(this.app.clock, process, () => this.app.running));
	}
}

const SOURCES: Record<Area, string[]> = {
	indexers: ['IndexerRssCheck', 'IndexerSearchCheck', 'IndexerStatusCheck', 'IndexerLongTermStatusCheck'],
	clients: ['DownloadClientCheck', 'DownloadClientStatusCheck'],
	notifications: ['NotificationStatusCheck'],
	movies: ['RemovedMovieCheck'],
};

const CHECKS: Record<Area, (app: App, clientTrouble: boolean) => HealthEntry[]> = {
	indexers: checkIndexers,
	clients: checkClients,
	notifications: checkNotifications,
	movies: checkMovies,
};

function checkIndexers(app: App): HealthEntry[] {
	const all = [...app.store.indexers.values()];
	return [...checkRss(app, all), ...checkSearch(app, all), ...checkStatus(app, all)];
}

function checkRss(app: App, all: Indexer[]): HealthEntry[] {
	const enabled = all.filter((indexer) => indexer.rss);
	if (enabled.length === 0) {
		const message = `No indexers available with RSS sync enabled, ${app.traits.appName} will not grab new releases automatically`;
		return [{ source: 'IndexerRssCheck', type: 'error', message, fragment: fragmentOf(message) }];
	}
	if (!enabled.every((indexer) => app.indexers.isBlocked(indexer))) return [];
	const message = 'All rss-capable indexers are temporarily unavailable due to recent indexer errors';
	return [{ source: 'IndexerRssCheck', type: 'warning', message, fragment: FAILURES }];
}

function checkSearch(app: App, all: Indexer[]): HealthEntry[] {
	const source = 'IndexerSearchCheck';
	const name = app.traits.appName;
	const automatic = all.filter((indexer) => indexer.automatic);
	if (automatic.length === 0) {
		const message = `No indexers available with Automatic Search enabled, ${name} will not provide any automatic search results`;
		return [{ source, type: 'warning', message, fragment: fragmentOf(message) }];
	}
	if (!all.some((indexer) => indexer.interactive)) {
		const message = `No indexers available with Interactive Search enabled, ${name} will not provide any interactive search results`;
		return [
			{ source, type: 'warning', message, fragment: 'no-indexers-available-with-interactive-search-enabled' },
		];
	}
	if (!automatic.every((indexer) => app.indexers.isBlocked(indexer))) return [];
	const message = 'All search-capable indexers are temporarily unavailable due to recent indexer errors';
	return [{ source, type: 'warning', message, fragment: FAILURES }];
}

function checkStatus(app: App, all: Indexer[]): HealthEntry[] {
	const now = app.clock.now();
	const enabled = all.filter((indexer) => indexer.rss || indexer.automatic || indexer.interactive);
	const blocked = enabled.filter((indexer) => app.indexers.isBlocked(indexer));
	const isLong = (indexer: Indexer) => now - (indexer.firstFailure ?? now) > LONG_TERM;
	const entries: HealthEntry[] = [];
	const add = (source: string, group: Indexer[], suffix: string) => {
		if (group.length === 0) return;
		const isAll = group.length === enabled.length;
		const names = group.map((indexer) => indexer.name).join(', ');
		const message = isAll
			? `All indexers are unavailable due to failures${suffix}`
			: `Indexers unavailable due to failures${suffix}: ${names}`;
		entries.push({ source, type: isAll ? 'error' : 'warning', message, fragment: FAILURES });
	};
	add(
		'IndexerStatusCheck',
		blocked.filter((indexer) => !isLong(indexer)),
		'',
	);
	add('IndexerLongTermStatusCheck', blocked.filter(isLong), ' for more than 6 hours');
	return entries;
}

function checkClients(app: App, clientTrouble: boolean): HealthEntry[] {
	const enabled = [...app.store.clients.values()].filter((client) => client.enabled);
	if (enabled.length === 0) {
		const message = 'No download client is available';
		return [
			{
				source: 'DownloadClientCheck',
				type: 'warning',
				message,
				fragment: 'no-download-client-is-available',
			},
		];
	}
	const entries: HealthEntry[] = [];
	const away = clientTrouble ? enabled.find((client) => !client.reachable) : undefined;
	if (away !== undefined) {
		const reason =
			app.traits.family === 'radarr'
				? 'Connection refused (client.example:8080)'
				: 'Failed to connect to qBittorrent, please check your settings.';
		const message = `Unable to communicate with ${away.name}. ${reason}`;
		entries.push({
			source: 'DownloadClientCheck',
			type: 'error',
			message,
			fragment: 'unable-to-communicate-with-download-client',
		});
	}
	const blocked = enabled.filter((client) => (client.blockedUntil ?? 0) > app.clock.now());
	if (blocked.length > 0) {
		const isAll = blocked.length === enabled.length;
		const names = blocked.map((client) => client.name).join(', ');
		const message = isAll
			? 'All download clients are unavailable due to failures'
			: `Download clients unavailable due to failures: ${names}`;
		const fragment = 'download-clients-are-unavailable-due-to-failures';
		entries.push({
			source: 'DownloadClientStatusCheck',
			type: isAll ? 'error' : 'warning',
			message,
			fragment,
		});
	}
	return entries;
}

function checkNotifications(app: App): HealthEntry[] {
	const all = [...app.store.notifications.values()];
	const blocked = all.filter((one) => (one.blockedUntil ?? 0) > app.clock.now());
	if (blocked.length === 0) return [];
	const isAll = blocked.length === all.length;
	const names = blocked.map((one) => one.name).join(', ');
	const message = isAll
		? 'All notifications are unavailable due to failures'
		: `Notifications unavailable due to failures: ${names}`;
	const fragment = 'notifications-are-unavailable-due-to-failures';
	return [{ source: 'NotificationStatusCheck', type: isAll ? 'error' : 'warning', message, fragment }];
}

function checkMovies(app: App): HealthEntry[] {
	const removed = [...app.store.movies.values()].filter((movie) => movie.status === 'deleted');
	const first = removed[0];
	if (first === undefined) return [];
	const message =
		removed.length === 1
			? `Movie ${first.title} (tmdbid ${first.tmdbId}) was removed from TMDb`
			: `Movies ${removed.map((movie) => `${movie.title} (tmdbid ${movie.tmdbId})`).join(', ')} were removed from TMDb`;
	return [{ source: 'RemovedMovieCheck', type: 'error', message, fragment: 'movie-was-removed-from-tmdb' }];
}

function fragmentOf(message: string): string {
	return message
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-|-$/g, '');
}
