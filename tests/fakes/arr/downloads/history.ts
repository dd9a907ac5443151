// Writing history rows and blocklist entries.
import type { App } from '../app.ts';
import { instant } from '../json.ts';
import { hashText, hex } from '../random.ts';
import { dotted } from '../resources/text.ts';
import type { Download, DownloadClient, HistoryRow, MediaFile, Release } from '../state/model.ts';
import { scoreOf } from '../state/profiles.ts';

type Data = Record<string, string | null>;
const RELEASE_TYPE = (release: Release) =>
	release.pack ? 'SeasonPack' : release.episodeIds.length > 1 ? 'MultiEpisode' : 'SingleEpisode';

export class HistoryWriter {
	constructor(private readonly app: App) {}

	add(row: Omit<HistoryRow, 'id' | 'date'>, date = this.app.clock.now()): HistoryRow {
		const whole: HistoryRow = { id: this.app.store.nextId('history'), date, ...row };
		this.app.store.history.push(whole);
		return whole;
	}

	/** One row per episode, some milliseconds apart; returns the moment of the last. */
	grabbed(release: Release, downloadId: string | null, client: DownloadClient, source: string): void {
		const data = this.grabbedData(release, downloadId, client, source);
		this.forEachItem(release, (episodeId, index) => {
			this.add(
				{ ...this.ofRelease(release), event: 'grabbed', episodeId, downloadId, data: { ...data } },
				this.app.clock.now() + index,
			);
		});
	}

	imported(download: Download, episodeId: number, file: MediaFile, client: DownloadClient): void {
		const { release } = download;
		const name = file.name ?? release.title;
		this.add({
			...this.ofRelease(release),
			title: name,
			event: 'downloadFolderImported',
			episodeId,
			downloadId: shownId(download, client),
			data: {
				fileId: String(file.id),
				droppedPath: `/data/downloads/${release.title}/${name}.mkv`,
				importedPath: `/data/media/${name}.mkv`,
				downloadClient: typeOf(client),
				downloadClientName: client.name,
				releaseGroup: release.group,
				customFormatScore: String(this.scoreFor(release)),
				size: String(file.size),
				...this.flags(release),
			},
		});
	}

	fileDeleted(file: MediaFile, episodeIds: number[], reason: 'Manual' | 'MissingFromDisk' | 'Upgrade'): void {
		const isSeries = this.app.traits.shape === 'series';
		const owner = this.app.store.series.get(file.ownerId) ?? this.app.store.movies.get(file.ownerId);
		const extra: Data = this.app.traits.family === 'whisparr2' ? {} : { indexerFlags: '0' };
		if (this.app.traits.family === 'sonarr') extra.releaseType = 'SingleEpisode';
		for (const episodeId of isSeries ? episodeIds : [0]) {
			this.add({
				event: 'fileDeleted',
				episodeId,
				seriesId: isSeries ? file.ownerId : 0,
				movieId: isSeries ? 0 : file.ownerId,
				title: `/data/media/${dotted(owner?.title ?? '')}/${file.name ?? file.id}.mkv`,
				quality: file.quality,
				revision: file.revision,
				repack: file.repack,
				formats: file.formats,
				downloadId: null,
				data: { reason, releaseGroup: file.group, size: String(file.size), ...extra },
			});
		}
	}

	failed(release: Release, downloadId: string | null, client: DownloadClient | null, message: string): void {
		const { traits } = this.app;
		const byHand = message === 'Manually marked as failed';
		const data: Data = {
			downloadClient: client === null ? null : typeOf(client),
			downloadClientName: byHand && traits.family === 'sonarr' ? null : (client?.name ?? null),
			message,
			releaseGroup: byHand && traits.family === 'sonarr' ? null : release.group,
			size: byHand && traits.family === 'sonarr' ? null : String(release.size),
		};
		if (traits.kind === 'sonarr5') data.source = null;
		if (traits.kind === 'sonarr5' || traits.shape === 'movie') data.indexer = this.indexerName(release);
		this.forEachItem(release, (episodeId) => {
			this.add({
				...this.ofRelease(release),
				event: 'downloadFailed',
				episodeId,
				downloadId,
				data: { ...data },
			});
		});
		this.blocklist(release, message);
	}

