/** The list of movies and scenes. Whisparr 3 lists ids, and records come in chunks; Radarr lists records. */
import type { SQL } from 'bun';
import type { ListReading, MovieRecord } from '../../connectors/common/types';
import { analyzeStages, copyLine, openStages, StageWriter } from '../../db/bulk';
import { ABSENT, lossOf, markAbsent, type Loss } from '../../db/queries/mirror-absence';
import { applyMovieFiles, dropUnusedMovieFiles } from '../../db/queries/mirror-files';
import { applyMovies, comparePairs, dropDuplicates, lockMirror } from '../../db/queries/mirror-lists';
import { slicedMovieIds, someKnownIds } from '../../db/queries/mirror-movies';
import {
	fileLine,
	LIST_FILES,
	LIST_IDS,
	LIST_MOVIES,
	LIST_UNREADABLE,
	movieLine,
	ownedBy,
	unreadableLine,
} from '../../db/queries/mirror-stage';
import { checkPairs, commitUnit, confirmInstance } from './instance';
import { judgeLoss } from './series-list';
import { note, onOneConnection, SeenIds, type SyncSession } from './session';

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
	const { connector, client, options } = session;
	await onOneConnection(session, async (sql) => {
		await openStages(sql, LIST_MOVIES, LIST_FILES, LIST_IDS, LIST_UNREADABLE);
		const ids = await client.listMovieIds(options.signal);
		if (ids !== null) await stageIds(sql, ids);
		const wanted = ids === null || slice === null ? ids : await chooseIds(session, sql, slice, touched);
		const reading =
			wanted === null ? client.listMovies(options.signal) : client.getMovies(wanted, options.signal);
		await stageMovies(session, sql, reading);
		session.detail.listed = ids?.length ?? reading.summary().count;
		await checkPairs(session, sql, await comparePairs(sql, 'movies', connector.id));
		note(session.detail.duplicates, ...(await dropDuplicates(sql, 'movies')));
		const absent = ids === null ? ABSENT.movies : `${ABSENT.movies} and ${ABSENT.movieIds}`;
		const whole = ids !== null || reading.summary().whole;
		const loss = await lossOf(sql, 'movies', connector.id, absent);
		if (session.mode === 'full' || loss.missing > 0) await confirmInstance(session);
		await commitUnit(sql, (tx) => applyList(session, tx, absent, whole ? loss : null));
	});
}

async function stageIds(sql: SQL, ids: readonly number[]): Promise<void> {
	const writer = new StageWriter(sql, LIST_IDS, 50_000);
	for (const id of ids) writer.add(copyLine([id]));
	await writer.flush();
	await analyzeStages(sql, LIST_IDS);
}

/** What to read of a library that lists ids only; with it some that are known, to see that they still are the same. */
async function chooseIds(
	session: SyncSession,
	sql: SQL,
	slice: number,
	touched: readonly number[],
): Promise<number[]> {
	const { connector } = session;
	const chosen = await slicedMovieIds(sql, connector.id, slice, touched);
	const { missing } = await lossOf(sql, 'movies', connector.id, ABSENT.movieIds);
	if (chosen.length === 0 && missing === 0) return [];
	return [...new Set([...chosen, ...(await someKnownIds(sql, connector.id, SAMPLE))])];
}

async function stageMovies(session: SyncSession, sql: SQL, reading: ListReading<MovieRecord>): Promise<void> {
	const movies = new StageWriter(sql, LIST_MOVIES, 2_000);
	const files = new StageWriter(sql, LIST_FILES, 2_000);
	const unreadable = new StageWriter(sql, LIST_UNREADABLE);
	const seen = new SeenIds('movies');
	for await (const page of reading) {
		for (const item of seen.newOf(page)) {
			if (!item.ok) {
				unreadable.add(unreadableLine(item.arrId, item.problem));
				note(session.detail.unreadable, `movie ${item.arrId}: ${item.problem}`);
				continue;
			}
			const { record } = item;
			movies.add(movieLine(record));
			if (record.file !== null) files.add(fileLine(ownedBy(session.connector.id, record.arrId), record.file));
		}
		for (const writer of [movies, files, unreadable]) await writer.flushIfFull();
		session.options.onProgress?.(movies.count, session.detail.listed);
	}
	for (const writer of [movies, files, unreadable]) await writer.flush();
	await analyzeStages(sql, LIST_MOVIES, LIST_FILES, LIST_UNREADABLE);
}

async function applyList(session: SyncSession, tx: SQL, absent: string, loss: Loss | null): Promise<void> {
	const { connector, ctx } = session;
	const at = ctx.clock.date();
	await lockMirror(tx, connector.id);
	session.changed += await applyMovies(tx, connector.id, at);
	session.changed += await applyMovieFiles(tx, connector.id, 'list_files');
	await dropUnusedMovieFiles(tx, connector.id);
	if (loss === null) return;
	const verdict = await judgeLoss(session, tx, loss);
	if (verdict === 'shrunk') return;
	const { unconfirmed, deleted } = await markAbsent(tx, 'movies', connector.id, absent, {
		at,
		confirmed: verdict === 'accepted',
	});
	session.detail.unconfirmed += unconfirmed;
	session.detail.deleted += deleted;
	session.changed += unconfirmed + deleted;
}
