// The shows that the recordings of Sonarr 4 and 5 presuppose: eleven series with the ids they had there.
import type { Episode, Series } from '../../state/model.ts';
import { addFile, day, emptyLibrary, type Library, today } from './types.ts';

interface SeasonPlan {
	number: number;
	/** first air date; episodes follow every `every` days */
	from: string;
	count: number;
	every?: number;
	monitored?: boolean;
}

interface ShowPlan {
	title: string;
	kind?: Series['kind'];
	profileId?: number;
	tags?: number[];
	runtime?: number;
	monitored?: boolean;
	ended?: boolean;
	seasons: SeasonPlan[];
}

const shows: ShowPlan[] = [
	{
		title: 'The Long Winter',
		tags: [1],
		seasons: [
			{ number: 0, from: '2019-12-24T21:00:00Z', count: 3, every: 160, monitored: false },
			{ number: 1, from: '2020-01-10T21:00:00Z', count: 8 },
			{ number: 2, from: '2021-01-08T21:00:00Z', count: 8 },
		],
	},
	{
		title: 'Clockwork Garden',
		kind: 'anime',
		profileId: 9,
		runtime: 24,
		seasons: [
			{ number: 1, from: '2014-01-05T15:00:00Z', count: 8 },
			{ number: 2, from: '2015-01-05T15:00:00Z', count: 5 },
		],
	},
	{
		title: 'Paper Lanterns',
		kind: 'anime',
		runtime: 24,
		seasons: [
			{ number: 1, from: '2020-04-05T15:00:00Z', count: 12 },
			{ number: 0, from: '2020-08-05T15:00:00Z', count: 1 },
			{ number: 2, from: '2026-09-12T15:00:00Z', count: 11 },
		],
	},
	{
		title: 'Evening Desk',
		kind: 'daily',
		profileId: 8,
		runtime: 30,
		seasons: [
			{ number: 2025, from: '2025-12-03T04:00:00Z', count: 22, every: 1 },
			{ number: 2026, from: '2026-11-06T04:00:00Z', count: 18, every: 1 },
		],
	},
	{
		title: "Tomorrow's Coast",
		runtime: 60,
		seasons: [{ number: 1, from: '2026-11-07T21:00:00Z', count: 6 }],
	},
	{
		title: 'Old Quarter',
		monitored: false,
		ended: true,
		seasons: [{ number: 1, from: '2012-02-01T21:00:00Z', count: 5 }],
	},
	{
		title: 'River Stones',
		seasons: [
			{ number: 1, from: '2015-02-01T21:00:00Z', count: 1 },
			{ number: 2, from: '2016-02-01T21:00:00Z', count: 3 },
			{ number: 3, from: '2017-02-01T21:00:00Z', count: 1 },
		],
	},
	{ title: 'Two Sisters', tags: [2], seasons: [{ number: 1, from: '2019-02-01T21:00:00Z', count: 3 }] },
	{ title: 'Empty Field', seasons: [{ number: 1, from: '2019-02-01T21:00:00Z', count: 0 }] },
	{
		title: 'Winter Light',
		seasons: [
			{ number: 1, from: '2017-03-01T21:00:00Z', count: 4 },
			{ number: 2, from: '2018-03-01T21:00:00Z', count: 4 },
		],
	},
	{
		title: 'Morning Desk',
		kind: 'daily',
		seasons: [{ number: 2026, from: '2026-11-01T04:00:00Z', count: 3, every: 1 }],
	},
];

/** Files by series, season and episodes; the third is the quality's id. */
const files: [series: number, season: number, episodes: number[], quality: number, more?: object][] = [
	[1, 0, [1], 1],
	[1, 1, [1], 3, { group: 'GRPX', formats: [1] }],
	[1, 1, [2], 3, { group: 'GRPX', formats: [1] }],
	[1, 1, [3], 3, { group: 'GRPX', formats: [1] }],
	[1, 1, [4], 3, { group: 'GRPX', formats: [1], revision: 2, repack: true }],
	[1, 1, [5], 4],
	[1, 1, [8], 1],
	[1, 2, [1, 2], 5],
	...[1, 2, 3, 4, 5, 6, 7, 8].map((n): [number, number, number[], number] => [2, 1, [n], 4]),
	[2, 2, [1], 4],
	...[1, 2, 3, 4].map((n): [number, number, number[], number] => [3, 1, [n], 5]),
	...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n): [number, number, number[], number] => [4, 2025, [n], 3]),
	[6, 1, [1], 4],
	[6, 1, [2], 4],
	...[1, 2, 3, 4].map((n): [number, number, number[], number] => [10, 2, [n], 4]),
];

