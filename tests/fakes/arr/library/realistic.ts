// A library that looks like somebody's, for demonstrations: plausible shows, films and scenes with years of history,
// several profiles and formats, something downloading, and titles that a page must not trip over.
import type { LibraryOptions } from '../control/contract.ts';
import { chance, hash } from '../random.ts';
import type { Episode, Series } from '../state/model.ts';
import { DAY, HOUR, type Builder } from './builder.ts';
import { FILMS, PEOPLE, SCENE_WORDS, SHOWS, SITES, type ShowTitle } from './titles.ts';

const QUALITIES = [
	'WEBDL-1080p',
	'WEBDL-1080p',
	'WEBDL-1080p',
	'WEBDL-720p',
	'HDTV-720p',
	'Bluray-1080p',
	'HDTV-1080p',
	'SDTV',
];
const GROUPS = ['GRPX', 'NOVA', 'PINE', 'ORBIT', 'LUMEN', 'OTHR'];

interface Context {
	builder: Builder;
	seed: number;
	profiles: { hd: number; best: number; keep: number; any: number };
	formats: { good: number; fine: number };
}

export function realisticLibrary(builder: Builder, options: LibraryOptions): void {
	const context = settings(builder);
	const { family } = builder.app.traits;
	if (family === 'sonarr')
		for (const [index, show] of SHOWS.slice(0, options.series ?? SHOWS.length).entries())
			addShow(context, show, index);
	else if (family === 'radarr') addFilms(context, options.movies ?? 180);
	else if (family === 'whisparr2') for (const [index, site] of SITES.entries()) addSite(context, site, index);
	else addScenes(context, options.scenes ?? 240);
	builder.app.store.touch();
	addHistory(context, options.history ?? 400);
}

function settings(builder: Builder): Context {
	const good = builder.format('Tier 1 Groups', '^(GRPX|NOVA)$', 'group').id;
	const fine = builder.format('HEVC', '\\b(x265|HEVC)\\b').id;
	const bad = builder.format('Low Effort', '\\b(CAM|TS)\\b').id;
	const scores = { [good]: 50, [fine]: 25, [bad]: -1000 };
	const hd = builder.profile({
		name: 'HD TV',
		allowed: [4, 9, 1001, 6, 1002, 7],
		cutoff: 1002,
		upgradeAllowed: true,
		cutoffFormatScore: 50,
		scores,
	});
	const best = builder.profile({
		name: 'Best Available',
		allowed: [1001, 6, 1002, 7, 16, 1003, 19],
		cutoff: 1003,
		upgradeAllowed: true,
		cutoffFormatScore: 75,
		scores,
	});
	const keep = builder.profile({
		name: 'Keep What We Have',
		allowed: [1, 2, 4, 9, 1001, 1002],
		cutoff: 1002,
	});
	const any = builder.profile({
		name: 'Kids 720p',
		allowed: [1, 4, 1001, 6],
		cutoff: 1001,
		upgradeAllowed: true,
	});
	for (const label of ['kids', 'anime', 'archive', 'family']) builder.app.store.tag(label);
	return {
		builder,
		seed: builder.app.options.seed,
		profiles: { hd: hd.id, best: best.id, keep: keep.id, any: any.id },
		formats: { good, fine },
	};
}

function pick<T>(values: readonly T[], ...key: number[]): T {
	return values[hash(...key) % values.length] as T;
}

function addShow(context: Context, show: ShowTitle, index: number): void {
	const { builder, seed, profiles } = context;
	const store = builder.app.store;
	const kids = show.network === 'Little Owl';
	const archive = show.ended === true && show.year < 2016;
	const profileId = kids
		? profiles.any
		: archive
			? profiles.keep
			: index % 6 === 3
				? profiles.best
				: profiles.hd;
	const labels = [
		...(kids ? ['kids'] : []),
		...(show.kind === 'anime' ? ['anime'] : []),
		...(archive ? ['archive'] : []),
	];
	const series = builder.series({
		title: show.title,
		kind: show.kind ?? 'standard',
		year: show.year,
		runtime: show.runtime ?? 45,
		network: show.network,
		status: show.ended === true ? 'ended' : 'continuing',
		profileId,
		tags: labels.map((label) => store.tag(label).id),
		alternates: 12 + (index % 8),
		monitored: index % 13 !== 12,
	});
	for (let number = 1; number <= show.seasons; number++) addSeason(context, series, show, number);
	if (index % 5 === 0) addSpecials(context, series, show);
	if (chance(seed, index, 3) < 0.1) for (const season of series.seasons.slice(0, 1)) season.monitored = false;
}

