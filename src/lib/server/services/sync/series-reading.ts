/** Episodes and files of one series as ready lines, and the hash by which an unchanged series is known. */
import { copyLine } from '../../db/bulk';
import type { SeriesToRead } from '../../db/queries/mirror-episodes';
import { episodeLine, fileLine } from '../../db/queries/mirror-stage';
import type {
	ArrClient,
	EpisodeRecord,
	ListItem,
	ListReading,
	ListSummary,
} from '../../connectors/common/types';
import { SeenIds } from './session';

export interface SeriesReading {
	series: SeriesToRead;
	whole: boolean;
	/** Null where something was missing or unreadable: it is compared again the next time. */
	hash: string | null;
	episodes: string[];
	files: string[];
	unreadable: string[];
	problems: string[];
}

/** Changes whenever a line's form changes, so that old hashes do not fit. */
const HASH_FORM = 'v1';

/** Reads both lists of a series, one after the other. */
export async function readSeries(
	client: ArrClient,
	series: SeriesToRead,
	signal: AbortSignal | undefined,
): Promise<SeriesReading> {
	const reading: SeriesReading = {
		...{ series, whole: false, hash: null, episodes: [], files: [], unreadable: [], problems: [] },
	};
	const known = partsOf(series.contentHash);
	const episodes = await collect(
		reading,
		client.listEpisodes(series.arrId, signal, known.episodes),
		(record) => {
			if (belongs(record, series)) reading.episodes.push(episodeLine(series.id, record));
		},
	);
	const files = await collect(
		reading,
		client.listEpisodeFiles(series.arrId, signal, known.files),
		(record) => {
			reading.files.push(fileLine(series.id, record));
		},
	);
	if (episodes.unchanged === true && files.unchanged === true)
		return { ...reading, whole: true, hash: series.contentHash };
	// the lines of both are needed, and one was not looked into
	if (episodes.unchanged === true || files.unchanged === true)
		return readSeries(client, { ...series, contentHash: null }, signal);
	reading.whole = episodes.whole && files.whole;
	if (reading.whole && reading.problems.length === 0) {
		reading.hash = [hashOf(reading), episodes.digest ?? '', files.digest ?? ''].join(' ');
	}
	return reading;
}

/** Whether the rows are those of the last reading, in whatever order and spelling they came. */
export function isUnchanged({ hash, series }: SeriesReading): boolean {
	return hash !== null && partsOf(hash).lines === partsOf(series.contentHash).lines;
}

/** Hash of the lines, and digests of both answers. */
function partsOf(hash: string | null): { lines?: string; episodes?: string; files?: string } {
	const [lines, episodes, files] = (hash ?? '').split(' ');
	return {
		...(lines === undefined || lines === '' ? {} : { lines }),
		...(episodes === undefined || episodes === '' ? {} : { episodes }),
		...(files === undefined || files === '' ? {} : { files }),
	};
}

/** An episode of another series in this list would be bound to the wrong one. */
const belongs = (record: EpisodeRecord, series: SeriesToRead): boolean => record.seriesArrId === series.arrId;

async function collect<T extends { arrId: number }>(
	reading: SeriesReading,
	list: ListReading<T>,
	take: (record: T) => void,
): Promise<ListSummary> {
	const seen = new SeenIds(`episodes of ${reading.series.title}`);
	for await (const item of list) {
		if (!seen.isNew(item.ok ? item.record.arrId : item.arrId)) continue;
		if (item.ok) take(item.record);
		else noteUnreadable(reading, item);
	}
	return list.summary();
}

function noteUnreadable(reading: SeriesReading, item: Extract<ListItem<unknown>, { ok: false }>): void {
	reading.problems.push(`${reading.series.title}, record ${item.arrId}: ${item.problem}`);
	reading.unreadable.push(copyLine([reading.series.id, item.arrId, item.problem.slice(0, 500)]));
}

/** The lists have no order of their own. */
function hashOf({ episodes, files }: SeriesReading): string {
	episodes.sort();
	files.sort();
	const content = `${HASH_FORM}\n${episodes.join('')}\n${files.join('')}`;
	return Bun.hash(content).toString(36);
}
