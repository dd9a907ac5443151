/**
 * Gathers the facts of an ended command: history, queue, `lastSearchTime`, health, and who else searched meanwhile.
 * What can only be read once (the search time before another search moves it, each health reading) is kept in the
 * dispatch's notes.
 */
import {
	FIRST_HEALTH_MS,
	judge,
	LAST_HEALTH_MS,
	type CommandEnd,
	type OutcomeFacts,
} from '$lib/domain/outcome';
import type { AppContext } from '../../app-context';
import type { ArrClient, CommandRecord, HistoryRecord } from '../../connectors/common/types';
import type { ConnectorRow } from '../../db/queries/connectors';
import type { DispatchRow } from '../../db/queries/dispatches';
import { noteSearched, putHealth } from '../../db/queries/dispatches-mirror';
import { readBefore, readNotes, type BeforeFacts, type Conclusion, type WatchNotes } from './evidence-notes';
import { foreignCovering, type Covered } from './foreign';

/** Queue rows that are no download yet. */
const PARKED = new Set(['delay', 'downloadClientUnavailable', 'fallback']);
/** How far back foreign commands are looked at, by our clock. */
const FOREIGN_MS = 24 * 3_600_000;

export interface Judged extends Conclusion {
	/** When health has to be read again; null if nothing is open. */
	nextLookMs: number | null;
}

/** Everything that is known of a dispatch whose command has ended (or is beyond knowing), judged. Throws `ArrError`. */
export async function judgeDispatch(
	ctx: AppContext,
	connector: ConnectorRow,
	client: ArrClient,
	dispatch: DispatchRow,
	end: CommandEnd,
): Promise<Judged> {
	const before = readBefore(dispatch.before);
	const history = await historyOf(client, dispatch);
	const queue = await client.queue();
	const clientRows = queue.some((row) => row.downloadId !== null);
	const notes = await takeNotes({ ctx, connector, client, dispatch }, before, clientRows);
	const parked = queue.filter(
		(row) => row.downloadId === null && PARKED.has(row.status) && !before.queueRows.includes(row.arrId),
	);
	const others = await foreignCovering(
		ctx,
		connector.id,
		coveredBy(dispatch),
		new Date(ctx.clock.now() - FOREIGN_MS),
	);
	const facts: OutcomeFacts = {
		...before,
		items: dispatch.target.items,
		command: commandFacts(dispatch, notes, end),
		merged: notes.merged,
		grabs: history.map((row) => ({ ...row, historyId: row.arrId, title: row.sourceTitle })),
		parked: parked.flatMap((row) => (row.itemArrId === null ? [] : [{ ...row, itemArrId: row.itemArrId }])),
		others: others
			.filter((row) => row.commandId !== dispatch.commandId)
			.map((row) => ({ commandId: row.commandId, started: row.startedAt, ended: row.endedAt })),
		lastSearch: lastSearchOf(before, notes),
		healthBefore: before.health,
		healthAfter: notes.readings,
		messages: dispatch.messages,
	};
	const verdict = judge(facts);
	return { verdict, notes, history, nextLookMs: verdict.provisional ? nextReading(notes) : null };
}

function commandFacts(dispatch: DispatchRow, notes: WatchNotes, end: CommandEnd): OutcomeFacts['command'] {
	return {
		end,
		started: dispatch.commandStarted ?? dispatch.arrClock,
		ended: dispatch.commandEnded,
		durationMs: dispatch.commandDurationMs,
		exception: notes.exception,
	};
}

const lastSearchOf = (before: BeforeFacts, notes: WatchNotes): OutcomeFacts['lastSearch'] =>
	notes.lastSearchAfter === undefined
		? null
		: { before: before.lastSearchTime, after: notes.lastSearchAfter };

/** Milliseconds after the end at which health has to be read next. */
function nextReading(notes: WatchNotes): number {
	return notes.readings.some((reading) => reading.afterMs >= FIRST_HEALTH_MS)
		? LAST_HEALTH_MS
		: FIRST_HEALTH_MS;
}

interface Looking {
	ctx: AppContext;
	connector: ConnectorRow;
	client: ArrClient;
	dispatch: DispatchRow;
}

/** `clientRows`: the arr's queue, read a moment ago, had rows of a download client. */
async function takeNotes(
	{ ctx, connector, client, dispatch }: Looking,
	before: BeforeFacts,
	clientRows: boolean,
): Promise<WatchNotes> {
	const notes = { ...readNotes(dispatch.evidence), failedLooks: 0 };
	if (before.abilities.lastSearchTime && notes.lastSearchAfter === undefined) {
		const after = await lastSearchTime(client, dispatch, before.probe);
		if (after !== undefined) notes.lastSearchAfter = after;
		if (after instanceof Date) await tellMirror(ctx, dispatch, before, after);
	}
	const issues = await client.health();
	const at = ctx.clock.date();
	await putHealth(ctx.db, connector.id, { issues, clientRows }, at);
	const afterMs = at.getTime() - (dispatch.endSeenAt ?? at).getTime();
	const kept = issues.map(({ source, type, fragment, message }) => ({ source, type, fragment, message }));
	notes.readings = [...notes.readings, { afterMs, issues: kept, clientRows }].slice(-10);
	return notes;
}

/** The planner must not take what was just searched for something long not searched. */
async function tellMirror(
	ctx: AppContext,
	dispatch: DispatchRow,
	before: BeforeFacts,
	after: Date,
): Promise<void> {
	if (before.lastSearchTime !== null && after <= before.lastSearchTime) return;
	const kind = dispatch.targetKind === 'movie' ? 'movie' : 'episode';
	await noteSearched(
		ctx.db,
		kind,
		dispatch.target.items.map((item) => item.id),
		after,
	);
}

/** Of the probed item; undefined if it is gone. */
async function lastSearchTime(
	client: ArrClient,
	dispatch: DispatchRow,
	probe: number | null,
): Promise<Date | null | undefined> {
	if (probe === null) return undefined;
	if (dispatch.targetKind === 'movie') {
		const naturalKey = dispatch.target.items[0]?.key ?? '';
		const read = await client.getMovie({ arrId: probe, naturalKey });
		return read.found ? read.record.lastSearchTime : undefined;
	}
	const read = await client.getEpisode(probe);
	return read.found ? read.record.episode.lastSearchTime : undefined;
}

export async function historyOf(client: ArrClient, dispatch: DispatchRow): Promise<HistoryRecord[]> {
	const { target } = dispatch;
	const [item] = target.items;
	if (target.seriesArrId !== null && target.seasonNumber !== null) {
		return await client.historyOfItem({ seriesArrId: target.seriesArrId, seasonNumber: target.seasonNumber });
	}
	return item === undefined ? [] : await client.historyOfItem({ movieArrId: item.arrId });
}

export function coveredBy(dispatch: DispatchRow): Covered {
	const { target } = dispatch;
	return {
		itemArrIds: target.items.map((item) => item.arrId),
		shape: dispatch.targetKind === 'movie' ? 'movies' : 'series',
		seriesArrId: target.seriesArrId,
		seasonNumber: target.seasonNumber,
	};
}

/** How a command ended, if it did. */
export function endOf(command: CommandRecord): CommandEnd | null {
	switch (command.status) {
		case 'completed':
		case 'failed':
		case 'aborted':
		case 'cancelled':
		case 'orphaned':
			return command.status;
		case 'queued':
		case 'started':
		case 'unknown':
			return null;
	}
}
