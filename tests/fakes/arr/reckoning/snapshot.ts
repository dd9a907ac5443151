// The whole state in the fake's own words, to be compared with a mirror item by item.
import type { App } from '../app.ts';
import type { Snapshot } from '../control/contract.ts';
import type { MediaFile } from '../state/model.ts';
import { isAvailable } from '../state/rules.ts';
import { episodeKey, movieKey } from './truth.ts';

function fileOf(app: App, file: MediaFile | undefined) {
	if (file === undefined) return null;
	const profile = app.store.profileOfFile(file);
	const score = file.formats.reduce((sum, format) => sum + (profile.scores[format] ?? 0), 0);
	return {
		id: file.id,
		quality: file.quality,
		revision: file.revision,
		score,
		size: file.size,
		group: file.group,
	};
}

export function snapshotOf(app: App): Snapshot {
	const { store } = app;
	return {
		at: app.clock.now(),
		version: app.version,
		startTime: app.startTime,
		series: [...store.series.values()].map((series) => ({
			id: series.id,
			tvdbId: series.tvdbId,
			title: series.title,
			kind: series.kind,
			status: series.status,
			monitored: series.monitored,
			profileId: series.profileId,
			tags: store.labels(series.tags),
			rootFolder: series.rootFolder,
			runtime: series.runtime,
			seasons: series.seasons.map(({ number, monitored }) => ({ number, monitored })),
			episodes: series.episodes.map((episode) => ({
				id: episode.id,
				key: episodeKey(app, series, episode),
				season: episode.season,
				number: episode.number,
				tvdbId: episode.tvdbId,
				airs: episode.airs,
				monitored: episode.monitored,
				searched: episode.searched,
				file: fileOf(app, store.files.get(episode.fileId)),
			})),
		})),
		movies: [...store.movies.values()].map((movie) => ({
			id: movie.id,
			key: movieKey(app, movie),
			title: movie.title,
			year: movie.year,
			status: movie.status,
			monitored: movie.monitored,
			available: isAvailable(app, movie),
			profileId: movie.profileId,
			tags: store.labels(movie.tags),
			searched: movie.searched,
			isScene: movie.scene?.isScene ?? false,
			file: fileOf(app, store.files.get(movie.fileId)),
		})),
		profiles: [...store.profiles.values()].map(({ id, name, upgradeAllowed, cutoff, cutoffFormatScore }) => ({
			id,
			name,
			upgradeAllowed,
			cutoff,
			cutoffFormatScore,
		})),
		indexers: [...store.indexers.values()].map((indexer) => ({
			id: indexer.id,
			name: indexer.name,
			automatic: indexer.automatic,
			level: indexer.level,
			blockedUntil: indexer.blockedUntil,
			tags: store.labels(indexer.tags),
		})),
		downloads: [...store.downloads.values()].map((download) => ({
			id: download.id,
			clientId: download.clientId,
			title: download.release.title,
			state: download.state,
			importState: download.importState,
			episodeIds: download.release.episodeIds,
			movieId: download.release.movieId,
			doneAt: Number.isFinite(download.doneAt) ? download.doneAt : null,
		})),
		pending: store.pending.map(({ release, reason, until }) => ({
			title: release.title,
			reason,
			until,
			episodeIds: release.episodeIds,
			movieId: release.movieId,
		})),
		history: store.history.length,
		lastCommandId: store.lastId('commands'),
	};
}
