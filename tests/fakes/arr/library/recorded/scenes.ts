// The movies and scenes that the recordings of Whisparr 3 presuppose.
import { addFile, emptyLibrary, type Library } from './types.ts';

const foreign = (part: string) => `a1b2c3d4-0000-4000-8000-00000000${part}`;
const studios = [
	['Harbor Lane Studios', foreign('9000'), ['HLS']],
	['Quiet Valley Films', foreign('9001'), []],
	['North Pier', foreign('9002'), []],
	['Studio Not Added', foreign('9900'), []],
] as const;

type Plan = [
	id: number,
	title: string,
	studio: number | null,
	date: string | null,
	performer: number | null,
	more?: { quality?: number; monitored?: boolean; movie?: boolean; future?: boolean },
];

const plans: Plan[] = [
	[1, 'Evening Tide', 0, '2025-10-17', 1],
	[2, 'Second Evening', 0, '2025-10-27', 2, { quality: 5 }],
	[3, 'Third Evening', 0, '2025-11-06', 1, { quality: 3 }],
	[4, 'Valley Road', 1, '2025-09-01', 2],
	[5, 'Valley Bridge', 1, '2025-09-10', 1, { monitored: false }],
	[6, 'Valley Undated', 1, null, 2],
	[7, 'Pier Walk', 2, '2025-08-01', 1],
	[8, 'Pier Lights', 2, '2025-08-10', 2],
	[9, 'Announced Future', 1, '2027-03-01', 1, { future: true }],
	[10, 'Unknown Studio', 3, '2025-07-01', 2],
	[11, 'The Lighthouse Feature', 1, '2024-12-21', null, { movie: true }],
	[12, 'Old Reel', 1, '1999-05-01', null, { movie: true }],
	[13, 'Feature With File', 1, '2020-05-01', null, { movie: true, quality: 3 }],
	[14, 'No Studio', null, '2025-06-01', 2],
	[15, 'Pier Rain', 2, '2025-06-10', 2],
	[16, 'Quiet Valley Dawn', 1, '2025-05-01', 2],
	[17, 'Pier Dusk', 2, '2025-05-10', 1],
];

export function whisparr3Library(): Library {
	const library = emptyLibrary('/data/scenes');
	['one', 'two', 'three'].forEach((label, index) => library.tags.push({ id: index + 1, label }));
	library.changedProfiles = {
		4: { name: 'HD-1080p', allowed: [9, 1001, 6, 1002, 7], cutoff: 1002, upgradeAllowed: true },
	};
	studios
		.slice(0, 3)
		.forEach(([title, foreignId, aliases], index) =>
			library.studios.push({ id: index + 1, title, foreignId, aliases: [...aliases], monitored: true }),
		);
	library.performers.push(
		{ id: 1, name: 'Ada Marlow', foreignId: foreign('8000'), monitored: true },
		{ id: 2, name: 'Jonas Reed', foreignId: foreign('8001'), monitored: true },
	);
	for (const [id, title, studio, date, performer, more] of plans) {
		const known = studio === null ? undefined : studios[studio];
		const releaseDate = date === null ? null : Date.parse(`${date}T00:00:00Z`);
		library.movies.push({
			id,
			title,
			originalTitle: null,
			year: date === null ? 0 : Number(date.slice(0, 4)),
			status: more?.future ? 'announced' : 'released',
			minimumAvailability: 'released',
			inCinemas: null,
			digital: null,
			physical: null,
			monitored: more?.monitored ?? true,
			profileId: 4,
			tags: [],
			rootFolder: library.rootFolder,
			runtime: 30,
			tmdbId: more?.movie ? 910_000 + id : 0,
			fileId:
				more?.quality === undefined
					? 0
					: addFile(library, { ownerId: id, quality: more.quality, group: 'GRP' }),
			searched: null,
			added: Date.parse('2025-01-01T08:00:00Z'),
			scene: {
				isScene: more?.movie !== true,
				foreignId: more?.movie ? String(910_000 + id) : foreign(String(id).padStart(4, '0')),
				releaseDate,
				studio: known?.[0] ?? null,
				studioForeignId: known?.[1] ?? null,
				performer,
			},
		});
	}
	return library;
}
