/** The series list: staged as it streams in, checked as a whole, and only then written. */
import type { SQL } from 'bun';
import { listFingerprint, type AirPrecision } from '$lib/domain/fingerprint';
import { analyzeStages, openStages, StageWriter } from '../../db/bulk';
import { ABSENT, isShrunk, lossOf, markAbsent, type Loss } from '../../db/queries/mirror-absence';
import {
	applySeries,
	comparePairs,
	dropDuplicates,
	lockMirror,
	SEASON_ABSENT,
} from '../../db/queries/mirror-lists';
import { markDiffering } from '../../db/queries/mirror-prediction';
import { isAccepted, useAcceptance, withdrawQuestion } from '../../db/queries/mirror-runs';
import {
	LIST_SEASONS,
	LIST_SERIES,
	LIST_UNREADABLE,
	seasonLine,
	seriesLine,
	unreadableLine,
} from '../../db/queries/mirror-stage';
import { ask, checkPairs, commitUnit, confirmInstance } from './instance';
import { arrNow, note, onOneConnection, SeenIds, type SyncSession } from './session';

/** Reads and applies the list. In an incremental sync the series that differ from the prediction become stale. */
export async function syncSeriesList(session: SyncSession): Promise<void> {
	const { connector } = session;
	await onOneConnection(session, async (sql) => {
		const whole = await stageList(session, sql);
		await checkPairs(session, sql, await comparePairs(sql, 'series', connector.id));
		note(
			session.detail.duplicates,
			...(await dropDuplicates(sql, 'series')).map((key) => `series tvdb ${key}`),
		);
		const loss = await lossOf(sql, 'series', connector.id, ABSENT.series);
		if (session.mode === 'full' || loss.missing > 0) await confirmInstance(session);
		await commitUnit(sql, (tx) => applyList(session, tx, whole ? loss : null));
	});
}

async function stageList(session: SyncSession, sql: SQL): Promise<boolean> {
	await openStages(sql, LIST_SERIES, LIST_SEASONS, LIST_UNREADABLE);
	const series = new StageWriter(sql, LIST_SERIES);
	const seasons = new StageWriter(sql, LIST_SEASONS);
	const unreadable = new StageWriter(sql, LIST_UNREADABLE);
	const precision = airPrecision(session);
	const reading = session.client.listSeries(session.options.signal);
	const seen = new SeenIds('series');
	for await (const page of reading) {
		for (const item of seen.newOf(page)) {
			if (item.ok) {
				series.add(seriesLine(item.record, listFingerprint(item.record.seasons, precision)));
				for (const season of item.record.seasons) seasons.add(seasonLine(item.record.tvdbId, season));
			} else {
				unreadable.add(unreadableLine(item.arrId, item.problem));
				note(session.detail.unreadable, `series ${item.arrId}: ${item.problem}`);
			}
		}
		for (const writer of [series, seasons, unreadable]) await writer.flushIfFull();
	}
	await series.flush();
	await seasons.flush();
	await unreadable.flush();
	await analyzeStages(sql, LIST_SERIES, LIST_SEASONS, LIST_UNREADABLE);
	session.detail.listed = reading.summary().count;
	return reading.summary().whole;
}

/** Whisparr 2 tells dates, not instants. */
function airPrecision(session: SyncSession): AirPrecision {
	return session.connector.kind === 'whisparr' ? 'days' : 'seconds';
}

async function applyList(session: SyncSession, tx: SQL, loss: Loss | null): Promise<void> {
	const { connector } = session;
	await lockMirror(tx, connector.id);
	session.changed += await applySeries(tx, connector.id);
	if (loss !== null) await applyAbsence(session, tx, loss);
	if (session.mode === 'full') return;
	const span = { from: session.instance.now, to: arrNow(session) };
	await markDiffering(tx, connector.id, { ...span, precision: airPrecision(session) });
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
	] as const) {
		const { unconfirmed, deleted } = await markAbsent(tx, table, connector.id, absent, { at, confirmed });
		session.detail.unconfirmed += unconfirmed;
		session.detail.deleted += deleted;
		session.changed += unconfirmed + deleted;
	}
}

/** Whether a list's losses may be believed; a shrunk one is put to the user, a good one withdraws the question. */
export async function judgeLoss(
	session: SyncSession,
	tx: SQL,
	loss: Loss,
): Promise<'believed' | 'shrunk' | 'accepted'> {
	const { connector, ctx } = session;
	if (!isShrunk(loss)) {
		await withdrawQuestion(tx, connector.id, 'shrink', ctx.clock.date());
		return 'believed';
	}
	if (await isAccepted(tx, connector.id, 'shrink')) {
		await useAcceptance(tx, connector.id, 'shrink');
		return 'accepted';
	}
	await ask(session, tx, 'shrink', { had: loss.had, missing: loss.missing });
	return 'shrunk';
}
