/** Rows of history (arr §10.1). Links in `data` can hold keys and are never looked at. */
import {
	bytes,
	clean,
	id,
	instant,
	int,
	intOrNull,
	intOrZero,
	objectOrNull,
	text,
	textOrNull,
} from './fields';
import type { Raw } from './fields';
import { withoutLinks } from './schema';
import type { HistoryEvent, HistoryRecord } from './types';

/** What one family of applications calls its events, by name in lower case and by number. */
export interface HistoryFamily {
	readonly item: 'episodeId' | 'movieId';
	readonly names: Readonly<Record<string, HistoryEvent>>;
	readonly numbers: Readonly<Record<number, HistoryEvent>>;
}

export const SERIES_HISTORY: HistoryFamily = {
	item: 'episodeId',
	names: {
		grabbed: 'grabbed',
		seriesfolderimported: 'folder_imported',
		downloadfolderimported: 'imported',
		downloadfailed: 'download_failed',
		episodefiledeleted: 'file_deleted',
		episodefilerenamed: 'renamed',
		downloadignored: 'ignored',
	},
	numbers: {
		1: 'grabbed',
		2: 'folder_imported',
		3: 'imported',
		4: 'download_failed',
		5: 'file_deleted',
		6: 'renamed',
		7: 'ignored',
	},
};

export const MOVIE_HISTORY: HistoryFamily = {
	item: 'movieId',
	names: {
		grabbed: 'grabbed',
		moviefolderimported: 'folder_imported',
		downloadfolderimported: 'imported',
		downloadfailed: 'download_failed',
		moviefiledeleted: 'file_deleted',
		moviefilerenamed: 'renamed',
		downloadignored: 'ignored',
		diskscanimported: 'folder_imported',
	},
	numbers: {
		1: 'grabbed',
		3: 'imported',
		4: 'download_failed',
		6: 'file_deleted',
		7: 'folder_imported',
		8: 'renamed',
		9: 'ignored',
		10: 'folder_imported',
	},
};

/** The number of `grabbed` in queries: the same everywhere. */
export const GRABBED = 1;

/** Throws `FieldFault`. */
export function readHistory(family: HistoryFamily, raw: Raw): HistoryRecord {
	const quality = objectOrNull(objectOrNull(raw, 'quality') ?? {}, 'quality') ?? {};
	const data = objectOrNull(raw, 'data') ?? {};
	const event = eventOf(family, raw['eventType']);
	return {
		arrId: id(raw, 'id'),
		itemArrId: int(raw, family.item),
		seriesArrId: family.item === 'episodeId' ? intOrNull(raw, 'seriesId') : null,
		event,
		date: instant(raw, 'date'),
		sourceTitle: text(raw, 'sourceTitle'),
		downloadId: textOrNull(raw, 'downloadId'),
		releaseSource: textOf(data, 'releaseSource'),
		qualityId: intOrZero(quality, 'id'),
		qualityName: text(quality, 'name'),
		formatScore: intOrNull(raw, 'customFormatScore') ?? numberOf(data, 'customFormatScore'),
		indexer: textOf(data, 'indexer'),
		downloadClient: textOf(data, 'downloadClientName') ?? textOf(data, 'downloadClient'),
		reason: reasonOf(event, data),
		fileArrId: numberOf(data, 'fileId'),
		releaseGroup: textOf(data, 'releaseGroup'),
		size: sizeOf(data),
	};
}

function eventOf({ names, numbers }: HistoryFamily, value: unknown): HistoryEvent {
	if (typeof value === 'string') return names[value.toLowerCase()] ?? 'other';
	return (typeof value === 'number' ? numbers[value] : undefined) ?? 'other';
}

function reasonOf(event: HistoryEvent, data: Raw): string | null {
	const reason = textOf(data, event === 'download_failed' ? 'message' : 'reason');
	return reason === null ? null : withoutLinks(reason);
}

/** Values of `data` are texts, or null (arr §3.3); anything else counts as absent. */
function textOf(data: Raw, field: string): string | null {
	const value = data[field];
	return typeof value === 'string' && value !== '' ? clean(value) : null;
}

function numberOf(data: Raw, field: string): number | null {
	const value = Number(textOf(data, field) ?? Number.NaN);
	return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? value : null;
}

function sizeOf(data: Raw): number | null {
	const value = Number(textOf(data, 'size') ?? Number.NaN);
	return Number.isFinite(value) ? bytes({ size: value }, 'size') : null;
}
