// The decision on a release: why it is refused, in the application's own words.
import type { App } from '../app.ts';
import type { Episode, MediaFile, Movie, Profile, Release } from '../state/model.ts';
import { cutoffName, isAllowed, isBelowCutoff, rankOf, scoreOf } from '../state/profiles.ts';

export interface Context {
	/** Sent by the API or a button: skips monitored and availability where the application does. */
	userInvoked: boolean;
	/** A season search, which accepts packs and looks at monitored. */
	seasonSearch: boolean;
	/** RSS: monitored and recent-history rules apply. */
	rss: boolean;
	neverFits: boolean;
}

export function judge(app: App, release: Release, context: Context): string[] {
	const reasons = [...release.rejections];
	if (context.neverFits) reasons.push("Episode wasn't requested: release date is missing");
	const movie = app.store.movies.get(release.movieId);
	if (movie !== undefined) judgeMovie(app, release, movie, context, reasons);
	const episodes = episodesOf(app, release);
	if (movie === undefined) judgeEpisodes(app, release, episodes, context, reasons);
	if (isBlocklisted(app, release)) reasons.push('Release is blocklisted');
	return reasons;
}

export function episodesOf(app: App, release: Release): Episode[] {
	return release.episodeIds
		.map((id) => app.store.episodes.get(id))
		.filter((episode) => episode !== undefined);
}

function isBlocklisted(app: App, release: Release): boolean {
	return app.store.blocklist.some((row) => row.title === release.title);
}

function judgeMovie(app: App, release: Release, movie: Movie, context: Context, reasons: string[]): void {
	const profile = app.store.profileOf(movie);
	judgeQuality(app, release, profile, reasons);
	const file = app.store.files.get(movie.fileId);
	if (file !== undefined) pushUpgrade(app, release, profile, file, reasons);
	if (!context.userInvoked && !movie.monitored) reasons.push('Movie is not monitored');
	const scene = movie.scene;
	if (scene?.isScene === true && scene.releaseDate !== null && scene.releaseDate > app.clock.now()) {
		reasons.push('Unable to parse release');
	}
	const queued = app.downloads.queuedQuality({ movieId: movie.id });
	if (queued !== null && rankOf(profile, queued) >= rankOf(profile, release.quality)) {
		reasons.push(
			`Quality for release in queue already meets cutoff: ${app.store.qualities.get(queued).name} v1`,
		);
	}
}

function judgeEpisodes(
	app: App,
	release: Release,
	episodes: Episode[],
	context: Context,
	reasons: string[],
): void {
	const series = app.store.series.get(release.seriesId);
	if (series === undefined || episodes.length === 0) {
		reasons.push('Unable to identify correct episode(s) using release name and scene mappings');
		return;
	}
	const profile = app.store.profileOf(series);
	judgeQuality(app, release, profile, reasons);
	if (release.pack && !context.seasonSearch && !context.rss) reasons.push('Full season pack');
	if ((context.seasonSearch || context.rss) && !series.monitored) reasons.push('Series is not monitored');
	if ((context.seasonSearch || context.rss) && episodes.some((episode) => !episode.monitored)) {
		reasons.push('One or more episodes is not monitored');
	}
	if (
		release.pack &&
		episodes.some((one) => one.airs === null || one.airs > app.clock.now() + 24 * 3_600_000)
	) {
		reasons.push('Full season pack is not all aired');
	}
	judgeFiles(app, release, episodes, profile, reasons);
	for (const episode of episodes) {
		const queued = app.downloads.queuedQuality({ episodeId: episode.id });
		if (queued === null || rankOf(profile, queued) < rankOf(profile, release.quality)) continue;
		reasons.push(
			`Quality for release in queue already meets cutoff: ${app.store.qualities.get(queued).name} v1`,
		);
		break;
	}
}

function judgeQuality(app: App, release: Release, profile: Profile, reasons: string[]): void {
	if (!isAllowed(profile, release.quality)) {
		reasons.push(`${app.store.qualities.get(release.quality).name} is not wanted in profile`);
	}
	const score = scoreOf(profile, release.formats);
	if (score < profile.minFormatScore) {
		reasons.push(
			`Custom Formats  have score ${score} below Series profile minimum ${profile.minFormatScore}`,
		);
	}
}

/** Packs: the first file that cannot be upgraded refuses it, or a share of the episodes decides. */
function judgeFiles(
	app: App,
	release: Release,
	episodes: Episode[],
	profile: Profile,
	reasons: string[],
): void {
	const refusals: (string | null)[] = [];
	for (const episode of episodes) {
		const file = app.store.files.get(episode.fileId);
		refusals.push(file === undefined ? null : upgradeRefusal(app, release, profile, file));
	}
	const first = refusals.find((refusal) => refusal !== null);
	if (first === undefined) return;
	if (!release.pack || app.traits.packRule === 'firstRefusal') {
		reasons.push(first);
		return;
	}
	const good = refusals.filter((refusal) => refusal === null).length;
	const share = Math.floor((good / refusals.length) * 100);
	const mode = app.options.seasonPackUpgrade;
	const threshold = mode === 'threshold' ? app.options.seasonPackUpgradeThreshold : 100;
	if (mode === 'any' ? good > 0 : share >= threshold) return;
	reasons.push(
		`Season pack does not meet the upgrade criteria. Upgradable: ${good}/${refusals.length} (${share}%), Mode: ${mode === 'all' ? 'All' : 'Threshold'}, Threshold: ${threshold}%`,
	);
}

function pushUpgrade(app: App, release: Release, profile: Profile, file: MediaFile, reasons: string[]): void {
	const refusal = upgradeRefusal(app, release, profile, file);
	if (refusal !== null) reasons.push(refusal);
}

/** Why this release does not replace this file; null when it does. */
export function upgradeRefusal(app: App, release: Release, profile: Profile, file: MediaFile): string | null {
	const newRank = rankOf(profile, release.quality);
	const oldRank = rankOf(profile, file.quality);
	const newScore = scoreOf(profile, release.formats);
	const oldScore = scoreOf(profile, file.formats);
	const betterRevision = newRank === oldRank && release.revision > file.revision;
	if (betterRevision) return null;
	const better = newRank > oldRank || (newRank === oldRank && newScore > oldScore);
	if (!profile.upgradeAllowed) {
		if (better) return 'Existing file and the Quality profile does not allow upgrades';
		return 'Existing file meets cutoff';
	}
	const name = app.store.qualities.get(file.quality).name;
	const below = isBelowCutoff(profile, file.quality);
	if (!below && oldScore >= profile.cutoffFormatScore)
		return `Existing file meets cutoff: ${cutoffName(profile)}`;
	if (!below && newRank > oldRank && app.traits.cutoffFinal) {
		return `Existing file on disk meets quality cutoff: ${cutoffName(profile)}`;
	}
	if (newRank < oldRank) return `Existing file on disk is of equal or higher preference: ${name}`;
	if (newRank > oldRank) return null;
	const needed = Math.max(1, profile.minUpgradeFormatScore);
	if (newScore - oldScore >= needed) return null;
	return newScore > oldScore
		? `Existing file on disk has Custom Format score within the required increment of ${needed}`
		: `Existing file on disk has a equal or higher Custom Format score: ${oldScore}`;
}
