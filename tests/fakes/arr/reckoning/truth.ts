// The fake's own reckoning of what is missing and what could be better, item by item, with the reason. It is written
// from the applications' rules and shares no code with the answers, so that each can prove the other.
import type { App } from '../app.ts';
import type { Truth, TruthItem, TruthOptions, Why } from '../control/contract.ts';
import type { Episode, MediaFile, Movie, Profile, Series } from '../state/model.ts';
import { studiosOf } from '../resources/people.ts';

const HALF_DAY = 12 * 3_600_000;
const DAY = 86_400_000;

interface Rules {
	now: number;
	grace: number;
	specials: boolean;
}

export function truthOf(app: App, options: TruthOptions): Truth {
	const rules: Rules = {
		now: app.clock.now(),
		grace: options.graceMs ?? HALF_DAY,
		specials: options.specials ?? false,
	};
	const items = app.traits.shape === 'series' ? episodesOf(app, rules) : moviesOf(app, rules);
	return {
		at: rules.now,
		items,
		gaps: items.filter((item) => item.gap).length,
		qualityUpgrades: items.filter((item) => item.qualityUpgrade).length,
		formatUpgrades: items.filter((item) => item.formatUpgrade).length,
		wantedMissing: app.traits.wanted ? totalMissing(app, rules.now) : null,
		wantedCutoff: app.traits.wanted ? totalCutoff(app) : null,
	};
}

function episodesOf(app: App, rules: Rules): TruthItem[] {
	const items: TruthItem[] = [];
	for (const series of app.store.series.values()) {
		const profile = app.store.profiles.get(series.profileId);
		for (const episode of series.episodes) items.push(episodeItem(app, rules, series, episode, profile));
	}
	return items;
}

export function episodeItem(
	app: App,
	rules: Rules,
	series: Series,
	episode: Episode,
	profile: Profile | undefined,
): TruthItem {
	const basic = whyNotEpisode(app, rules, series, episode);
	const file = app.store.files.get(episode.fileId);
	return {
		...verdict(app, basic, file, profile),
		key: episodeKey(app, series, episode),
		arrId: episode.id,
		kind: 'episode',
		seriesId: series.id,
		season: episode.season,
		number: episode.number,
		fileId: episode.fileId,
		monitored: series.monitored && episode.monitored,
	};
}

export function episodeKey(app: App, series: Series, episode: Episode): string {
	if (app.traits.family === 'whisparr2') return `tvdb:${series.tvdbId}|scene:${episode.tvdbId}`;
	return `tvdb:${series.tvdbId}|${episode.season}|${episode.number}`;
}

export function movieKey(app: App, movie: Movie): string {
	if (app.traits.family === 'whisparr3') return `foreign:${movie.scene?.foreignId ?? movie.tmdbId}`;
	return `tmdb:${movie.tmdbId}`;
}

/** What speaks against searching it, whatever its file; null when nothing does. */
function whyNotEpisode(app: App, rules: Rules, series: Series, episode: Episode): Why | null {
	if (!series.monitored) return 'series-unmonitored';
	if (!episode.monitored) return 'unmonitored';
	const isW2 = app.traits.family === 'whisparr2';
	if (!isW2 && episode.season === 0 && !rules.specials) return 'special';
	if (episode.airs === null) return isW2 ? 'scene-undated' : 'no-air-date';
	const available = isW2 ? nextDay(episode.airs) : episode.airs + series.runtime * 60_000;
	if (available > rules.now) return 'unaired';
	return available + rules.grace > rules.now ? 'within-grace' : null;
}

/** A scene of Whisparr 2 is out on the day after its date. */
function nextDay(at: number): number {
	return (Math.floor(at / DAY) + 1) * DAY;
}

function moviesOf(app: App, rules: Rules): TruthItem[] {
	const items: TruthItem[] = [];
	for (const movie of app.store.movies.values()) items.push(movieItem(app, rules, movie));
	return items;
}

export function movieItem(app: App, rules: Rules, movie: Movie): TruthItem {
	const basic = whyNotMovie(app, rules, movie);
	const file = app.store.files.get(movie.fileId);
	return {
		...verdict(app, basic, file, app.store.profiles.get(movie.profileId)),
		key: movieKey(app, movie),
		arrId: movie.id,
		kind: 'movie',
		seriesId: 0,
		season: 0,
		number: 0,
		fileId: movie.fileId,
		monitored: movie.monitored,
	};
}

function whyNotMovie(app: App, rules: Rules, movie: Movie): Why | null {
	if (!movie.monitored) return 'unmonitored';
	const { scene } = movie;
	if (scene !== null) return whyNotScene(app, rules, movie);
	const since = availableSince(app, movie);
	if (since === null) return 'not-available';
	if (since > rules.now) return 'not-available';
	return since !== -Infinity && since + rules.grace > rules.now ? 'within-grace' : null;
}