export function sonarrLibrary(): Library {
	const library = emptyLibrary('/data/tv');
	library.tags.push({ id: 1, label: 'winter' }, { id: 2, label: 'noindexer' }, { id: 3, label: 'spare' });
	library.formats.push(
		{ id: 1, name: 'Group X', pattern: '^GRPX$', by: 'group' },
		{ id: 2, name: 'x265', pattern: 'x265', by: 'title' },
		{ id: 3, name: 'Bad Group', pattern: '^BAD$', by: 'group' },
	);
	const hd = [4, 9, 1001, 6, 1002, 7];
	library.profiles.push(
		{
			name: 'Group Cutoff',
			allowed: hd,
			cutoff: 1002,
			upgradeAllowed: true,
			cutoffFormatScore: 60,
			minUpgradeFormatScore: 5,
			scores: { 1: 50, 2: 20, 3: -1000 },
		},
		{ name: 'Upgrades', allowed: hd, cutoff: 7, upgradeAllowed: true },
		{ name: 'No Upgrades', allowed: [9, 1002, 7], cutoff: 7, upgradeAllowed: false },
	);
	shows.forEach((show, index) => addShow(library, index + 1, show));
	for (const [seriesId, season, numbers, quality, more] of files) {
		const id = addFile(library, { ownerId: seriesId, season, quality, ...more });
		for (const number of numbers) {
			const episode = library.episodes.find(
				(one) => one.seriesId === seriesId && one.season === season && one.number === number,
			);
			if (!episode) throw new Error(`No episode S${season}E${number} in series ${seriesId}`);
			episode.fileId = id;
		}
	}
	return library;
}

function addShow(library: Library, id: number, show: ShowPlan): void {
	const first = show.seasons[0];
	library.series.push({
		id,
		tvdbId: 900_000 + id,
		title: show.title,
		slug: show.title.toLowerCase().replace(/[^a-z]+/g, '-'),
		kind: show.kind ?? 'standard',
		status: show.ended ? 'ended' : 'continuing',
		year: Number(first?.from.slice(0, 4) ?? 2020),
		runtime: show.runtime ?? 45,
		network: 'Example TV',
		monitored: show.monitored ?? true,
		profileId: show.profileId ?? 7,
		tags: show.tags ?? [],
		rootFolder: library.rootFolder,
		added: Date.parse('2026-01-02T03:04:05Z'),
		seasons: show.seasons.map((season) => ({ number: season.number, monitored: season.monitored ?? true })),
		alternates: 0,
		episodes: [],
	});
	let absolute = 0;
	for (const season of show.seasons) {
		for (let number = 1; number <= season.count; number++) {
			if (season.number > 0) absolute++;
			library.episodes.push(
				episodeOf(
					library.episodes.length + 1,
					id,
					show,
					season,
					number,
					show.kind === 'anime' ? absolute : null,
				),
			);
		}
	}
}

function episodeOf(
	id: number,
	seriesId: number,
	show: ShowPlan,
	season: SeasonPlan,
	number: number,
	absolute: number | null,
): Episode {
	const undated = (seriesId === 5 && number === 5) || (seriesId === 11 && number === 2);
	const airs = Date.parse(season.from) + (number - 1) * (season.every ?? 7) * day;
	return {
		id,
		seriesId,
		season: season.number,
		number,
		tvdbId: 7_000_000 + id,
		title: show.kind === 'daily' ? `Guest ${number}` : `Part ${number}`,
		airs: undated ? null : seriesId === 5 && number === 3 ? today - day / 24 : airs,
		monitored: !(seriesId === 5 && number === 6) && !(seriesId === 1 && season.number === 1 && number === 7),
		fileId: 0,
		searched: null,
		absolute: season.number > 0 ? absolute : null,
		finale: seriesId === 1 && season.number === 1 && number === 8 ? 'season' : null,
		runtime: 0,
	};
}
