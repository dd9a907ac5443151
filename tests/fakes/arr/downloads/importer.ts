// Import of a finished download: files replaced one by one, webhooks before history rows, then the row leaves the queue.
import type { App } from '../app.ts';
import type { Process } from '../process.ts';
import type { Download, DownloadClient, Episode, MediaFile, Movie } from '../state/model.ts';
import { upgradeRefusal } from '../search/judge.ts';
import { episodeCode } from '../state/rules.ts';

const BY_ID =
	'Found matching {0} via grab history, but release was matched to {0} by ID. Manual Import required.';

export class Importer {
	constructor(private readonly app: App) {}

	*import(download: Download): Process {
		const { app } = this;
		const client = app.store.clients.get(download.clientId);
		if (client === undefined) return;
		const { fate } = download.release;
		if (fate === 'manual' || fate === 'blockedById' || !this.ownerIsThere(download)) {
			yield* this.block(download, client);
			return;
		}
		// seen as waiting for a moment before the import begins
		yield 400;
		download.importState = 'importing';
		download.messages = [];
		const isMovie = download.release.movieId > 0;
		if (isMovie) yield* this.importMovie(download, client);
		else yield* this.importEpisodes(download, client);
		if (fate === 'partial') {
			download.importState = 'importPending';
			download.messages = [
				'One or more episodes expected in this release were not imported or missing from the release',
			];
			return;
		}
		if (app.traits.importComplete)
			yield* app.webhooks.send('ImportComplete', { release: download.release, download, client });
		app.downloads.drop(download);
		app.downloads.refreshSoon();
	}

	private ownerIsThere(download: Download): boolean {
		const { release } = download;
		if (release.movieId > 0) return this.app.store.movies.has(release.movieId);
		return release.episodeIds.some((id) => this.app.store.episodes.has(id));
	}

	/** Stays in the queue with a warning; at every refresh it is pending for half a second. */
	private *block(download: Download, client: DownloadClient): Process {
		const { app } = this;
		download.importState = 'importPending';
		yield 500;
		const what = app.traits.shape === 'series' ? 'series' : 'movie';
		download.messages =
			download.release.fate === 'blockedById'
				? [BY_ID.replaceAll('{0}', what)]
				: ['No files found are eligible for import in the download folder'];
		if (app.traits.importBlocked) download.importState = 'importBlocked';
		if (download.notified) return;
		download.notified = true;
		yield* app.webhooks.send('ManualInteractionRequired', { release: download.release, download, client });
	}

	private *importEpisodes(download: Download, client: DownloadClient): Process {
		const episodes = download.release.episodeIds
			.map((id) => this.app.store.episodes.get(id))
			.filter((episode) => episode !== undefined);
		const some =
			download.release.fate === 'partial' ? episodes.slice(0, Math.ceil(episodes.length / 2)) : episodes;
		for (const episode of some) {
			yield 80;
			yield* this.importEpisode(download, client, episode);
		}
	}

	private *importEpisode(download: Download, client: DownloadClient, episode: Episode): Process {
		const { app } = this;
		const old = app.store.files.get(episode.fileId);
		const profile = app.store.profileOf(app.store.seriesOf(episode));
		if (old !== undefined && upgradeRefusal(app, download.release, profile, old) !== null) return;
		const shared = { release: download.release, download, client, episode };
		if (old !== undefined) yield* this.replace(old, { ...shared, file: old });
		const name = download.release.pack
			? `${download.release.title}.${episodeCode(episode)}`
			: download.release.title;
		const file = this.newFile(download, episode.seriesId, episode.season, name);
		episode.fileId = file.id;
		download.imported.push(episode.id);
		yield* app.webhooks.send('Download', { ...shared, file, deleted: old });
		app.history.imported(download, episode.id, file, client);
	}

	private *importMovie(download: Download, client: DownloadClient): Process {
		const { app } = this;
		const movie = app.store.movies.get(download.release.movieId);
		if (movie === undefined) return;
		yield 120;
		const old = app.store.files.get(movie.fileId);
		if (old !== undefined && upgradeRefusal(app, download.release, app.store.profileOf(movie), old) !== null)
			return;
		const shared = { release: download.release, download, client };
		if (old !== undefined) yield* this.replace(old, { ...shared, file: old });
		const file = this.newFile(download, movie.id, 0, download.release.title);
		this.linkMovie(movie, file);
		yield* app.webhooks.send('Download', { ...shared, file, deleted: old });
		app.history.imported(download, 0, file, client);
	}

	private linkMovie(movie: Movie, file: MediaFile): void {
		movie.fileId = file.id;
		this.app.store.touch();
	}

	private *replace(old: MediaFile, subject: Parameters<App['webhooks']['send']>[1]): Process {
		const { app } = this;
		yield* app.webhooks.send('FileDelete', { ...subject, reason: 'upgrade' });
		const covered = app.store.series.get(old.ownerId)?.episodes.filter((one) => one.fileId === old.id) ?? [];
		app.history.fileDeleted(
			old,
			covered.map((one) => one.id),
			'Upgrade',
		);
		for (const one of covered) one.fileId = 0;
		app.store.removeFile(old.id);
	}

	private newFile(download: Download, ownerId: number, season: number, name: string): MediaFile {
		const { release } = download;
		const parts = Math.max(1, release.episodeIds.length);
		return this.app.store.addFile({
			id: this.app.store.nextId('files'),
			ownerId,
			season,
			quality: release.quality,
			revision: release.revision,
			repack: release.repack,
			group: release.group,
			size: Math.floor(release.size / parts),
			added: this.app.clock.now(),
			formats: release.formats,
			name,
		});
	}
}
