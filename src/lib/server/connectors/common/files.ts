/** A file's quality, revision and score, which all applications describe alike (arr §4.3, §4.4). */
import {
	bytes,
	flagOrNull,
	id,
	instantOrNull,
	int,
	intOrNull,
	intOrZero,
	object,
	objectOrNull,
	text,
	textOrNull,
} from './fields';
import type { Raw } from './fields';
import type { FileRecord } from './types';

/** `owner`: the field with the series' or movie's id. Throws `FieldFault`. */
export function readFile(raw: Raw, owner: 'seriesId' | 'movieId'): FileRecord {
	const model = object(raw, 'quality');
	const quality = object(model, 'quality');
	const revision = objectOrNull(model, 'revision');
	return {
		arrId: id(raw, 'id'),
		ownerArrId: id(raw, owner),
		qualityId: int(quality, 'id'),
		qualityName: text(quality, 'name'),
		revisionVersion: revision === null ? 1 : intOrZero(revision, 'version'),
		revisionReal: revision === null ? 0 : intOrZero(revision, 'real'),
		formatScore: intOrNull(raw, 'customFormatScore'),
		cutoffNotMet: flagOrNull(raw, 'qualityCutoffNotMet'),
		size: bytes(raw, 'size'),
		dateAdded: instantOrNull(raw, 'dateAdded'),
		releaseGroup: textOrNull(raw, 'releaseGroup'),
		sceneName: textOrNull(raw, 'sceneName'),
	};
}