	ignored(download: Download, client: DownloadClient): void {
		const data: Data = {
			downloadClient: typeOf(client),
			downloadClientName: client.name,
			message: 'Manually ignored',
		};
		if (this.app.traits.kind === 'sonarr5') {
			const { release } = download;
			const indexer = this.indexerName(release);
			const known = { releaseGroup: release.group, size: String(release.size), indexer };
			Object.assign(data, known, { releaseType: RELEASE_TYPE(release) });
		}
		this.forEachItem(download.release, (episodeId) => {
			const row = { ...this.ofRelease(download.release), event: 'downloadIgnored' as const };
			this.add({ ...row, episodeId, downloadId: download.id, data: { ...data } });
		});
	}

	private blocklist(release: Release, message: string): void {
		this.app.store.blocklist.push({
			id: this.app.store.nextId('blocklist'),
			date: this.app.clock.now(),
			seriesId: release.seriesId,
			movieId: release.movieId,
			episodeIds: [...release.episodeIds],
			title: release.title,
			quality: release.quality,
			revision: release.revision,
			indexer: this.indexerName(release),
			protocol: release.protocol,
			message,
		});
	}

	private ofRelease(release: Release) {
		return {
			seriesId: release.seriesId,
			movieId: release.movieId,
			title: release.title,
			quality: release.quality,
			revision: release.revision,
			repack: release.repack,
			formats: release.formats,
		};
	}

	private forEachItem(release: Release, write: (episodeId: number, index: number) => void): void {
		if (release.movieId > 0) write(0, 0);
		else release.episodeIds.forEach((id, index) => write(id, index));
	}

	private indexerName(release: Release): string {
		return this.app.store.indexers.get(release.indexerId)?.name ?? 'Unknown';
	}

	private scoreFor(release: Release): number {
		const owner = this.app.store.series.get(release.seriesId) ?? this.app.store.movies.get(release.movieId);
		return owner === undefined ? 0 : scoreOf(this.app.store.profileOf(owner), release.formats);
	}

	private flags(release: Release): Data {
		if (this.app.traits.family === 'whisparr2' || this.app.traits.nancy) return {};
		const data: Data = { indexerFlags: '0' };
		if (this.app.traits.family === 'sonarr') data.releaseType = RELEASE_TYPE(release);
		return data;
	}

	private grabbedData(
		release: Release,
		downloadId: string | null,
		client: DownloadClient,
		source: string,
	): Data {
		const { traits } = this.app;
		const hours = (this.app.clock.now() - release.published) / 3_600_000;
		const address = `http://indexer.example/${release.indexerId}`;
		const data: Data = {
			indexer: this.indexerName(release),
			nzbInfoUrl: `${address}/details/${release.title}`,
			releaseGroup: release.group,
			age: String(Math.floor(hours / 24)),
			ageHours: String(hours),
			ageMinutes: String(hours * 60),
			publishedDate: instant(release.published),
			downloadClient: typeOf(client),
			downloadClientName: client.name,
			size: String(release.size),
			downloadUrl: `${address}/dl/${release.title}.torrent?apikey=INDEXERSECRET&passkey=SECRETPASSKEY`,
			guid: `${address}/details/${release.title}?passkey=SECRETPASSKEY`,
		};
		if (traits.shape === 'series') data.tvdbId = '0';
		if (traits.family === 'sonarr') Object.assign(data, { tvRageId: '0', imdbId: null });
		if (traits.shape === 'movie') {
			data.tmdbId = String(this.app.store.movies.get(release.movieId)?.tmdbId ?? 0);
			if (traits.family === 'radarr') data.imdbId = '0';
		}
		data.protocol = release.protocol === 'usenet' ? '1' : '2';
		data.customFormatScore = String(this.scoreFor(release));
		data[traits.shape === 'series' ? 'seriesMatchType' : 'movieMatchType'] = release.matchedById
			? 'Id'
			: 'Title';
		if (traits.releaseSource) data.releaseSource = source;
		Object.assign(data, this.flags(release));
		if (traits.shape === 'movie') data.indexerId = String(release.indexerId);
		// a release that was parked comes back without what the torrent file told
		if (release.protocol === 'torrent' && release.parked !== true) {
			data.torrentInfoHash = downloadId ?? hex(40, hashText(release.title)).toUpperCase();
		}
		return data;
	}
}

export function typeOf(client: DownloadClient): string {
	return client.implementation === 'QBittorrent' ? 'qBittorrent' : 'Torrent Blackhole';
}

/** What the queue and an import call a download: a blackhole client knows its file alone, and makes an id of that. */
export function shownId(download: Download, client: DownloadClient): string {
	if (client.implementation !== 'TorrentBlackhole') return download.id;
	return `${client.name}_${download.release.title}_${download.addedAt}0000`;
}
