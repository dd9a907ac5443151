// The quality tables of the four families: ids, names, sources, and the order of a profile, worst first.
import type { JsonObject } from '../json.ts';
import type { Family } from '../kinds.ts';

export interface Quality {
	id: number;
	name: string;
	source: string;
	resolution: number;
	modifier: string;
}

type Entry = [id: number, name: string, source: string, resolution: number, modifier?: string];
interface Group {
	id: number;
	name: string;
	members: Entry[];
}

function group(id: number, name: string, ...members: Entry[]): Group {
	return { id, name, members };
}

const SERIES_HEAD: (Entry | Group)[] = [
	[0, 'Unknown', 'unknown', 0],
	[1, 'SDTV', 'television', 480],
	group(1000, 'WEB 480p', [12, 'WEBRip-480p', 'webRip', 480], [8, 'WEBDL-480p', 'web', 480]),
	[2, 'DVD', 'dvd', 480],
	[13, 'Bluray-480p', 'bluray', 480],
];
const SERIES_TAIL: (Entry | Group)[] = [
	[4, 'HDTV-720p', 'television', 720],
	[9, 'HDTV-1080p', 'television', 1080],
	[10, 'Raw-HD', 'televisionRaw', 1080],
	group(1001, 'WEB 720p', [14, 'WEBRip-720p', 'webRip', 720], [5, 'WEBDL-720p', 'web', 720]),
	[6, 'Bluray-720p', 'bluray', 720],
	group(1002, 'WEB 1080p', [15, 'WEBRip-1080p', 'webRip', 1080], [3, 'WEBDL-1080p', 'web', 1080]),
	[7, 'Bluray-1080p', 'bluray', 1080],
	[20, 'Bluray-1080p Remux', 'blurayRaw', 1080],
	[16, 'HDTV-2160p', 'television', 2160],
	group(1003, 'WEB 2160p', [17, 'WEBRip-2160p', 'webRip', 2160], [18, 'WEBDL-2160p', 'web', 2160]),
	[19, 'Bluray-2160p', 'bluray', 2160],
	[21, 'Bluray-2160p Remux', 'blurayRaw', 2160],
];

const RADARR_ITEMS: (Entry | Group)[] = [
	[0, 'Unknown', 'unknown', 0],
	[24, 'WORKPRINT', 'workprint', 0],
	[25, 'CAM', 'cam', 0],
	[26, 'TELESYNC', 'telesync', 0],
	[27, 'TELECINE', 'telecine', 0],
	[29, 'REGIONAL', 'dvd', 480, 'regional'],
	[28, 'DVDSCR', 'dvd', 480, 'screener'],
	[1, 'SDTV', 'tv', 480],
	[2, 'DVD', 'dvd', 0],
	[23, 'DVD-R', 'dvd', 480, 'remux'],
	group(1000, 'WEB 480p', [8, 'WEBDL-480p', 'webdl', 480], [12, 'WEBRip-480p', 'webrip', 480]),
	[20, 'Bluray-480p', 'bluray', 480],
	[21, 'Bluray-576p', 'bluray', 576],
	[4, 'HDTV-720p', 'tv', 720],
	group(1001, 'WEB 720p', [5, 'WEBDL-720p', 'webdl', 720], [14, 'WEBRip-720p', 'webrip', 720]),
	[6, 'Bluray-720p', 'bluray', 720],
	[9, 'HDTV-1080p', 'tv', 1080],
	group(1002, 'WEB 1080p', [3, 'WEBDL-1080p', 'webdl', 1080], [15, 'WEBRip-1080p', 'webrip', 1080]),
	[7, 'Bluray-1080p', 'bluray', 1080],
	[30, 'Remux-1080p', 'bluray', 1080, 'remux'],
	[16, 'HDTV-2160p', 'tv', 2160],
	group(1003, 'WEB 2160p', [18, 'WEBDL-2160p', 'webdl', 2160], [17, 'WEBRip-2160p', 'webrip', 2160]),
	[19, 'Bluray-2160p', 'bluray', 2160],
	[31, 'Remux-2160p', 'bluray', 2160, 'remux'],
	[22, 'BR-DISK', 'bluray', 1080, 'brdisk'],
	[10, 'Raw-HD', 'tv', 1080, 'rawhd'],
];

const WHISPARR3_SOURCES: Record<string, string> = { tv: 'television', webdl: 'web', webrip: 'webRip' };
const WHISPARR3_BY_ID: Record<number, string> = {
	23: 'dvdRaw',
	30: 'blurayRaw',
	31: 'blurayRaw',
	22: 'blurayDisk',
	10: 'televisionRaw',
};

function asWhisparr3(entry: Entry): Entry {
	return [entry[0], entry[1], WHISPARR3_BY_ID[entry[0]] ?? WHISPARR3_SOURCES[entry[2]] ?? entry[2], entry[3]];
}

function whisparr3Items(): (Entry | Group)[] {
	const kept = RADARR_ITEMS.filter(
		(item) => !Array.isArray(item) || ![24, 25, 26, 27, 28, 29].includes(item[0]),
	);
	const mapped = kept.map((item) =>
		Array.isArray(item) ? asWhisparr3(item) : { ...item, members: item.members.map(asWhisparr3) },
	);
	return [
		...mapped,
		[33, 'WEBDL-2880p', 'web', 2880],
		[34, 'WEBDL-3160p', 'web', 3160],
		[36, 'WEBDL-3384p', 'web', 3384],
		[35, 'WEBDL-4320p', 'web', 4320],
		[32, 'VR', 'vr', 1080],
	];
}

const ITEMS: Record<Family, (Entry | Group)[]> = {
	sonarr: [...SERIES_HEAD, [22, 'Bluray-576p', 'bluray', 576], ...SERIES_TAIL],
	whisparr2: [...SERIES_HEAD, ...SERIES_TAIL, [22, 'VR', 'vr', 1080]],
	radarr: RADARR_ITEMS,
	whisparr3: whisparr3Items(),
};

export interface LadderItem {
	quality: number | null;
	group: number | null;
	name: string | null;
	members: number[];
}

export class QualityTable {
	private readonly byId = new Map<number, Quality>();
	readonly ladder: LadderItem[] = [];

	constructor(private readonly family: Family) {
		for (const item of ITEMS[family]) this.add(item);
	}

	get(id: number): Quality {
		const quality = this.byId.get(id);
		if (quality === undefined) throw new Error(`No quality ${id} in ${this.family}`);
		return quality;
	}

	all(): Quality[] {
		return [...this.byId.values()];
	}

	resource(id: number): JsonObject {
		const { name, source, resolution, modifier } = this.get(id);
		const shared = { id, name, source, resolution };
		return this.family === 'radarr' ? { ...shared, modifier } : shared;
	}

	/** The `quality` of a file, release or history row, with its revision. */
	withRevision(id: number, version: number, repack: boolean): JsonObject {
		return { quality: this.resource(id), revision: { version, real: 0, isRepack: repack } };
	}

	private add(item: Entry | Group): void {
		if (!Array.isArray(item)) {
			for (const member of item.members) this.addQuality(member);
			const members = item.members.map((member) => member[0]);
			this.ladder.push({ quality: null, group: item.id, name: item.name, members });
			return;
		}
		this.addQuality(item);
		this.ladder.push({ quality: item[0], group: null, name: null, members: [] });
	}

	private addQuality([id, name, source, resolution, modifier = 'none']: Entry): void {
		this.byId.set(id, { id, name, source, resolution, modifier });
	}
}
