// The bodies of webhooks. Their resources are not those of the API.
import type { App } from '../app.ts';
import { day, preciseInstant, type JsonObject } from '../json.ts';
import { formatsOf, movieFileName, moviePath, seriesPath } from '../resources/media.ts';
import { episodeTitle, moment } from '../resources/series.ts';
import { english, overview } from '../resources/text.ts';
import type { Download, Episode, MediaFile, Movie, Release, Series } from '../state/model.ts';
import { scoreOf } from '../state/profiles.ts';
import { shownId, typeOf } from '../downloads/history.ts';
import { releaseDateOf } from '../state/rules.ts';
import type { WebhookEvent, WebhookSubject } from './webhooks.ts';

export function payloadOf(app: App, event: WebhookEvent, subject: WebhookSubject): JsonObject {
	const body = event === 'Test' ? testBody(app) : bodyOf(app, event, subject);
	const named = !app.traits.nancy;
	const withoutUrl = event === 'HealthRestored' || (event === 'Health' && app.traits.kind === 'sonarr5');
	return {
		...body,
		eventType: eventType(app, event),
		instanceName: named ? app.options.instanceName : undefined,
		applicationUrl: named && !withoutUrl ? '' : undefined,
	};
}

function eventType(app: App, event: WebhookEvent): string {
	const isSeries = app.traits.shape === 'series';
	if (event === 'ImportComplete') return 'Download';
	if (event === 'FileDelete') return isSeries ? 'EpisodeFileDelete' : 'MovieFileDelete';
	if (event === 'Added') return isSeries ? 'SeriesAdd' : 'MovieAdded';
	if (event === 'Deleted') return isSeries ? 'SeriesDelete' : 'MovieDelete';
	return event;
}

function testBody(app: App): JsonObject {
	if (app.traits.shape === 'series') {
		const isW2 = app.traits.family === 'whisparr2';
		const extra = isW2 ? {} : { tvMazeId: 0, tmdbId: 0, type: 'standard', year: 0, tags: ['test-tag'] };
		return {
			series: { id: 1, title: 'Test Title', path: 'C:\\testpath', tvdbId: 1234, ...extra },
			episodes: [
				{
					id: 123,
					episodeNumber: isW2 ? undefined : 1,
					seasonNumber: 1,
					title: 'Test title',
					seriesId: 0,
					tvdbId: isW2 ? undefined : 0,
				},
			],
		};
	}
	const release = {
		quality: 'Test Quality',
		qualityVersion: 1,
		releaseGroup: 'Test Group',
		releaseTitle: 'Test Title',
		indexer: 'Test Indexer',
		size: 9999999,
		customFormatScore: 0,
	};
	return {
		movie: {
			id: 1,
			title: 'Test Title',
			year: 1970,
			releaseDate: '1970-01-01',
			folderPath: 'C:\\testpath',
			tmdbId: 0,
			tags: ['test-tag'],
		},
		remoteMovie: { tmdbId: 1234, imdbId: '5678', title: 'Test title', year: 1970 },
		release,
	};
}

function bodyOf(app: App, event: WebhookEvent, subject: WebhookSubject): JsonObject {
	if (subject.health !== undefined) {
		const { source, type, message, wikiUrl } = subject.health;
		return { level: type, message, type: source, wikiUrl };
	}
	if (subject.versions !== undefined) {
		const [previousVersion, newVersion] = subject.versions;
		return { message: `Updated to ${newVersion}`, previousVersion, newVersion };
	}
	const owner = ownerOf(app, subject);
	if (event === 'Added') return { ...owner, addMethod: app.traits.shape === 'movie' ? 'manual' : undefined };
	if (event === 'Deleted') {
		return { ...owner, deletedFiles: false, movieFolderSize: app.traits.shape === 'movie' ? 0 : undefined };
	}
	if (event === 'FileDelete') {
		return {
			...owner,
			...episodesPart(app, subject, subject.file),
			...filePart(app, subject, false),
			deleteReason: subject.reason,
		};
	}
	// a download that waits for the user is told without what the indexer knew
	if (event === 'ManualInteractionRequired') owner.remoteMovie = undefined;
	return { ...owner, ...downloadBody(app, event, subject) };
}

