// Tracked downloads: the queue snapshot, its refresh, what happens when a download ends, and removals.
import type { App } from '../app.ts';
import type { Process } from '../process.ts';
import { hash } from '../random.ts';
import { STEPS } from '../search/indexers.ts';
import type { Timer } from '../clock.ts';
import type { Download, DownloadClient, Release } from '../state/model.ts';

export interface QueueEntry {
	id: number;
	download: Download;
	episodeId: number;
}

const FIVE_MINUTES = 5 * 60_000;

export class Downloads {
	/** The snapshot that answers are made of; empty until the first refresh. */
	private rows: QueueEntry[] = [];
	private soon: Timer | null = null;

	constructor(private readonly app: App) {}

	snapshot(): QueueEntry[] {
		return this.rows;
	}

	forget(): void {
		this.rows = [];
		this.soon = null;
	}

	/** Removes a finished, deleted or failed download everywhere. */
	drop(download: Download): void {
		this.app.store.downloads.delete(download.id);
		this.rows = this.rows.filter((row) => row.download !== download);
	}

	/** Best quality downloading or parked for this item, by the last snapshot. */
	queuedQuality(item: { movieId: number } | { episodeId: number }): number | null {
		for (const { download } of this.rows) {
			if (covers(download.release, item)) return download.release.quality;
		}
		return null;
	}

	/** True also for what the snapshot does not show yet, and for parked releases. */
	hasUnderWay(item: { movieId: number } | { episodeId: number }): boolean {
		const { downloads, pending } = this.app.store;
		for (const download of downloads.values()) if (covers(download.release, item)) return true;
		return pending.some((one) => covers(one.release, item));
	}

	/** A grab or an import brings the refresh forward, once for several. */
	refreshSoon(): void {
		if (this.soon !== null) return;
		this.soon = this.app.later(this.app.random.between(1000, 5000), () => {
			this.soon = null;
			this.app.own('RefreshMonitoredDownloads');
		});
	}

	*refresh(): Process {
		yield 40;
		const rows: QueueEntry[] = [];
		for (const client of this.app.store.clients.values()) {
			if (client.enabled && this.reach(client)) rows.push(...this.rowsOf(client));
		}
		this.rows = rows;
		this.app.health.queueRefreshed();
	}

	/** Imports and failures of what the last refresh saw. */
	*process(): Process {
		for (const download of [...this.app.store.downloads.values()]) {
			if (!this.rows.some((row) => row.download === download)) continue;
			if (download.state === 'failed') yield* this.fail(download, 'Failed download detected');
			else if (download.state === 'completed') yield* this.app.importer.import(download);
		}
	}

	*fail(download: Download, message: string): Process {
		const client = this.app.store.clients.get(download.clientId) ?? null;
		download.importState = 'failedPending';
		yield 30;
		this.app.history.failed(download.release, download.id, client, message);
		this.drop(download);
		if (this.app.options.autoRedownloadFailed) this.searchAgain(download.release);
	}

	/** The application's own search after a failure. */
	searchAgain(release: Release): void {
		if (release.movieId > 0) this.app.own('MoviesSearch', { movieIds: [release.movieId] });
		else if (release.pack) {
			this.app.own('SeasonSearch', { seriesId: release.seriesId, seasonNumber: release.season });
		} else this.app.own('EpisodeSearch', { episodeIds: [...release.episodeIds] });
	}

	/** Moves the downloads of a client to what they are by now. */
	advance(client: DownloadClient): void {
		const now = this.app.clock.now();
		for (const download of this.app.store.downloads.values()) {
			if (download.clientId !== client.id || download.doneAt > now) continue;
			if (download.state !== 'downloading' && download.state !== 'queued') continue;
			const { fate } = download.release;
			if (fate === 'vanish') this.drop(download);
			else download.state = fate === 'fail' ? 'failed' : 'completed';
			if (download.state === 'completed' && download.importState === 'downloading') {
				download.importState = 'importPending';
			}
		}
	}

	private reach(client: DownloadClient): boolean {
		const now = this.app.clock.now();
		if (client.blockedUntil !== null && client.blockedUntil > now) return false;
		if (client.reachable) {
			client.failingSince = null;
			client.blockedUntil = null;
			client.level = 0;
			return true;
		}
		client.failingSince ??= now;
		if (now - client.failingSince > FIVE_MINUTES) {
			client.level = Math.min(STEPS.length - 1, Math.max(2, client.level + 1));
			client.blockedUntil = now + (STEPS[client.level] ?? FIVE_MINUTES);
		}
		return false;
	}

	private rowsOf(client: DownloadClient): QueueEntry[] {
		this.advance(client);
		const rows: QueueEntry[] = [];
		for (const download of this.app.store.downloads.values()) {
			if (download.clientId !== client.id || download.state === 'gone') continue;
			if (client.implementation === 'TorrentBlackhole' && download.state === 'downloading') continue;
			const items = download.release.movieId > 0 ? [0] : download.release.episodeIds;
			for (const episodeId of items) {
				if (download.imported.includes(episodeId) && download.release.fate !== 'partial') continue;
				rows.push({ id: rowId(client.id, download.id, episodeId), download, episodeId });
			}
		}
		return rows;
	}
}

function rowId(clientId: number, downloadId: string, episodeId: number): number {
	return hash(clientId, episodeId, parseInt(downloadId.slice(0, 8), 16)) & 0x7fffffff;
}

function covers(release: Release, item: { movieId: number } | { episodeId: number }): boolean {
	if ('movieId' in item) return release.movieId === item.movieId;
	return release.episodeIds.includes(item.episodeId);
}
