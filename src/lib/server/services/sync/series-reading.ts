/** Episodes and files of one series as ready lines, and the hash by which an unchanged series is known. */
import { copyLine } from '../../db/bulk';
import type { SeriesToRead } from '../../db/queries/mirror-episodes';
import { episodeLine, fileLine, ownedBy } from '../../db/queries/mirror-stage';
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
	/** Their lines, in the order of their ids. */
	episodes: string;
	files: string;
	/** How many lines both have. */
	rows: number;
	unreadable: string[];
	problems: string[];
}

/** Changes whenever a line's form changes, so that old hashes do not fit. */
const HASH_FORM = 2n;

/** Reads both lists of a series, one after the other. */
export async function readSeries(
	client: ArrClient,
	connectorId: number,
	series: SeriesToRead,
	signal: AbortSignal | undefined,
): Promise<SeriesReading> {
	const reading: SeriesReading = {
		...{ series, whole: false, hash: null, episodes: '', files: '', rows: 0, unreadable: [], problems: [] },
	};
	const known = partsOf(series.contentHash);
	const owned = ownedBy(connectorId, series.id);
	const episodes = await collect(
		reading,
		client.listEpisodes(series.arrId, signal, known.episodes),
		(record) => (belongs(record, series) ? episodeLine(owned, record) : null),
	);
	const files = await collect(reading, client.listEpisodeFiles(series.arrId, signal, known.files), (record) =>
		fileLine(owned, record),
	);
	if (episodes.unchanged === true && files.unchanged === true)
		return { ...reading, whole: true, hash: series.contentHash };
	// the lines of both are needed, and one was not looked into
	if (episodes.unchanged === true || files.unchanged === true)
		return readSeries(client, connectorId, { ...series, contentHash: null }, signal);
	Object.assign(reading, {
		whole: episodes.whole && files.whole,
		episodes: episodes.lines,
		files: files.lines,
		rows: episodes.count + files.count,
	});
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

/** The lines of one list. `write` gives null for a record that does not belong here. */
async function collect<T extends { arrId: number }>(
	reading: SeriesReading,
	list: ListReading<T>,
	write: (record: T) => string | null,
): Promise<ListSummary & { lines: string }> {
	const seen = new SeenIds(`episodes of ${reading.series.title}`);
	const lines = new OrderedLines();
	for await (const page of list)
		for (const item of seen.newOf(page)) {
			if (item.ok) lines.add(item.record.arrId, write(item.record));
			else noteUnreadable(reading, item);
		}
	return { ...list.summary(), lines: lines.text() };
}

/** Lines in the order of their ids, whatever order they come in: the lists have none of their own. */
class OrderedLines {
	readonly #lines: { id: number; line: string }[] = [];
	#last = 0;
	#inOrder = true;

	add(id: number, line: string | null): void {
		if (line === null) return;
		this.#lines.push({ id, line });
		if (id < this.#last) this.#inOrder = false;
		this.#last = id;
	}

	text(): string {
		if (!this.#inOrder) this.#lines.sort((a, b) => a.id - b.id);
		let text = '';
		for (const { line } of this.#lines) text += line;
		return text;
	}
}

function noteUnreadable(reading: SeriesReading, item: Extract<ListItem<unknown>, { ok: false }>): void {
	reading.problems.push(`${reading.series.title}, record ${item.arrId}: ${item.problem}`);
	reading.unreadable.push(copyLine([reading.series.id, item.arrId, item.problem.slice(0, 500)]));
}

/** Hashing also makes one piece of each text, which until then is held as its thousands of parts. */
function hashOf({ episodes, files }: SeriesReading): string {
	return Bun.hash(files, Bun.hash(episodes, HASH_FORM)).toString(36);
}