/** From when Radarr calls it available: -Infinity for always, null for never. */
function availableSince(app: App, movie: Movie): number | null {
	if (movie.minimumAvailability === 'tba' || movie.minimumAvailability === 'announced') return -Infinity;
	const delay = app.options.availabilityDelay * DAY;
	if (movie.minimumAvailability === 'inCinemas' && movie.inCinemas !== null) return movie.inCinemas + delay;
	const home = [movie.digital, movie.physical].filter((date) => date !== null);
	if (home.length > 0) return Math.min(...home) + delay;
	return movie.inCinemas === null ? null : movie.inCinemas + 90 * DAY + delay;
}

function whyNotScene(app: App, rules: Rules, movie: Movie): Why | null {
	const { scene } = movie;
	if (scene === null) return null;
	if (movie.status !== 'released') return 'not-available';
	if (!scene.isScene) return movie.year > 0 ? withinGrace(scene.releaseDate, rules) : 'no-query';
	if (scene.releaseDate === null) return 'scene-undated';
	if (!app.options.searchTitle && studiosOf(app, scene).length === 0) return 'no-query';
	return withinGrace(scene.releaseDate, rules);
}

function withinGrace(released: number | null, rules: Rules): Why | null {
	return released !== null && released <= rules.now && released + rules.grace > rules.now
		? 'within-grace'
		: null;
}

function verdict(app: App, basic: Why | null, file: MediaFile | undefined, profile: Profile | undefined) {
	if (file === undefined) {
		const gap = basic ?? 'wanted';
		return {
			gap: basic === null,
			qualityUpgrade: false,
			formatUpgrade: false,
			why: { gap, quality: 'no-file' as Why, format: 'no-file' as Why },
		};
	}
	const quality = basic ?? qualityWhy(file, profile);
	const format = basic ?? formatWhy(file, profile, app.traits.nancy);
	return {
		gap: false,
		qualityUpgrade: quality === 'wanted',
		formatUpgrade: format === 'wanted',
		why: { gap: 'has-file' as Why, quality, format },
	};
}

function placeOf(profile: Profile, quality: number): number {
	return profile.items.findIndex((item) => item.quality === quality || item.members.includes(quality));
}

function cutoffPlace(profile: Profile): number {
	return profile.items.findIndex(
		(item) =>
			item.quality === profile.cutoff ||
			item.group === profile.cutoff ||
			item.members.includes(profile.cutoff),
	);
}

function qualityWhy(file: MediaFile, profile: Profile | undefined): Why {
	if (profile === undefined || !profile.upgradeAllowed) return 'upgrades-off';
	return placeOf(profile, file.quality) < cutoffPlace(profile) ? 'wanted' : 'cutoff-met';
}

/** At or above the quality cutoff, with a score below the one to reach. */
function formatWhy(file: MediaFile, profile: Profile | undefined, nancy: boolean): Why {
	if (profile === undefined || nancy || !profile.upgradeAllowed) return 'upgrades-off';
	if (placeOf(profile, file.quality) < cutoffPlace(profile)) return 'quality-first';
	const score = file.formats.reduce((sum, format) => sum + (profile.scores[format] ?? 0), 0);
	return score < profile.cutoffFormatScore ? 'wanted' : 'score-reached';
}

function totalMissing(app: App, now: number): number {
	let total = 0;
	for (const series of app.store.series.values()) {
		if (!series.monitored) continue;
		for (const episode of series.episodes) {
			const out = episode.airs !== null && episode.airs + series.runtime * 60_000 <= now;
			if (out && episode.monitored && episode.fileId === 0) total++;
		}
	}
	for (const movie of app.store.movies.values())
		if (movie.monitored && movie.fileId === 0 && movie.year > 0) total++;
	return total;
}

/** With upgrades off the first allowed quality takes the cutoff's place: such files are listed, and never replaced. */
function isListed(app: App, owner: Series | Movie, fileId: number): boolean {
	const file = app.store.files.get(fileId);
	const profile = app.store.profiles.get(owner.profileId);
	if (file === undefined || profile === undefined) return false;
	const cutoff = profile.upgradeAllowed
		? cutoffPlace(profile)
		: profile.items.findIndex((item) => item.allowed);
	return placeOf(profile, file.quality) < cutoff;
}

function totalCutoff(app: App): number {
	let total = 0;
	for (const series of app.store.series.values()) {
		if (!series.monitored) continue;
		for (const episode of series.episodes) {
			if (episode.monitored && episode.season > 0 && isListed(app, series, episode.fileId)) total++;
		}
	}
	for (const movie of app.store.movies.values())
		if (movie.monitored && isListed(app, movie, movie.fileId)) total++;
	return total;
}
