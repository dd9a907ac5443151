/** The queue page: what waits, what runs, what was just concluded, what the budgets leave. */
import { and, desc, eq, gt, ne, sql, type SQL } from 'drizzle-orm';
import type { AppContext } from '../app-context';
import { rowsOf } from '../db/rows';
import { listConnectorRows, type ConnectorRow } from '../db/queries/connectors';
import { dispatches, undoActs } from '../db/schema';
import { readUsage } from '../db/queries/budget';
import { QUEUE_PAUSED } from '../services/settings/keys';
import { readSetting } from '../services/settings/store';
import { meanGapMs, type Usage } from '$lib/domain/throttle';
import type { NextSearch, QueueRow, QueueView, Scope, TargetView } from '$lib/domain/views';
import type { ConnectorKind, TargetKind, WantedReason } from '$lib/domain/words';
import { dispatchesWhere, inScope } from './dispatches';
import { nextSearch } from './next-search';
import { budgetView, profileOf } from './stats';

const CONCLUDED_SHOWN = 8;
const UNDO_MS = 10 * 60_000;

interface RawQueueRow extends Record<string, unknown> {
	id: number;
	connector_id: number;
	connector_name: string;
	connector_kind: ConnectorKind;
	target_kind: TargetKind;
	item_id: number | null;
	title: string;
	subtitle: string | null;
	reason: WantedReason;
	has: string | null;
	score: number;
	cost: number;
	pinned: boolean;
	series_id: number | null;
	waiting_since: Date | null;
	searches: number;
	total: number;
}

interface ConnectorState {
	row: ConnectorRow;
	usage: Usage;
	next: NextSearch;
	queued: number;
}

export async function readQueue(ctx: AppContext, scope: Scope, limit: number): Promise<QueueView> {
	const { paused } = await readSetting(ctx.db, QUEUE_PAUSED);
	const raw = await readRows(ctx, scope, limit);
	const states = await readStates(ctx, scope, paused);
	const [running, concluded, undo] = await Promise.all([
		dispatchesWhere(ctx, and(inScope(scope.connectorIds), ne(dispatches.state, 'concluded')), 50),
		dispatchesWhere(
			ctx,
			and(
				inScope(scope.connectorIds),
				eq(dispatches.state, 'concluded'),
				sql`${dispatches.outcome} <> 'withdrawn'`,
			),
			CONCLUDED_SHOWN,
		),
		readUndo(ctx),
	]);
	return {
		total: raw[0]?.total ?? 0,
		rows: raw.map((row, at) => toRow(ctx, row, raw, at, states)),
		running,
		concluded,
		budgets: states.map(({ row, usage, next }) => ({
			connector: refOf(row),
			mode: row.mode,
			throttle: row.settings.throttle,
			budget: budgetView(profileOf(ctx, row), usage, ctx.clock.date()),
			next,
		})),
		waiting: states
			.filter(
				({ next, queued }) =>
					queued > 0 && (next.word === 'stopped' || next.word === 'paused' || next.word === 'off'),
			)
			.map(({ row, queued, next }) => ({
				connector: refOf(row),
				count: queued,
				reason: row.heldReason ?? row.healthReason ?? next.word ?? '',
			})),
		undo,
	};
}

/** The head of the line over all connectors, in the order in which it would be sent. */
export async function readRows(ctx: AppContext, scope: Scope, limit: number): Promise<RawQueueRow[]> {
	const only: SQL =
		scope.connectorIds === null
			? sql`true`
			: sql`q.connector_id = any(${sql.param(scope.connectorIds)}::int[])`;
	const rows = await rowsOf<RawQueueRow>(
		ctx.db,
		sql`
		select q.id, q.connector_id, c.name as connector_name, c.kind as connector_kind, q.target_kind,
			coalesce(e.id, m.id) as item_id,
			case q.target_kind
				when 'season' then s.title || ' · Season ' || z.number
				when 'episode' then s.title || ' · ' || case when e.episode_number is not null
					then 'S' || lpad(e.season_number::text, greatest(2, length(e.season_number::text)), '0') || 'E' || lpad(e.episode_number::text, greatest(2, length(e.episode_number::text)), '0')
					else coalesce(e.air_date, 'undated') end
				else case when m.year > 0 then m.title || ' (' || m.year || ')' else m.title end end as title,
			case q.target_kind
				when 'season' then (select count(*) from wanted x where x.series_id = z.series_id and x.season_number = z.number)
					|| ' of ' || (select count(*) from episodes x where x.series_id = z.series_id and x.season_number = z.number and x.presence <> 'deleted') || ' episodes'
				when 'episode' then nullif(e.title, '') else m.studio end as subtitle,
			q.reason, f.quality_name as has, q.score, q.cost, q.pinned, q.series_id,
			case q.reason when 'gap' then coalesce(w.available_at, w.since) else w.since end as waiting_since, r.attempts + r.fresh_attempts as searches, count(*) over ()::int as total
		from request_queue q
		join connectors c on c.id = q.connector_id
		join search_registry r on r.id = q.registry_id
		left join episodes e on e.id = r.episode_id
		left join seasons z on z.id = r.season_id
		left join series s on s.id = coalesce(e.series_id, z.series_id)
		left join movies m on m.id = r.movie_id
		left join files f on f.connector_id = q.connector_id and f.arr_id = coalesce(e.file_arr_id, m.file_arr_id) and f.arr_id <> 0
		left join wanted w on w.episode_id = e.id or w.movie_id = m.id
		where ${only}
		order by q.pinned desc, q.score desc, q.last_search_time asc nulls first, q.id
		limit ${limit}`,
	);
	return [...rows];
}

