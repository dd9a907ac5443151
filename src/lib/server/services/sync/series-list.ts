/** The series list: staged as it streams in, checked as a whole, and only then written. */
import type { SQL } from 'bun';
import { listFingerprint, type AirPrecision } from '$lib/domain/fingerprint';
import type { ListSummary, SeriesRecord } from '../../connectors/common/types';
import { ABSENT, lossOf, markAbsent, type Loss } from '../../db/queries/mirror-absence';
import { applySeries, comparePairs, dropDuplicates, SEASON_ABSENT } from '../../db/queries/mirror-lists';
import { markDiffering, seriesAiring } from '../../db/queries/mirror-prediction';
import {
	LIST_SEASONS,
	LIST_SERIES,
	LIST_UNREADABLE,
	seasonLine,
	seriesLine,
} from '../../db/queries/mirror-stage';
import { lockMirror, mirrorMark } from '../../db/queries/mirror-mark';
import { checkPairs, commitUnit, confirmInstance } from './instance';
import { ListLines, type ListEntry } from './list-lines';
import { forgetList, recallList, rememberList, type ListMemory } from './list-memory';
import { judgeLoss, noteAbsence, readRecords, rememberWhole } from './list-steps';
import { arrNow, note, onOneConnection, type SyncSession } from './session';

/**
 * Reads and applies the list. In an incremental sync the series that differ from the prediction become stale, and where
 * the last list is remembered only what it says anew is written.
 */
export async function syncSeriesList(session: SyncSession): Promise<void> {
	await onOneConnection(session, async (sql) => {
		const memory = await recallTrue(session, sql);
		const list = new ListLines(sql, [LIST_SERIES, LIST_SEASONS, LIST_UNREADABLE], {
			hold: recallList(session) !== null,
			remember: true,
		});
		const summary = await readList(session, list, memory?.digest);
		if (memory !== null && summary.unchanged === true) {
			memory.asOf = session.instance.now;
			session.detail.listed = memory.hashes.size;
			return;
		}
		try {
			if (summary.whole && (await applyChanges(session, sql, list, summary))) return;
			await applyWhole(session, sql, list, summary);
		} finally {
			await list.close();
		}
	});
}

/** What the same answer again would leave as it is: nobody else wrote into the mirror, and nothing aired by it since. */
async function recallTrue(session: SyncSession, sql: SQL): Promise<ListMemory | null> {
	const { connector } = session;
	const memory = recallList(session);
	if (memory?.digest === undefined || (await mirrorMark(sql, connector.id)) !== memory.mark) return null;
	const airing = await seriesAiring(sql, connector.id, { from: memory.asOf, to: arrNow(session) });
	return airing.length > 0 ? null : memory;
}

async function readList(session: SyncSession, list: ListLines, known?: string): Promise<ListSummary> {
	const precision = airPrecision(session);
	const reading = session.client.listSeries(session.options.signal, known);
	await readRecords(session, list, reading, {
		words: ['series', 'series'],
		entryOf: (record) => entryOf(record, precision),
	});
	session.detail.listed = reading.summary().count;
	return reading.summary();
}

function entryOf(record: SeriesRecord, precision: AirPrecision): ListEntry {
	const own = seriesLine(record, listFingerprint(record.seasons, precision));
	const seasons = record.seasons.map((season) => [LIST_SEASONS, seasonLine(record.tvdbId, season)] as const);
	return { arrId: record.arrId, key: String(record.tvdbId), lines: [[LIST_SERIES, own], ...seasons] };
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
	const airing = await seriesAiring(sql, connector.id, { from: memory.asOf, to: arrNow(session) });
	const entries = list.entriesOf(new Set([...changed.map(({ arrId }) => arrId), ...airing]));
	if (entries.length === 0) {
		if ((await mirrorMark(sql, connector.id)) !== memory.mark) return false;
		Object.assign(memory, { digest, asOf: session.instance.now });
		return true;
	}
	await list.stageOnly(entries);
	return await commitUnit(sql, (tx) => applyOnly(session, tx, { list, digest }, memory));
}

/** The staged records alone; the others are as they were. False if somebody else wrote into the mirror meanwhile. */
async function applyOnly(
	session: SyncSession,
	tx: SQL,
	{ list, digest }: { list: ListLines; digest: string | undefined },
	memory: ListMemory,
): Promise<boolean> {
	const { connector, ctx } = session;
	const mark = await lockMirror(tx, connector.id);
	if (mark.before !== memory.mark) return false;
	session.changed += await applySeries(tx, connector.id);
	const absent = await markAbsent(tx, 'seasons', connector.id, SEASON_ABSENT, { at: ctx.clock.date() });
	noteAbsence(session, absent);
	await compare(session, tx, true);
	// a season that is doubted is looked for again
	if (absent.unconfirmed > 0) forgetList(ctx, connector.id);
	else rememberList(session, { mark: mark.after, digest, hashes: list.hashes, asOf: session.instance.now });
	return true;
}

async function applyWhole(
	session: SyncSession,
	sql: SQL,
	list: ListLines,
	{ whole, digest }: ListSummary,
): Promise<void> {
	const { connector } = session;
	await list.stageAll();
	await checkPairs(session, sql, await comparePairs(sql, 'series', connector.id));
	const duplicates = await dropDuplicates(sql, 'series');
	note(session.detail.duplicates, ...duplicates.map((key) => `series tvdb ${key}`));
	const loss = await lossOf(sql, 'series', connector.id, ABSENT.series);
	if (session.mode === 'full' || loss.missing > 0) await confirmInstance(session);
	await commitUnit(sql, async (tx) => {
		const mark = await lockMirror(tx, connector.id);
		await applyList(session, tx, whole ? loss : null);
		await rememberWhole(session, tx, 'series', {
			isClean: whole && loss.missing === 0 && list.unreadable === 0 && duplicates.length === 0,
			memory: { mark: mark.after, digest, hashes: list.hashes, asOf: session.instance.now },
		});
	});
}

/** Whisparr 2 tells dates, not instants. */
function airPrecision(session: SyncSession): AirPrecision {
	return session.connector.kind === 'whisparr' ? 'days' : 'seconds';
}

async function applyList(session: SyncSession, tx: SQL, loss: Loss | null): Promise<void> {
	session.changed += await applySeries(tx, session.connector.id);
	if (loss !== null) await applyAbsence(session, tx, loss);
	await compare(session, tx, false);
}

async function compare(session: SyncSession, tx: SQL, listedOnly: boolean): Promise<void> {
	if (session.mode === 'full') return;
	const span = { from: session.instance.now, to: arrNow(session) };
	const precision = airPrecision(session);
	await markDiffering(tx, session.connector.id, { ...span, precision, listedOnly });
}

async function applyAbsence(session: SyncSession, tx: SQL, loss: Loss): Promise<void> {
	const { connector, ctx } = session;
	const at = ctx.clock.date();
	const verdict = await judgeLoss(session, tx, loss);
	if (verdict === 'shrunk') return;
	const confirmed = verdict === 'accepted';
	for (const [table, absent] of [
		['series', ABSENT.series],
		['seasons', SEASON_ABSENT],
	] as const)
		noteAbsence(session, await markAbsent(tx, table, connector.id, absent, { at, confirmed }));
}