/** The last season of a running show is on air now, or about to be. */
function addSeason(context: Context, series: Series, show: ShowTitle, number: number): void {
	const { builder, seed } = context;
	const daily = show.kind === 'daily';
	const step = daily ? DAY : 7 * DAY;
	const evening = builder.now - (builder.now % DAY) + 20 * HOUR;
	const running = show.ended !== true && number === show.seasons;
	const weeksIn = 3 + (hash(seed, series.id) % 8);
	const first = running
		? evening - (daily ? show.episodes - 5 : weeksIn) * step + (series.id % 7) * DAY
		: Date.UTC(show.year + number - 1, (series.id * 5) % 12, 4, 20);
	const seasonNumber = daily ? show.year : number;
	const episodes = builder.weekly(series, seasonNumber, show.episodes, first, step);
	const last = episodes.at(-1);
	if (last !== undefined && show.kind !== 'daily')
		last.finale = number === show.seasons && show.ended === true ? 'series' : 'season';
	const complete = chance(seed, series.id, number, 4) < 0.55;
	for (const episode of episodes) {
		const aired = episode.airs !== null && episode.airs < builder.now - 2 * HOUR;
		const share = running ? 0.6 : complete ? 1 : 0.75;
		if (aired && chance(seed, episode.id, 5) < share) addFile(context, episode);
	}
}

function addSpecials(context: Context, series: Series, show: ShowTitle): void {
	const { builder } = context;
	builder.season(series, 0, false);
	for (const [index, title] of ['Behind the Scenes', 'Holiday Special', 'Read-Through'].entries()) {
		const special = builder.episode(series, 0, {
			number: index + 1,
			airs: Date.UTC(show.year + index, 11, 24),
			title,
		});
		if (index === 0) addFile(context, special);
		else special.monitored = index === 1;
	}
}

function addFile(context: Context, episode: Episode): void {
	const { builder, seed, formats } = context;
	const formatSets = [[], [], [formats.good], [formats.good, formats.fine], [formats.fine]];
	const file = builder.file(episode.seriesId, episode.season, {
		quality: pick(
			QUALITIES,
			seed,
			episode.seriesId,
			episode.season,
			chance(seed, episode.id, 6) < 0.85 ? 0 : episode.id,
		),
		group: pick(GROUPS, seed, episode.id, 7),
		formats: pick(formatSets, seed, episode.id, 8),
		added: Math.min(builder.now - HOUR, (episode.airs ?? builder.now) + DAY * (1 + (episode.id % 40))),
	});
	episode.fileId = file.id;
}

function addFilms(context: Context, count: number): void {
	const { builder, seed, profiles, formats } = context;
	for (let i = 0; i < count; i++) {
		const base = FILMS[i % FILMS.length] ?? 'Untitled';
		const part = Math.floor(i / FILMS.length);
		const roll = (salt: number) => chance(seed, i, salt);
		const coming = roll(1) < 0.06;
		const cinema = coming
			? builder.now + 90 * DAY * (roll(2) - 0.4)
			: builder.now - 250 * DAY - 9000 * DAY * roll(2) ** 2;
		const movie = builder.movie({
			title: part === 0 ? base : `${base} ${['II', 'III', 'IV', 'V'][part - 1] ?? part + 1}`,
			year: new Date(cinema).getUTCFullYear(),
			status: coming ? (cinema > builder.now ? 'announced' : 'inCinemas') : 'released',
			monitored: roll(3) < 0.93,
			profileId: pick([profiles.hd, profiles.hd, profiles.best, profiles.keep], seed, i, 4),
			inCinemas: cinema,
			digital: coming && roll(5) < 0.5 ? null : cinema + 75 * DAY,
			physical: coming || roll(6) < 0.4 ? null : cinema + 120 * DAY,
			originalTitle: roll(7) < 0.05 ? `${base} (Original)` : null,
		});
		if (coming || roll(8) > 0.78) continue;
		const sets = [[], [formats.good], [formats.good, formats.fine], []];
		builder.movieFile(movie, {
			quality: pick(QUALITIES, seed, i, 9),
			group: pick(GROUPS, seed, i, 10),
			formats: pick(sets, seed, i, 11),
		});
	}
}