async function readStates(ctx: AppContext, scope: Scope, pausedGlobally: boolean): Promise<ConnectorState[]> {
	const rows = (await listConnectorRows(ctx.db))
		.filter((row) => row.enabled && (scope.connectorIds === null || scope.connectorIds.includes(row.id)))
		.sort((a, b) => a.id - b.id);
	const counts = await rowsOf<{ connector_id: number; count: number }>(
		ctx.db,
		sql`select connector_id, count(*)::int as count from request_queue group by 1`,
	);
	return Promise.all(
		rows.map(async (row) => {
			const usage = await readUsage(ctx.db, row.id, ctx.clock.date());
			const queued = [...counts].find((count) => count.connector_id === row.id)?.count ?? 0;
			return { row, usage, queued, next: nextSearch(ctx, row, usage, { queued, pausedGlobally }) };
		}),
	);
}

function toRow(
	ctx: AppContext,
	raw: RawQueueRow,
	all: readonly RawQueueRow[],
	at: number,
	states: readonly ConnectorState[],
): QueueRow {
	const state = states.find(({ row }) => row.id === raw.connector_id);
	const before = all.slice(0, at).filter((other) => other.connector_id === raw.connector_id);
	const previous = before.at(-1);
	return {
		id: raw.id,
		connector: { id: raw.connector_id, name: raw.connector_name, kind: raw.connector_kind },
		target: targetOf(raw),
		reason: raw.reason,
		has: raw.has,
		score: Math.round(raw.score),
		cost: raw.cost,
		pinned: raw.pinned,
		waitingSince: raw.waiting_since,
		searches: raw.searches,
		estimateAt: state === undefined ? null : estimate(ctx, state, before.length),
		blocked: state === undefined ? 'off' : blockedBy(state),
		inGroup: previous !== undefined && raw.series_id !== null && previous.series_id === raw.series_id,
	};
}

/** The next free moment, then one mean gap per place. */
function estimate(ctx: AppContext, state: ConnectorState, place: number): Date | null {
	const { next, row } = state;
	if (next.word !== null && next.word !== 'now') return null;
	const first = next.at?.getTime() ?? ctx.clock.now();
	return new Date(first + place * meanGapMs(profileOf(ctx, row)));
}

function blockedBy({ row, next }: ConnectorState): string | null {
	if (next.word === null || next.word === 'now' || next.word === 'nothing') return null;
	return next.word === 'stopped' ? (row.heldReason ?? row.lastError?.code ?? row.health) : next.word;
}

function targetOf(raw: RawQueueRow): TargetView {
	const ref =
		raw.target_kind === 'season' || raw.item_id === null ? null : `${raw.target_kind}-${String(raw.item_id)}`;
	return { kind: raw.target_kind, ref, title: raw.title, subtitle: raw.subtitle };
}

async function readUndo(ctx: AppContext): Promise<QueueView['undo']> {
	const [row] = await ctx.db
		.select()
		.from(undoActs)
		.where(and(eq(undoActs.used, false), gt(undoActs.createdAt, new Date(ctx.clock.now() - UNDO_MS))))
		.orderBy(desc(undoActs.createdAt))
		.limit(1);
	if (row === undefined) return null;
	const { rows } = row.data;
	return { id: row.id, count: Array.isArray(rows) ? rows.length : 0 };
}

const refOf = ({ id, name, kind }: ConnectorRow) => ({ id, name, kind });
