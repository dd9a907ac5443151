// Libraries of any size from a seed. Records stay small; titles and texts are computed when they are asked for.
import type { LibraryOptions } from '../control/contract.ts';
import { chance, hash } from '../random.ts';
import { words } from '../resources/text.ts';
import type { Episode, Series } from '../state/model.ts';
import { DAY, type Builder } from './builder.ts';
import { addFormats, addGroupProfile, addPlainProfile, type Formats } from './profiles.ts';

const QUALITIES = [
	'HDTV-720p',
	'WEBDL-720p',
	'WEBDL-1080p',
	'WEBDL-1080p',
	'WEBDL-1080p',
	'Bluray-1080p',
	'SDTV',
];
const GROUPS = ['GRPX', 'NOVA', 'PINE', 'ORBIT', 'LUMEN', 'OTHR'];

interface Context {
	builder: Builder;
	seed: number;
	filesShare: number;
	profiles: number[];
	formatSets: number[][];
}

export function largeLibrary(builder: Builder, options: LibraryOptions): void {
	const formats = addFormats(builder);
	const plain = addPlainProfile(builder);
	const grouped = addGroupProfile(builder, formats);
	const off = builder.profile({ name: 'No Upgrades', allowed: [1002, 7], cutoff: 1002 });
	const context: Context = {
		builder,
		seed: builder.app.options.seed,
		filesShare: options.filesShare ?? 0.8,
		profiles: [plain.id, grouped.id, grouped.id, off.id],
		formatSets: formatSets(formats),
	};
	const { family } = builder.app.traits;
	if (family === 'sonarr' || family === 'whisparr2') {
		const perSeries = options.episodesPerSeries ?? 50;
		for (let i = 0; i < (options.series ?? 5000); i++) addSeries(context, i, perSeries);
	} else if (family === 'radarr') {
		for (let i = 0; i < (options.movies ?? 20_000); i++) addMovie(context, i);
	} else addScenes(context, options);
	builder.app.store.touch();
}

function formatSets(formats: Formats): number[][] {
	return [[], [formats.good.id], [formats.good.id, formats.fine.id], [formats.fine.id], []];
}

function pick<T>(values: readonly T[], ...key: number[]): T {
	return values[hash(...key) % values.length] as T;
}

function addSeries(context: Context, index: number, average: number): void {
	const { builder, seed } = context;
	const roll = (salt: number) => chance(seed, index, salt);
	const kind = roll(1) < 0.08 ? 'anime' : roll(1) < 0.12 ? 'daily' : 'standard';
	const year = 1995 + Math.floor(roll(2) * 28);
	const isW2 = builder.app.traits.family === 'whisparr2';
	const series = builder.series({
		title: `${words(hash(seed, index, 3), 2 + (index % 2))} ${index + 1}`,
		kind,
		year,
		status: roll(4) < 0.7 ? 'ended' : 'continuing',
		monitored: roll(5) < 0.92,
		profileId: pick(context.profiles, seed, index, 6),
		alternates: 14 + (index % 9),
		runtime: isW2 ? 0 : pick([24, 45, 60], seed, index, 7),
	});
	const count = Math.max(1, Math.round(average * (0.5 + roll(8))));
	const perSeason = isW2 ? 20 : 12;
	for (let made = 0, season = 0; made < count; season++) {
		const size = Math.min(perSeason, count - made);
		addSeason(
			context,
			series,
			isW2 ? year + season : season + 1,
			size,
			Date.UTC(year + season, index % 12, 3, 20),
		);
		made += size;
	}
}

function addSeason(context: Context, series: Series, number: number, size: number, first: number): void {
	const { builder, seed } = context;
	const watched = chance(seed, series.id, number, 9) < 0.95;
	builder.season(series, number, watched);
	const { now } = builder;
	for (let i = 0; i < size; i++) {
		const airs = first + i * 7 * DAY;
		const monitored = watched && chance(seed, series.id, number, i, 10) < 0.97;
		const undated = chance(seed, series.id, number, i, 11) < 0.003;
		const episode = builder.episode(series, number, {
			number: i + 1,
			airs: undated ? null : airs,
			monitored,
		});
		const hasFile = airs < now && chance(seed, series.id, number, i, 12) < context.filesShare;
		if (hasFile && !undated) addFile(context, episode);
	}
}

function addFile(context: Context, episode: Episode): void {
	const { builder, seed } = context;
	const { id } = episode;
	const file = builder.file(episode.seriesId, episode.season, {
		quality: pick(QUALITIES, seed, id, 13),
		group: pick(GROUPS, seed, id, 14),
		formats: pick(context.formatSets, seed, id, 15),
	});
	episode.fileId = file.id;
}

function addMovie(context: Context, index: number): void {
	const { builder, seed } = context;
	const { now } = builder;
	const roll = (salt: number) => chance(seed, index, salt);
	const coming = roll(1) < 0.03;
	const start = coming ? now + 60 * DAY * roll(2) : now - 400 * DAY - 7000 * DAY * roll(2);
	const movie = builder.movie({
		title: `${words(hash(seed, index, 3), 2)} ${index + 1}`,
		year: new Date(start).getUTCFullYear(),
		status: coming ? 'announced' : 'released',
		monitored: roll(4) < 0.93,
		profileId: pick(context.profiles, seed, index, 5),
		inCinemas: start,
		digital: start + 90 * DAY,
		physical: roll(6) < 0.5 ? start + 120 * DAY : null,
	});
	if (coming || roll(7) >= context.filesShare) return;
	builder.movieFile(movie, {
		quality: pick(QUALITIES, seed, index, 13),
		group: pick(GROUPS, seed, index, 14),
		formats: pick(context.formatSets, seed, index, 15),
	});
}

function addScenes(context: Context, options: LibraryOptions): void {
	const { builder, seed } = context;
	const total = options.scenes ?? 200_000;
	const studios = Array.from({ length: Math.max(1, Math.min(300, Math.ceil(total / 50))) }, (_, index) =>
		builder.studio(`${words(hash(seed, index, 21), 2)} ${index + 1}`, index % 5 === 0 ? [`S${index}`] : []),
	);
	const performers = Array.from({ length: Math.min(500, Math.ceil(total / 20)) }, (_, index) =>
		builder.performer(words(hash(seed, index, 22), 2)),
	);
	for (let i = 0; i < total + (options.movies ?? 0); i++) {
		const isScene = i < total;
		const date = builder.now - DAY * Math.floor(10 + 4000 * chance(seed, i, 23));
		const undated = chance(seed, i, 24) < 0.01;
		const studio = pick(studios, seed, i, 25);
		const movie = builder.movie({
			title: `${words(hash(seed, i, 26), 3)} ${i + 1}`,
			year: undated ? 0 : new Date(date).getUTCFullYear(),
			monitored: chance(seed, i, 27) < 0.93,
			profileId: pick(context.profiles, seed, i, 5),
			scene: {
				isScene,
				releaseDate: undated ? null : date,
				studio: studio.title,
				studioForeignId: studio.foreignId,
				performer: performers.length === 0 ? null : pick(performers, seed, i, 28).id,
			},
		});
		if (!undated && chance(seed, i, 29) < context.filesShare) {
			builder.movieFile(movie, { quality: pick(QUALITIES, seed, i, 13), group: pick(GROUPS, seed, i, 14) });
		}
	}
}
