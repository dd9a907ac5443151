/** Rows of the download queue (arr §10.3). */
import * as v from 'valibot';
import { absent, instant, line, orElse, parse, prose, whole, withoutLinks } from './schema';
import type { QueueRecord } from './types';

const amount = orElse(
	v.pipe(
		v.number(),
		v.transform((value) => Math.max(0, Math.trunc(value))),
	),
	0,
);
const statusMessage = v.object({ title: absent(line), messages: orElse(v.array(prose), []) });
const row = v.object({
	id: whole,
	seriesId: absent(whole),
	episodeId: absent(whole),
	movieId: absent(whole),
	seasonNumber: absent(whole),
	title: orElse(line, ''),
	status: orElse(line, 'unknown'),
	trackedDownloadState: absent(line),
	trackedDownloadStatus: absent(line),
	errorMessage: absent(prose),
	statusMessages: orElse(v.array(statusMessage), []),
	downloadId: absent(line),
	downloadClient: absent(line),
	indexer: absent(line),
	protocol: absent(line),
	size: amount,
	sizeleft: amount,
	estimatedCompletionTime: absent(instant),
	added: absent(instant),
});
const page = v.object({ page: whole, totalRecords: whole, records: v.array(row) });
type Row = v.InferOutput<typeof row>;

export interface QueuePage {
	page: number;
	totalRecords: number;
	records: QueueRecord[];
}

export function readQueuePage(endpoint: string, body: unknown): QueuePage {
	const read = parse(endpoint, page, body);
	return { ...read, records: read.records.map(recordOf) };
}

export function readQueueRows(endpoint: string, body: unknown): QueueRecord[] {
	return parse(endpoint, v.array(row), body).map(recordOf);
}

function recordOf(one: Row): QueueRecord {
	const item = one.episodeId ?? one.movieId;
	return {
		arrId: one.id,
		itemArrId: item === 0 ? null : item,
		seriesArrId: one.seriesId === 0 ? null : one.seriesId,
		seasonNumber: one.seasonNumber,
		title: one.title,
		status: lowerFirst(one.status),
		trackedState: one.trackedDownloadState === null ? null : lowerFirst(one.trackedDownloadState),
		trackedStatus: one.trackedDownloadStatus === null ? null : lowerFirst(one.trackedDownloadStatus),
		errorMessage: one.errorMessage === null ? null : withoutLinks(one.errorMessage),
		statusMessages: messagesOf(one),
		downloadId: one.downloadId,
		downloadClient: one.downloadClient,
		indexer: one.indexer,
		protocol: one.protocol,
		size: one.size,
		sizeLeft: one.sizeleft,
		estimatedCompletion: one.estimatedCompletionTime,
		added: one.added,
	};
}

/** At most 20: a season pack repeats them for each file. */
function messagesOf(one: Row): string[] {
	const all = one.statusMessages.flatMap(({ title, messages }) =>
		messages.length > 0 ? messages : [title ?? ''],
	);
	return [...new Set(all.filter((message) => message !== ''))].slice(0, 20).map(withoutLinks);
}

/** Sonarr 3 and Radarr 3 write `Downloading`. */
function lowerFirst(word: string): string {
	return word.charAt(0).toLowerCase() + word.slice(1);
}
