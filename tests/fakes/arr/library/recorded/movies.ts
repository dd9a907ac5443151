// The movies that the recordings of Radarr 6 presuppose, with the ids they had there.
import type { Movie } from '../../state/model.ts';
import { addFile, emptyLibrary, type Library } from './types.ts';

type Dates = [cinemas: string | null, digital: string | null, physical: string | null];
type Plan = [
	id: number,
	title: string,
	year: number,
	more?: Partial<Movie> & { dates?: Dates; quality?: number },
];

const released: Dates = ['2025-10-17', '2026-01-15', '2026-02-14'];
const none: Dates = [null, null, null];

const plans: Plan[] = [
	[1, 'The Long Winter', 2019],
	[2, 'Harbour of Glass', 2020, { dates: ['2025-10-17', '2026-01-15', null] }],
	[3, 'Quiet Orbit', 2018, { quality: 5, dates: ['2025-10-17', null, '2026-02-14'] }],
	[4, 'Second Harvest', 2017, { quality: 3 }],
	[5, 'Copper Sky', 2016, { quality: 4 }],
	[6, 'Paper Boats', 2015, { quality: 9 }],
	[7, 'North Window', 2014, { quality: 7 }],
	[8, 'Salt Road', 2013, { quality: 5, profileId: 7 }],
	[9, 'Static Garden', 2012, { quality: 5 }],
	[10, 'Blue Signal', 2011, { quality: 3 }],
	[11, 'Stone Letters', 2010, { quality: 5, monitored: false }],
	[12, 'Hollow Tide', 2009, { monitored: false }],
	[13, 'Orchard Road', 2027, { status: 'announced', dates: ['2027-02-19', null, null] }],
	[
		14,
		'Orchard Road Two',
		2026,
		{ status: 'announced', minimumAvailability: 'announced', dates: ['2027-01-20', '2027-04-20', null] },
	],
	[15, 'Ember Street', 2026, { status: 'inCinemas', dates: ['2026-10-22', null, null] }],
	[
		16,
		'Ember Street Two',
		2026,
		{ status: 'inCinemas', minimumAvailability: 'inCinemas', dates: ['2026-10-22', null, null] },
	],
	[17, 'Ember Street Three', 2026, { status: 'inCinemas', dates: ['2026-08-13', null, null] }],
	[18, 'Slow Arrow', 2026, { status: 'inCinemas', dates: ['2026-08-13', '2027-01-20', '2027-02-09'] }],
	[19, 'Slow Arrow Two', 2026, { status: 'inCinemas', dates: [null, '2026-11-16', '2027-01-20'] }],
	[20, 'No Dates At All', 2024, { dates: none }],
	[21, 'No Dates Cinema', 2024, { status: 'inCinemas', minimumAvailability: 'inCinemas', dates: none }],
	[22, 'Unknown Year', 0, { status: 'announced', dates: none }],
	[23, 'Rumour Mill', 2028, { status: 'tba', minimumAvailability: 'tba', dates: none }],
	[24, 'Deleted Upstream', 2008, { status: 'deleted', dates: ['2025-10-17', '2026-01-15', null] }],
	[25, 'Null Year', 0, { status: 'tba', dates: none, runtime: 0 }],
	[26, 'The Lantern Trilogy Part One', 2001, { quality: 3 }],
	[27, 'The Lantern Trilogy Part Two', 2003],
	[28, 'The Lantern Trilogy Part Three', 2005, { quality: 3 }],
	[29, 'Glass Meadow', 2021, { quality: 3 }],
	[30, 'Ashen Coast', 2022, { tags: [6] }],
	[31, 'Iron Ferry', 2023, { quality: 3 }],
	[32, 'Die Blaue Stunde', 1999, { originalTitle: 'Die blaue Stunde', tags: [4] }],
	[33, 'Queue Candidate', 2019],
	[34, 'Blacklist Candidate', 2019],
	[35, 'Pending Candidate', 2019, { tags: [4] }],
	[36, 'Upgrade Candidate', 2019],
	[37, 'Slow Search', 2019],
	[38, 'Crash Search', 2019, { tags: [1] }],
];

/** The one file with custom formats. */
const better = { group: 'HQGRP', formats: [1, 2] };

const instant = (date: string | null) => (date === null ? null : Date.parse(`${date}T00:00:00Z`));

export function radarrLibrary(): Library {
	const library = emptyLibrary('/data/movies');
	['remote', 'kids', 'nomatch', 'delayed', 'slow', 'idxonly'].forEach((label, index) =>
		library.tags.push({ id: index + 1, label }),
	);
	library.formats.push(
		{ id: 1, name: 'HQ Group', pattern: '^HQGRP$', by: 'group' },
		{ id: 2, name: 'x265', pattern: 'x265', by: 'title' },
		{ id: 3, name: 'Bad Group', pattern: '^BAD$', by: 'group' },
	);
	const allowed = [9, 1001, 6, 1002, 7];
	library.changedProfiles = { 4: { name: 'HD-1080p', allowed, cutoff: 1002, upgradeAllowed: true } };
	library.profiles.push({ name: 'Upgrades', allowed, cutoff: 7, upgradeAllowed: true });
	for (const [id, title, year, more] of plans) {
		const { dates = released, quality, ...rest } = more ?? {};
		library.movies.push({
			id,
			title,
			originalTitle: null,
			year,
			status: 'released',
			minimumAvailability: 'released',
			inCinemas: instant(dates[0]),
			digital: instant(dates[1]),
			physical: instant(dates[2]),
			monitored: true,
			profileId: 4,
			tags: [],
			rootFolder: library.rootFolder,
			runtime: 101,
			tmdbId: 900_000 + id,
			fileId:
				quality === undefined
					? 0
					: addFile(library, { ownerId: id, quality, group: 'GRP', ...(id === 4 ? better : {}) }),
			searched: null,
			added: Date.parse('2024-01-02T08:00:00Z'),
			scene: null,
			...rest,
		});
	}
	return library;
}
