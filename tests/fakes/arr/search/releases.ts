// Releases that an indexer offers for an item: titles, qualities and sizes that fit what is asked for.
import type { App } from '../app.ts';
import type { ReleaseSetup } from '../control/contract.ts';
import { hash } from '../random.ts';
import { dotted } from '../resources/text.ts';
import type { Episode, Movie, Profile, Release, Series } from '../state/model.ts';
import { effectiveCutoffRank, isAllowed, isBelowCutoff, scoreOf } from '../state/profiles.ts';
import { episodeCode, sceneDate } from '../state/rules.ts';

export type Subject = { movie: Movie } | { episode: Episode } | { series: Series; season: number };

const GROUPS = ['GRP', 'NOVA', 'PINE', 'ORBIT', 'LUMEN'];
/** The same subject and setup give the same release again, unless `variant` asks for another. */
export function makeRelease(app: App, subject: Subject, setup: ReleaseSetup, variant = 0): Release | null {
	const series =
		'series' in subject ? subject.series : 'episode' in subject ? app.store.seriesOf(subject.episode) : null;
	const movie = 'movie' in subject ? subject.movie : null;
	const owner = series ?? movie;
	if (owner === null) return null;
	const season = 'season' in subject ? subject.season : 'episode' in subject ? subject.episode.season : 0;
	const pack = setup.pack ?? 'season' in subject;
	const episodes = coveredEpisodes(app, subject, pack, season, series);
	const profile = app.store.profileOf(owner);
	const { quality, formats } = chosen(app, profile, subject, setup);
	const order = hash(movie?.id ?? 0, series?.id ?? 0, season, episodes[0]?.id ?? 0, Number(pack), variant);
	const group = setup.group ?? GROUPS[order % GROUPS.length] ?? 'GRP';
	const revision = setup.revision ?? 1;
	const title =
		setup.title ?? titleOf(app, subject, pack, app.store.qualities.get(quality).name, group, revision);
	return {
		title,
		indexerId: indexerFor(app, setup.indexer),
		quality,
		revision,
		repack: setup.repack ?? false,
		formats,
		group,
		size: setup.size ?? 800_000_000 * Math.max(1, episodes.length) + (hash(order) % 900_000_000),
		protocol: setup.protocol ?? 'torrent',
		published: app.clock.now() - 48 * 3_600_000,
		episodeIds: episodes.map((episode) => episode.id),
		movieId: movie?.id ?? 0,
		seriesId: series?.id ?? 0,
		season,
		pack,
		rejections: setup.rejections ?? [],
		matchedById: setup.matchedById ?? false,
		fate: setup.fate ?? 'import',
		downloadSeconds: setup.downloadSeconds ?? 600,
		delayUntil: null,
	};
}

function coveredEpisodes(
	app: App,
	subject: Subject,
	pack: boolean,
	season: number,
	series: Series | null,
): Episode[] {
	if (series === null) return [];
	if (!pack && 'episode' in subject) return [subject.episode];
	return series.episodes.filter((episode) => episode.season === season);
}

/** 0: whichever usable indexer is asked. */
function indexerFor(app: App, name: string | undefined): number {
	if (name === undefined) return 0;
	for (const indexer of app.store.indexers.values()) if (indexer.name === name) return indexer.id;
	return 0;
}

/** The quality that helps: the cutoff for a gap or a file below it, else the same quality with a better score. */
function chosen(
	app: App,
	profile: Profile,
	subject: Subject,
	setup: ReleaseSetup,
): { quality: number; formats: number[] } {
	const named = [...app.store.formats.values()].filter(
		(format) => setup.formats?.includes(format.name) === true,
	);
	const formats = named.map((format) => format.id);
	if (setup.quality !== undefined) {
		const quality = app.store.qualities.all().find((known) => known.name === setup.quality);
		if (quality === undefined) throw new Error(`No quality ${setup.quality}`);
		return { quality: quality.id, formats };
	}
	const fileId =
		'movie' in subject ? subject.movie.fileId : 'episode' in subject ? subject.episode.fileId : 0;
	const file = app.store.files.get(fileId);
	if (file === undefined || isBelowCutoff(profile, file.quality)) {
		return { quality: cutoffQuality(profile), formats: setup.formats === undefined ? [] : formats };
	}
	const better = setup.formats === undefined ? bestFormats(app, profile, file.formats) : formats;
	return { quality: file.quality, formats: better };
}

function cutoffQuality(profile: Profile): number {
	const item = profile.items[effectiveCutoffRank(profile)];
	const member = item?.members.at(-1);
	const quality = item?.quality ?? member;
	if (quality !== undefined && isAllowed(profile, quality)) return quality;
	const best = [...profile.items].reverse().find((candidate) => candidate.allowed);
	return best?.quality ?? best?.members[0] ?? 1;
}

function bestFormats(app: App, profile: Profile, present: readonly number[]): number[] {
	const good = [...app.store.formats.keys()].filter((format) => (profile.scores[format] ?? 0) > 0);
	return scoreOf(profile, good) > scoreOf(profile, present) ? good : [];
}

function titleOf(
	app: App,
	subject: Subject,
	pack: boolean,
	quality: string,
	group: string,
	revision: number,
): string {
	const proper = revision > 1 ? '.PROPER' : '';
	const tail = `${quality.replace('WEBDL', 'WEB-DL')}${proper}.x264-${group}`;
	if ('movie' in subject) {
		const { movie } = subject;
		const when = movie.scene?.isScene === true ? sceneDate(movie.scene.releaseDate) : String(movie.year);
		return `${dotted(movie.title)}.${when}.${tail}`;
	}
	const series = 'series' in subject ? subject.series : app.store.seriesOf(subject.episode);
	const season = 'season' in subject ? subject.season : subject.episode.season;
	const isW2 = app.traits.family === 'whisparr2';
	if (pack || !('episode' in subject)) {
		return `${dotted(series.title)}.${isW2 ? season : `S${String(season).padStart(2, '0')}`}.${tail}`;
	}
	const code = isW2
		? `${sceneDate(subject.episode.airs)}.${dotted(subject.episode.title ?? 'Scene')}`
		: episodeCode(subject.episode);
	return `${dotted(series.title)}.${code}.${tail}`;
}
