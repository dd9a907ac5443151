// What the applications compute from their tables at the moment of an answer.
import { day } from '../json.ts';
import type { App } from '../app.ts';
import type { Episode, MediaFile, Movie, Series } from './model.ts';
import { isBelowCutoff, scoreOf } from './profiles.ts';

const DAY = 86_400_000;

export interface Statistics {
	nextAiring: number | null;
	previousAiring: number | null;
	lastAired: number | null;
	episodeFileCount: number;
	episodeCount: number;
	totalEpisodeCount: number;
	monitoredEpisodeCount: number;
	sizeOnDisk: number;
	releaseGroups: string[];
}

export function emptyStatistics(): Statistics {
	return {
		nextAiring: null,
		previousAiring: null,
		lastAired: null,
		episodeFileCount: 0,
		episodeCount: 0,
		totalEpisodeCount: 0,
		monitoredEpisodeCount: 0,
		sizeOnDisk: 0,
		releaseGroups: [],
	};
}

function count(into: Statistics, episode: Episode, now: number): void {
	const hasFile = episode.fileId > 0;
	into.totalEpisodeCount++;
	if (hasFile) into.episodeFileCount++;
	if (episode.monitored) into.monitoredEpisodeCount++;
	const { airs } = episode;
	if (hasFile || (episode.monitored && airs !== null && airs <= now)) into.episodeCount++;
	if (airs === null) return;
	into.lastAired = Math.max(into.lastAired ?? -Infinity, airs);
	if (!episode.monitored) return;
	if (airs >= now) into.nextAiring = Math.min(into.nextAiring ?? Infinity, airs);
	else into.previousAiring = Math.max(into.previousAiring ?? -Infinity, airs);
}

/** Statistics of a series and of each of its seasons that has episodes. */
export function statisticsOf(
	app: App,
	series: Series,
): { total: Statistics; seasons: Map<number, Statistics> } {
	const now = app.clock.now();
	const total = emptyStatistics();
	const seasons = new Map<number, Statistics>();
	const season = (number: number) => {
		let known = seasons.get(number);
		if (known === undefined) seasons.set(number, (known = emptyStatistics()));
		return known;
	};
	for (const episode of series.episodes) {
		count(total, episode, now);
		count(season(episode.season), episode, now);
	}
	for (const file of app.store.filesOf(series.id)) {
		for (const into of seasons.has(file.season) ? [total, season(file.season)] : [total]) {
			into.sizeOnDisk += file.size;
			if (!into.releaseGroups.includes(file.group)) into.releaseGroups.push(file.group);
		}
	}
	return { total, seasons };
}

/** The moment from which `wanted/missing` counts it. */
export function missingFrom(episode: Episode, series: Series): number | null {
	return episode.airs === null ? null : episode.airs + series.runtime * 60_000;
}

export function releaseDateOf(movie: Movie): number | null {
	if (movie.scene !== null) return movie.scene.releaseDate;
	const dates = [movie.inCinemas, movie.digital, movie.physical].filter((date) => date !== null);
	if (movie.minimumAvailability === 'tba' || movie.minimumAvailability === 'announced') {
		return dates.length === 0 ? null : Math.min(...dates);
	}
	return minimumDate(movie);
}

function minimumDate(movie: Movie): number | null {
	if (movie.minimumAvailability === 'inCinemas' && movie.inCinemas !== null) return movie.inCinemas;
	const { digital, physical, inCinemas } = movie;
	if (digital !== null && physical !== null) return Math.min(digital, physical);
	if (digital !== null || physical !== null) return digital ?? physical;
	return inCinemas === null ? null : inCinemas + 90 * DAY;
}

export function isAvailable(app: App, movie: Movie): boolean {
	if (movie.scene !== null) return movie.status === 'released';
	if (movie.minimumAvailability === 'tba' || movie.minimumAvailability === 'announced') return true;
	const from = availableFrom(app, movie);
	return from !== null && app.clock.now() >= from;
}

/** When time makes it available; null where it never does. */
export function availableFrom(app: App, movie: Movie): number | null {
	const date = movie.scene === null ? minimumDate(movie) : null;
	return date === null ? null : date + app.options.availabilityDelay * DAY;
}

export function cutoffNotMet(app: App, file: MediaFile): boolean {
	return isBelowCutoff(app.store.profileOfFile(file), file.quality);
}

export function formatScore(app: App, file: MediaFile): number {
	return scoreOf(app.store.profileOfFile(file), file.formats);
}

/** `S01E02`; a scene of Whisparr 2 has its date instead. */
export function episodeCode(episode: Episode): string {
	const two = (value: number) => String(value).padStart(2, '0');
	return `S${two(episode.season)}E${two(episode.number)}`;
}

export function sceneDate(airs: number | null): string {
	return airs === null ? '' : day(airs).slice(2).replaceAll('-', '.');
}
