// Files, qualities and custom formats as the API writes them, for both shapes.
import type { App } from '../app.ts';
import { instant, type JsonObject } from '../json.ts';
import type { Episode, MediaFile, Movie, Series } from '../state/model.ts';
import { cutoffNotMet, episodeCode, formatScore, sceneDate } from '../state/rules.ts';
import { day } from '../json.ts';
import { dotted, english } from './text.ts';

export function formatsOf(app: App, ids: readonly number[]): JsonObject[] {
	const formats: JsonObject[] = [];
	for (const id of ids) {
		const format = app.store.formats.get(id);
		if (format !== undefined) formats.push({ id, name: format.name });
	}
	return formats;
}

const RESOLUTIONS: Record<number, string> = {
	480: '720x480',
	576: '720x576',
	720: '1280x720',
	2160: '3840x2160',
};

function mediaInfo(app: App, file: MediaFile): JsonObject {
	const resolution = app.store.qualities.get(file.quality).resolution;
	return {
		audioBitrate: 192000,
		audioChannels: 2,
		audioCodec: 'AAC',
		audioLanguages: 'eng',
		audioStreamCount: 1,
		videoBitDepth: 8,
		videoBitrate: 4200000,
		videoCodec: 'h264',
		videoFps: 23.976,
		videoDynamicRange: '',
		videoDynamicRangeType: '',
		resolution: RESOLUTIONS[resolution] ?? '1920x1080',
		runTime: '44:10',
		scanType: 'Progressive',
		subtitles: '',
	};
}

function seasonFolder(app: App, season: number): string {
	if (app.traits.family === 'whisparr2') return String(season);
	return season === 0 ? 'Specials' : `Season ${String(season).padStart(2, '0')}`;
}

export function seriesPath(app: App, series: Series): string {
	const name = app.traits.family === 'whisparr2' ? series.title : `${series.title} (${series.year})`;
	return `${series.rootFolder}/${name}`;
}

export function moviePath(movie: Movie): string {
	if (movie.scene?.isScene === true)
		return `${movie.rootFolder}/${movie.scene.studio ?? 'Unknown'}/${movie.title}`;
	return `${movie.rootFolder}/${movie.title} (${movie.year})`;
}

/** What an episode is called in a file name: `S01E02`, or the date of a scene. */
export function episodeLabel(app: App, episode: Episode): string {
	if (app.traits.family !== 'whisparr2') return episodeCode(episode);
	return episode.airs === null ? `scene-${episode.id}` : day(episode.airs);
}

export function episodeOfFile(series: Series, file: MediaFile): Episode | null {
	return series.episodes.find((episode) => episode.fileId === file.id) ?? null;
}

function fileNames(app: App, series: Series, file: MediaFile): { relative: string; scene: string } {
	const quality = app.store.qualities.get(file.quality).name;
	if (file.name !== null)
		return { relative: `${seasonFolder(app, file.season)}/${file.name}.mkv`, scene: file.name };
	const covered = series.episodes.filter((episode) => episode.fileId === file.id);
	const first = covered[0];
	const code = first === undefined ? `S${file.season}` : episodeLabel(app, first);
	const last = covered.length > 1 ? `-E${String(covered.at(-1)?.number ?? 0).padStart(2, '0')}` : '';
	return {
		relative: `${seasonFolder(app, file.season)}/${series.title} - ${code}${last} - ${quality}.mkv`,
		scene: `${dotted(series.title)}.${code}${last}.${quality}-${file.group}`,
	};
}

function releaseType(app: App, series: Series, file: MediaFile): string {
	if (file.name !== null && !/E\d|\d{4}-\d\d/.test(file.name)) return 'seasonPack';
	const covered = series.episodes.filter((episode) => episode.fileId === file.id).length;
	return covered > 1 ? 'multiEpisode' : 'singleEpisode';
}

export function episodeFile(app: App, series: Series, file: MediaFile): JsonObject {
	const { relative, scene } = fileNames(app, series, file);
	const isSonarr = app.traits.family === 'sonarr';
	return {
		seriesId: series.id,
		seasonNumber: file.season,
		relativePath: relative,
		path: `${seriesPath(app, series)}/${relative}`,
		size: file.size,
		dateAdded: instant(file.added),
		sceneName: scene,
		releaseGroup: file.group,
		language: app.traits.nancy ? english() : undefined,
		languages: app.traits.nancy ? undefined : [english()],
		quality: app.store.qualities.withRevision(file.quality, file.revision, file.repack),
		customFormats: app.traits.nancy ? undefined : formatsOf(app, file.formats),
		customFormatScore: app.traits.nancy ? undefined : formatScore(app, file),
		indexerFlags: isSonarr && !app.traits.nancy ? 0 : undefined,
		releaseType: isSonarr && !app.traits.nancy ? releaseType(app, series, file) : undefined,
		mediaInfo: mediaInfo(app, file),
		qualityCutoffNotMet: cutoffNotMet(app, file),
		languageCutoffNotMet: app.traits.nancy ? false : undefined,
		id: file.id,
	};
}

export function movieFileName(app: App, movie: Movie, file: MediaFile): string {
	if (file.name !== null) return file.name;
	const quality = app.store.qualities.get(file.quality).name;
	const when = movie.scene?.isScene === true ? sceneDate(movie.scene.releaseDate) : String(movie.year);
	return `${dotted(movie.title)}.${when}.${quality}-${file.group}`;
}

/** `withFormats` is false inside a movie, where the application leaves formats and score out. */
export function movieFile(app: App, movie: Movie, file: MediaFile, withFormats: boolean): JsonObject {
	const name = movieFileName(app, movie, file);
	const isRadarr = app.traits.family === 'radarr';
	return {
		movieId: movie.id,
		relativePath: `${name}.mkv`,
		path: `${moviePath(movie)}/${name}.mkv`,
		size: file.size,
		dateAdded: instant(file.added),
		sceneName: name,
		releaseGroup: file.group,
		edition: '',
		languages: isRadarr || file.name !== null ? [english()] : [],
		quality: app.store.qualities.withRevision(file.quality, file.revision, file.repack),
		customFormats: withFormats ? formatsOf(app, file.formats) : undefined,
		customFormatScore: withFormats ? formatScore(app, file) : undefined,
		indexerFlags: 0,
		mediaInfo: file.name === null ? undefined : mediaInfo(app, file),
		originalFilePath: isRadarr || file.name !== null ? `${name}/${name}.mkv` : undefined,
		qualityCutoffNotMet: cutoffNotMet(app, file),
		id: file.id,
	};
}