function downloadBody(app: App, event: WebhookEvent, subject: WebhookSubject): JsonObject {
	const { release, download, client } = subject;
	if (release === undefined || download === undefined || client === undefined) return {};
	const shared: JsonObject = {
		downloadClient: client.name,
		downloadClientType: typeOf(client),
		// at the grab a blackhole client has no id of it yet
		downloadId:
			event === 'Grab' && client.implementation === 'TorrentBlackhole'
				? undefined
				: shownId(download, client),
	};
	const formats = formatInfo(app, release);
	const only = subject.episode === undefined ? undefined : subject.episode;
	const episodes = app.traits.shape === 'series' ? { episodes: coveredEpisodes(app, release, only) } : {};
	if (event === 'Grab')
		return { ...episodes, release: grabRelease(app, release), ...shared, customFormatInfo: formats };
	if (event === 'ManualInteractionRequired')
		return { ...episodes, ...manualPart(app, release, download), ...shared, customFormatInfo: formats };
	if (event === 'ImportComplete') return { ...episodes, ...completePart(app, release), ...shared };
	return {
		...episodes,
		...filePart(app, subject, true),
		isUpgrade: subject.deleted !== undefined,
		...shared,
		deletedFiles: subject.deleted === undefined ? undefined : [fileBody(app, subject.deleted)],
		customFormatInfo: formats,
		release: shortRelease(app, release),
	};
}

function ownerOf(app: App, subject: WebhookSubject): JsonObject {
	if (subject.owner !== undefined) return subject.owner;
	const series = app.store.series.get(subject.release?.seriesId ?? subject.ownerId ?? 0);
	if (series !== undefined && app.traits.shape === 'series') return { series: seriesBody(app, series) };
	const movie = app.store.movies.get(subject.release?.movieId ?? subject.ownerId ?? 0);
	if (movie === undefined) return {};
	const isRadarr = app.traits.family === 'radarr';
	const remote = {
		tmdbId: movie.tmdbId,
		imdbId: isRadarr ? imdbOf(movie) : undefined,
		title: movie.title,
		year: movie.year,
	};
	return { movie: movieBody(app, movie), remoteMovie: subject.reason === undefined ? remote : undefined };
}

export function seriesBody(app: App, series: Series): JsonObject {
	const shared = {
		id: series.id,
		title: series.title,
		titleSlug: series.slug,
		path: seriesPath(app, series),
		tvdbId: series.tvdbId,
	};
	if (app.traits.family === 'whisparr2') return shared;
	return {
		...shared,
		tvMazeId: 50_000 + series.id,
		tmdbId: 60_000 + series.id,
		imdbId: `tt99${String(series.tvdbId).padStart(5, '0')}`,
		type: series.kind,
		year: series.year,
		genres: ['Drama'],
		images: ['fanart', 'poster'].map((cover) => ({
			coverType: cover,
			url: `/MediaCover/${series.id}/${cover}.jpg`,
			remoteUrl: `https://art.invalid/${cover}/${series.id}.jpg`,
		})),
		tags: app.store.labels(series.tags),
		originalLanguage: english(),
		...(app.traits.kind === 'sonarr5' ? { malIds: [], aniListIds: [], originalCountry: 'usa' } : {}),
	};
}

function imdbOf(movie: Movie): string {
	return `tt99${String(movie.tmdbId).padStart(5, '0')}`;
}

function posterOf(movie: Movie): JsonObject {
	const url = `/MediaCover/${movie.id}/poster.jpg`;
	return { coverType: 'poster', url, remoteUrl: `https://img.example/poster/${movie.id}.jpg` };
}

export function movieBody(app: App, movie: Movie): JsonObject {
	const released = releaseDateOf(movie);
	const isScene = movie.scene?.isScene === true;
	const isRadarr = app.traits.family === 'radarr';
	return {
		id: movie.id,
		title: movie.title,
		year: movie.year,
		releaseDate: released === null ? undefined : day(released),
		folderPath: moviePath(movie),
		tmdbId: movie.tmdbId,
		stashId: isScene ? movie.scene?.foreignId : undefined,
		itemType: isRadarr ? undefined : isScene ? 'Scene' : 'Movie',
		imdbId: isRadarr ? imdbOf(movie) : undefined,
		overview: overview(movie.tmdbId, 60),
		genres: ['Drama', 'Mystery'],
		images: isRadarr ? [posterOf(movie)] : [],
		tags: app.store.labels(movie.tags),
		originalLanguage: isRadarr ? english() : undefined,
	};
}

function episodeBody(app: App, episode: Episode): JsonObject {
	const isW2 = app.traits.family === 'whisparr2';
	return {
		id: episode.id,
		episodeNumber: isW2 ? undefined : episode.number,
		seasonNumber: episode.season,
		title: episodeTitle(episode),
		overview: overview(episode.tvdbId, 40),
		airDate: episode.airs === null ? undefined : day(episode.airs),
		airDateUtc: moment(episode.airs),
		seriesId: episode.seriesId,
		tvdbId: isW2 ? undefined : episode.tvdbId,
	};
}

function coveredEpisodes(app: App, release: Release, only: Episode | undefined): JsonObject[] {
	if (only !== undefined) return [episodeBody(app, only)];
	const episodes = release.episodeIds
		.map((id) => app.store.episodes.get(id))
		.filter((one) => one !== undefined);
	return episodes.map((episode) => episodeBody(app, episode));
}

