/** The list of movies and scenes. Whisparr 3 lists ids, and records come in chunks; Radarr lists records. */
import type { SQL } from 'bun';
import type { ListSummary, MovieRecord } from '../../connectors/common/types';
import { analyzeStages, copyLine, openStages, StageWriter } from '../../db/bulk';
import { ABSENT, lossOf, markAbsent, type Loss } from '../../db/queries/mirror-absence';
import { applyMovieFiles, dropUnusedMovieFiles } from '../../db/queries/mirror-files';
import { applyMovies, comparePairs, dropDuplicates, hasNone } from '../../db/queries/mirror-lists';
import { slicedMovieIds, someKnownIds } from '../../db/queries/mirror-movies';
import {
	fileLine,
	LIST_FILES,
	LIST_IDS,
	LIST_MOVIES,
	LIST_UNREADABLE,
	movieLine,
	ownedBy,
} from '../../db/queries/mirror-stage';
import { lockMirror, mirrorMark } from '../../db/queries/mirror-mark';
import { checkPairs, commitUnit, confirmInstance } from './instance';
import { ListLines, type ListEntry } from './list-lines';
import { recallList, rememberList, type ListMemory } from './list-memory';
import { judgeLoss, noteAbsence, readRecords, rememberWhole } from './list-steps';
import { note, onOneConnection, type SyncSession } from './session';

/** Items of a large library that each incremental sync in turn looks at, so that silent changes are found. */
export const SLICE = 1000;
/** Known items read beside new ones. */
const SAMPLE = 50;

/**
 * Reads and applies the list. `slice`: of a library that lists ids only, what is new or in `touched` is read, and
 * this many of the others; null reads everything.
 */
export async function syncMoviesList(
	session: SyncSession,
	{ slice, touched }: { slice: number | null; touched: readonly number[] },
): Promise<void> {
	const ids = await session.client.listMovieIds(session.options.signal);
	if (ids !== null && slice === 0 && touched.length === 0 && (await areTheSame(session, ids))) return;
	await onOneConnection(session, async (sql) => {
		const memory = await recallTrue(session, sql);
		const list = new ListLines(sql, [LIST_MOVIES, LIST_FILES, LIST_UNREADABLE], {
			hold: ids === null && recallList(session) !== null,
			remember: ids === null,
		});
		const summary = await readList(session, list, sql, { ids, slice, touched }, memory?.digest);
		if (memory !== null && summary.unchanged === true) {
			session.detail.listed = memory.hashes.size;
			return;
		}
		try {
			if (ids === null && summary.whole && (await applyChanges(session, sql, list, summary))) return;
			await applyWhole(session, sql, list, ids, summary);
		} finally {
			await list.close();
		}
	});
}

/** Ids alone say nothing else than before: nothing came and nothing went. */
async function areTheSame(session: SyncSession, ids: readonly number[]): Promise<boolean> {
	const { connector, ctx } = session;
	const memory = recallList(session);
	if (memory?.hashes.size !== ids.length || !ids.every((id) => memory.hashes.has(id))) return false;
	session.detail.listed = ids.length;
	return (await mirrorMark(ctx.bulk, connector.id)) === memory.mark;
}

/** What the same answer again would leave as it is: nobody else wrote into the mirror. */
async function recallTrue(session: SyncSession, sql: SQL): Promise<ListMemory | null> {
	const memory = recallList(session);
	if (memory?.digest === undefined) return null;
	return (await mirrorMark(sql, session.connector.id)) === memory.mark ? memory : null;
}

interface Asked {
	ids: number[] | null;
	slice: number | null;
	touched: readonly number[];
}

async function readList(
	session: SyncSession,
	list: ListLines,
	sql: SQL,
	asked: Asked,
	known?: string,
): Promise<ListSummary> {
	const { client, options } = session;
	const reading =
		asked.ids === null
			? client.listMovies(options.signal, known)
			: client.getMovies(await chooseIds(session, sql, asked.ids, asked), options.signal);
	await readRecords(session, list, reading, {
		words: ['movie', 'movies'],
		entryOf: (record) => entryOf(session, record),
		passed: () => options.onProgress?.(list.count, session.detail.listed),
	});
	const summary = reading.summary();
	session.detail.listed = asked.ids?.length ?? summary.count;
	// of the ids nothing is missing, whatever is said of the few that were asked for
	return asked.ids === null ? summary : { ...summary, whole: true, digest: undefined };
}