function addSite(context: Context, title: string, index: number): void {
	const { builder, seed, profiles } = context;
	const year = new Date(builder.now).getUTCFullYear();
	const site = builder.series({
		title,
		profileId: index % 3 === 0 ? profiles.best : profiles.hd,
		year: year - 4,
		monitored: index !== 6,
		alternates: 1,
	});
	for (let y = year - 4; y <= year; y++) {
		const count = index === 5 && y === year - 4 ? 1 : 14;
		for (let i = 0; i < count; i++) {
			const airs = Date.UTC(y, (i * 12) / count, 3 + index);
			const undated = chance(seed, index, y, i, 12) < 0.03;
			const name = `${pick(SCENE_WORDS, seed, index, y, i)} ${i + 1}`;
			const scene = builder.episode(site, y, { number: i + 1, airs: undated ? null : airs, title: name });
			if (!undated && airs < builder.now && chance(seed, scene.id, 13) < 0.7) addFile(context, scene);
		}
	}
}

function addScenes(context: Context, count: number): void {
	const { builder, seed, profiles } = context;
	const studios = SITES.map((title, index) =>
		builder.studio(title, index % 3 === 0 ? [title.replace(/[^A-Z]/g, '')] : []),
	);
	const performers = PEOPLE.map((name) => builder.performer(name));
	for (let i = 0; i < count; i++) {
		const isScene = i % 12 !== 11;
		const released = builder.now - DAY * Math.floor(2 + 1500 * chance(seed, i, 14));
		const undated = chance(seed, i, 15) < 0.03;
		const studio = pick(studios, seed, i, 16);
		const unknown = chance(seed, i, 17) < 0.04;
		const movie = builder.movie({
			title: `${pick(SCENE_WORDS, seed, i, 18)} ${pick(SCENE_WORDS, seed, i, 19)} ${i + 1}`,
			year: undated ? 0 : new Date(released).getUTCFullYear(),
			monitored: chance(seed, i, 20) < 0.92,
			profileId: pick([profiles.hd, profiles.best], seed, i, 21),
			scene: {
				isScene,
				releaseDate: undated ? null : released,
				studio: unknown ? 'Studio Not Added' : studio.title,
				studioForeignId: unknown ? 'not-added' : studio.foreignId,
				performer: pick(performers, seed, i, 22).id,
			},
		});
		if (!undated && chance(seed, i, 23) < 0.7)
			builder.movieFile(movie, { quality: pick(QUALITIES, seed, i, 24), group: pick(GROUPS, seed, i, 25) });
	}
}

/** Grabs and imports of the past, for the newest files. */
function addHistory(context: Context, count: number): void {
	const { app } = context.builder;
	const files = [...app.store.files.values()].sort((a, b) => b.added - a.added).slice(0, count);
	for (const file of files.reverse()) {
		const isSeries = app.traits.shape === 'series';
		const episode = isSeries
			? app.store.series.get(file.ownerId)?.episodes.find((one) => one.fileId === file.id)
			: undefined;
		const owner = app.store.series.get(file.ownerId) ?? app.store.movies.get(file.ownerId);
		const downloadId = hash(file.id, 31).toString(16).toUpperCase().padStart(40, '0');
		const shared = {
			episodeId: episode?.id ?? 0,
			seriesId: isSeries ? file.ownerId : 0,
			movieId: isSeries ? 0 : file.ownerId,
			title: `${owner?.title ?? ''} ${app.store.qualities.get(file.quality).name}-${file.group}`,
			quality: file.quality,
			revision: file.revision,
			repack: file.repack,
			formats: file.formats,
			downloadId,
		};
		const source = file.id % 4 === 0 ? 'UserInvokedSearch' : 'Rss';
		const named = {
			downloadClient: 'qBittorrent',
			downloadClientName: 'qBit',
			releaseGroup: file.group,
			size: String(file.size),
		};
		const releaseSource: Record<string, string> = app.traits.releaseSource ? { releaseSource: source } : {};
		app.history.add(
			{ ...shared, event: 'grabbed', data: { indexer: 'Lantern', ...named, ...releaseSource } },
			file.added - HOUR,
		);
		app.history.add(
			{ ...shared, event: 'downloadFolderImported', data: { fileId: String(file.id), ...named } },
			file.added,
		);
	}
}