function episodesPart(app: App, subject: WebhookSubject, file: MediaFile | undefined): JsonObject {
	if (app.traits.shape !== 'series' || file === undefined) return {};
	const covered = app.store.series.get(file.ownerId)?.episodes.filter((one) => one.fileId === file.id) ?? [];
	const shown = subject.episode === undefined ? covered : [subject.episode];
	return { episodes: shown.map((episode) => episodeBody(app, episode)) };
}

function filePart(app: App, subject: WebhookSubject, withSource: boolean): JsonObject {
	if (subject.file === undefined) return {};
	return {
		[app.traits.shape === 'series' ? 'episodeFile' : 'movieFile']: fileBody(app, subject.file, withSource),
	};
}

function fileBody(app: App, file: MediaFile, withSource = false): JsonObject {
	const movie = app.traits.shape === 'movie' ? app.store.movies.get(file.ownerId) : undefined;
	const name = movie === undefined ? (file.name ?? `file-${file.id}`) : movieFileName(app, movie, file);
	const quality = app.store.qualities.get(file.quality);
	const reduced = app.traits.family === 'whisparr2';
	return {
		id: file.id,
		relativePath: `${name}.mkv`,
		path: `/data/media/${name}.mkv`,
		quality: quality.name,
		qualityVersion: file.revision,
		releaseGroup: file.group,
		sceneName: name,
		indexerFlags: app.traits.shape === 'movie' ? '0' : undefined,
		size: file.size,
		dateAdded: preciseInstant(file.added),
		languages: reduced || app.traits.family === 'whisparr3' ? undefined : [english()],
		mediaInfo: {
			audioChannels: 2,
			audioCodec: 'AAC',
			audioLanguages: ['eng'],
			height: quality.resolution,
			width: Math.round((quality.resolution * 16) / 9),
			subtitles: [],
			videoCodec: 'h264',
			videoDynamicRange: '',
			videoDynamicRangeType: '',
		},
		sourcePath: reduced || !withSource ? undefined : `/data/downloads/${name}.mkv`,
	};
}

function formatInfo(app: App, release: Release): JsonObject | undefined {
	if (app.traits.nancy) return undefined;
	return { customFormats: formatsOf(app, release.formats), customFormatScore: releaseScore(app, release) };
}

function releaseScore(app: App, release: Release): number {
	const owner = app.store.series.get(release.seriesId) ?? app.store.movies.get(release.movieId);
	return owner === undefined ? 0 : scoreOf(app.store.profileOf(owner), release.formats);
}

function indexerName(app: App, release: Release): string {
	return app.store.indexers.get(release.indexerId)?.name ?? 'Unknown';
}

function grabRelease(app: App, release: Release): JsonObject {
	return {
		quality: app.store.qualities.get(release.quality).name,
		qualityVersion: release.revision,
		releaseGroup: release.group,
		releaseTitle: release.title,
		indexer: indexerName(app, release),
		size: release.size,
		customFormatScore: releaseScore(app, release),
		customFormats: formatsOf(app, release.formats).map((format) => format.name),
		languages: app.traits.family === 'sonarr' || app.traits.family === 'radarr' ? [english()] : undefined,
		indexerFlags: flagsOf(app),
	};
}

/** Names of flags, where the application tells them. */
function flagsOf(app: App): string[] | undefined {
	return app.traits.shape === 'movie' || app.traits.kind === 'sonarr5' ? [] : undefined;
}

function shortRelease(app: App, release: Release): JsonObject | undefined {
	if (app.traits.nancy) return undefined;
	const isSonarr = app.traits.family === 'sonarr';
	return {
		releaseTitle: release.title,
		indexer: indexerName(app, release),
		size: release.size,
		indexerFlags: flagsOf(app),
		releaseType: isSonarr ? (release.pack ? 'seasonPack' : 'singleEpisode') : undefined,
	};
}

function manualPart(app: App, release: Release, download: Download): JsonObject {
	const full = app.traits.family !== 'whisparr2';
	return {
		downloadInfo: {
			quality: app.store.qualities.get(release.quality).name,
			qualityVersion: release.revision,
			title: release.title,
			indexer:
				app.traits.shape === 'series' && app.traits.kind !== 'sonarr5'
					? indexerName(app, release)
					: undefined,
			size: release.size,
		},
		downloadStatus: full ? 'Warning' : undefined,
		downloadStatusMessages: full ? [{ title: release.title, messages: download.messages }] : undefined,
		release: shortRelease(app, release),
	};
}

function completePart(app: App, release: Release): JsonObject {
	const files: JsonObject[] = [];
	for (const id of release.episodeIds) {
		const file = app.store.files.get(app.store.episodes.get(id)?.fileId ?? 0);
		if (file !== undefined) files.push(fileBody(app, file));
	}
	return {
		episodeFiles: files,
		release: shortRelease(app, release),
		fileCount: files.length,
		sourcePath: `/data/downloads/${release.title}`,
		destinationPath: '/data/media',
	};
}