/** False where the list has to be applied whole. */
async function applyChanges(
	session: SyncSession,
	sql: SQL,
	list: ListLines,
	{ digest }: ListSummary,
): Promise<boolean> {
	const { connector } = session;
	const memory = recallList(session);
	const changed = memory === null ? null : list.changedSince(memory.hashes);
	if (memory === null || changed === null) return false;
	if (changed.length === 0) {
		memory.digest = digest;
		return (await mirrorMark(sql, connector.id)) === memory.mark;
	}
	await list.stageOnly(changed);
	return await commitUnit(sql, async (tx) => {
		const mark = await lockMirror(tx, connector.id);
		if (mark.before !== memory.mark) return false;
		await writeStaged(session, tx);
		rememberList(session, { mark: mark.after, digest, hashes: list.hashes, asOf: session.instance.now });
		return true;
	});
}

async function applyWhole(
	session: SyncSession,
	sql: SQL,
	list: ListLines,
	ids: readonly number[] | null,
	{ whole, digest }: ListSummary,
): Promise<void> {
	const { connector } = session;
	await list.stageAll();
	await checkPairs(session, sql, await comparePairs(sql, 'movies', connector.id));
	const duplicates = await dropDuplicates(sql, 'movies');
	note(session.detail.duplicates, ...duplicates);
	const absent = ids === null ? ABSENT.movies : `${ABSENT.movies} and ${ABSENT.movieIds}`;
	const loss = await lossOf(sql, 'movies', connector.id, absent);
	if (session.mode === 'full' || loss.missing > 0) await confirmInstance(session);
	await commitUnit(sql, async (tx) => {
		const mark = await lockMirror(tx, connector.id);
		await writeStaged(session, tx);
		if (whole) await applyAbsence(session, tx, absent, loss);
		const hashes = ids === null ? list.hashes : new Map(ids.map((id) => [id, 0n]));
		await rememberWhole(session, tx, 'movies', {
			isClean: whole && loss.missing === 0 && list.unreadable === 0 && duplicates.length === 0,
			memory: { mark: mark.after, digest, hashes, asOf: session.instance.now },
		});
	});
}

async function stageIds(sql: SQL, ids: readonly number[]): Promise<void> {
	await openStages(sql, LIST_IDS);
	const writer = new StageWriter(sql, LIST_IDS, 50_000);
	for (const id of ids) writer.add(copyLine([id]));
	await writer.flush();
	await analyzeStages(sql, LIST_IDS);
}

/**
 * What to read of a library that lists ids only; with it some that are known, to see that they still are the same. The
 * ids stay staged.
 */
async function chooseIds(
	session: SyncSession,
	sql: SQL,
	ids: number[],
	{ slice, touched }: Asked,
): Promise<number[]> {
	const { connector } = session;
	await stageIds(sql, ids);
	if (slice === null) return ids;
	const chosen = await slicedMovieIds(sql, connector.id, slice, touched);
	const { missing } = await lossOf(sql, 'movies', connector.id, ABSENT.movieIds);
	if (chosen.length === 0 && missing === 0) return [];
	return [...new Set([...chosen, ...(await someKnownIds(sql, connector.id, SAMPLE))])];
}

function entryOf({ connector }: SyncSession, record: MovieRecord): ListEntry {
	const { arrId, naturalKey: key, file } = record;
	const own = [LIST_MOVIES, movieLine(record)] as const;
	if (file === null) return { arrId, key, lines: [own] };
	return { arrId, key, lines: [own, [LIST_FILES, fileLine(ownedBy(connector.id, arrId), file)]] };
}

async function writeStaged(session: SyncSession, tx: SQL): Promise<void> {
	const { connector, ctx } = session;
	session.changed += await applyMovies(tx, connector.id, ctx.clock.date());
	// the first time all of them come once more, with their scores
	if (session.mode === 'full' && (await hasNone(tx, 'files', connector.id))) return;
	session.changed += await applyMovieFiles(tx, connector.id, 'list_files');
	await dropUnusedMovieFiles(tx, connector.id);
}

async function applyAbsence(session: SyncSession, tx: SQL, absent: string, loss: Loss): Promise<void> {
	const { connector, ctx } = session;
	const verdict = await judgeLoss(session, tx, loss);
	if (verdict === 'shrunk') return;
	const confirmed = verdict === 'accepted';
	const at = ctx.clock.date();
	noteAbsence(session, await markAbsent(tx, 'movies', connector.id, absent, { at, confirmed }));
}
