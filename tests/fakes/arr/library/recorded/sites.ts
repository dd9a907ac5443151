// The sites that the recordings of Whisparr 2 presuppose: five sites with years as seasons.
import { addFile, emptyLibrary, type Library } from './types.ts';

type Scene = [
	id: number,
	site: number,
	title: string,
	date: string | null,
	quality?: number | undefined,
	unmonitored?: boolean,
];

const sites: [title: string, years: number[], monitored?: boolean][] = [
	['Garden Club', [2018, 2019, 2026]],
	['River Walks', [2020, 2021]],
	['Tea House', [2021], false],
	['Long Path', [2022, 2023]],
	['Empty Page', [2024]],
];

const scenes: Scene[] = [
	[1, 1, 'Roses', '2018-03-05', 5],
	[2, 1, 'Tulips', '2018-04-05', 5],
	[3, 1, 'Daisies', '2018-05-05'],
	[4, 1, 'Lilies', '2018-06-05', undefined, true],
	[5, 1, 'Orchids', '2018-07-05'],
	[6, 1, 'Compost', '2019-02-02'],
	[7, 1, 'Yesterday', '2026-11-20'],
	[8, 1, 'Today', '2026-11-21'],
	[9, 1, 'Tomorrow', '2026-11-22'],
	[10, 1, 'Later', '2026-12-10'],
	[11, 1, 'Undated', null],
	[12, 1, 'Nobody There', '2026-10-01'],
	[13, 2, 'Source', '2020-01-05', 1],
	[14, 2, 'Weir', '2020-02-05'],
	[15, 2, 'Delta', '2020-03-05'],
	[16, 2, 'Mouth', '2021-01-05'],
	[17, 3, 'Green', '2021-01-05'],
	[18, 3, 'Black', '2021-02-05', 5],
	[19, 3, 'White', '2021-03-05'],
	[20, 4, 'Gate', '2022-01-05'],
	[21, 4, 'Hill', '2022-02-05'],
	[22, 4, 'Wall', '2023-01-05', undefined, true],
];

export function whisparr2Library(): Library {
	const library = emptyLibrary('/data/sites');
	library.tags.push({ id: 1, label: 'garden' }, { id: 2, label: 'spare' });
	library.profiles.push(
		{ name: 'Group Cutoff', allowed: [4, 9, 1001, 6, 1002, 7], cutoff: 1002, upgradeAllowed: true },
		{ name: 'Upgrades', allowed: [4, 9, 1001, 6, 1002, 7], cutoff: 7, upgradeAllowed: true },
	);
	sites.forEach(([title, years, monitored], index) => {
		library.series.push({
			id: index + 1,
			tvdbId: 9001 + index,
			title,
			slug: title.toLowerCase().replace(/[^a-z]+/g, ''),
			kind: 'standard',
			status: 'continuing',
			year: years[0] ?? 2018,
			runtime: 0,
			network: 'Example Network',
			monitored: monitored ?? true,
			profileId: 8,
			tags: [],
			rootFolder: library.rootFolder,
			added: Date.parse('2026-01-02T03:04:05Z'),
			seasons: years.map((number) => ({ number, monitored: number !== 2023 })),
			alternates: 0,
			episodes: [],
		});
	});
	for (const [id, site, title, date, quality, unmonitored] of scenes) {
		const season = date === null ? 2026 : Number(date.slice(0, 4));
		const fileId =
			quality === undefined
				? 0
				: addFile(library, { ownerId: site, season, quality, group: 'GRPX', size: 700_002_100 });
		library.episodes.push({
			id,
			seriesId: site,
			season,
			number: id,
			tvdbId: 7_008_000 + id,
			title,
			airs: date === null ? null : Date.parse(`${date}T00:00:00Z`),
			monitored: unmonitored !== true,
			fileId,
			searched: null,
			absolute: id,
			finale: null,
			runtime: 25,
		});
	}
	return library;
}
