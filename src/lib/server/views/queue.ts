/** The queue page: what waits, what runs, what was just concluded, what the budgets leave. */
import { and, desc, eq, gt, ne, sql } from 'drizzle-orm';
import type { AppContext } from '../app-context';
import { rowsOf } from '../db/rows';
import { listConnectorRows, type ConnectorRow } from '../db/queries/connectors';
import { dispatches, undoActs } from '../db/schema';
import { readUsage } from '../db/queries/budget';
import { estimateTurns, readOrder } from '../services/queue/planner-rank';
import { QUEUE_PAUSED } from '../services/settings/keys';
import { readSetting } from '../services/settings/store';
import { heldWords, isKeyTrouble } from '$lib/domain/trouble';
import type { Usage } from '$lib/domain/throttle';
import type { NextSearch, QueueRow, QueueView, Scope, TargetView } from '$lib/domain/views';
import type { TargetKind, WantedReason } from '$lib/domain/words';
import { dispatchesWhere, inScope } from './dispatches';
import { nextSearch } from './next-search';
import { budgetView, profileOf } from './stats';

const CONCLUDED_SHOWN = 8;
/** How long the page offers the undo of what was taken out of line. */
const UNDO_MS = 10 * 60_000;

interface RawQueueRow extends Record<string, unknown> {
	id: number;
	target_kind: TargetKind;
	item_id: number | null;
	season_id: number | null;
	title: string;
	subtitle: string | null;
	reason: WantedReason;
	has: string | null;
	score: number;
	cost: number;
	pinned: boolean;
	waiting_since: Date | null;
	searches: number;
}

type Wait = QueueView['waiting'][number];

interface ConnectorState {
	row: ConnectorRow;
	usage: Usage;
	next: NextSearch;
	queued: number;
}

export async function readQueue(ctx: AppContext, scope: Scope, limit: number): Promise<QueueView> {
	const { paused } = await readSetting(ctx.db, QUEUE_PAUSED);
	const states = await readStates(ctx, scope, paused);
	const enabled = states.filter(({ row }) => row.enabled);
	const places = await readPlaces(ctx, states);
	const [rows, running, concluded, undo] = await Promise.all([
		readRows(ctx, places.slice(0, limit)),
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
		total: places.length,
		rows,
		running,
		concluded,
		budgets: enabled.map(({ row, usage, next }) => ({
			connector: refOf(row),
			mode: row.mode,
			throttle: row.settings.throttle,
			budget: budgetView(profileOf(ctx, row), usage, ctx.clock.date()),
			next,
		})),
		waiting: states.flatMap(({ row, queued }) => {
			const wait = waitOf(row);
			return queued === 0 || wait === null ? [] : [{ connector: refOf(row), count: queued, ...wait }];
		}),
		undo,
	};
}

/** A search in line, and when it would be sent. */
interface Place {
	queueId: number;
	state: ConnectorState;
	/** Null while its connector sends nothing. */
	at: Date | null;
	inGroup: boolean;
}

/** The line over all connectors in the order in which it would be sent; what waits for its connector comes last. */
async function readPlaces(ctx: AppContext, states: readonly ConnectorState[]): Promise<Place[]> {
	const lines = await Promise.all(
		states.filter(({ queued }) => queued > 0).map((state) => readLine(ctx, state)),
	);
	const timeOf = ({ at }: Place): number => at?.getTime() ?? Number.MAX_SAFE_INTEGER;
	return lines.flat().sort((a, b) => timeOf(a) - timeOf(b));
}

async function readLine(ctx: AppContext, state: ConnectorState): Promise<Place[]> {
	const { row, usage } = state;
	const pace = { connector: row, usage, now: ctx.clock.date(), profile: profileOf(ctx, row) };
	const order = await readOrder(ctx.db, pace);
	const times = blockedBy(state) === null ? estimateTurns(pace, order) : [];
	return order.map((search, at) => {
		const before = order[at - 1];
		const inGroup =
			search.seriesId !== null && before?.seriesId === search.seriesId && !before.pinned && !search.pinned;
		return { queueId: search.queueId, state, at: times[at] ?? null, inGroup };
	});
}

/** In the order of the places; what was taken out meanwhile is left out. */
async function readRows(ctx: AppContext, places: readonly Place[]): Promise<QueueRow[]> {
	if (places.length === 0) return [];
	const rows = await rowsOf<RawQueueRow>(
		ctx.db,
		sql`
		select q.id, q.target_kind, coalesce(e.id, m.id) as item_id, z.id as season_id,
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
			q.reason, f.quality_name as has, q.score, q.cost, q.pinned,
			case q.reason when 'gap' then coalesce(w.available_at, w.since) else w.since end as waiting_since, r.attempts + r.fresh_attempts as searches
		from request_queue q
		join search_registry r on r.id = q.registry_id
		left join episodes e on e.id = r.episode_id
		left join seasons z on z.id = r.season_id
		left join series s on s.id = coalesce(e.series_id, z.series_id)
		left join movies m on m.id = r.movie_id
		left join files f on f.connector_id = q.connector_id and f.arr_id = coalesce(e.file_arr_id, m.file_arr_id) and f.arr_id <> 0
		left join wanted w on w.episode_id = e.id or w.movie_id = m.id
		where q.id = any(${sql.param(places.map(({ queueId }) => queueId))}::int[])`,
	);
	const byId = new Map(rows.map((row) => [row.id, row]));
	return places.flatMap((place) => {
		const row = byId.get(place.queueId);
		return row === undefined ? [] : [toRow(row, place)];
	});
}

async function readStates(ctx: AppContext, scope: Scope, pausedGlobally: boolean): Promise<ConnectorState[]> {
	const rows = (await listConnectorRows(ctx.db))
		.filter((row) => scope.connectorIds === null || scope.connectorIds.includes(row.id))
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

function toRow(raw: RawQueueRow, { state, at, inGroup }: Place): QueueRow {
	return {
		id: raw.id,
		connector: refOf(state.row),
		target: targetOf(raw),
		reason: raw.reason,
		has: raw.has,
		score: Math.round(raw.score),
		cost: raw.cost,
		pinned: raw.pinned,
		waitingSince: raw.waiting_since,
		searches: raw.searches,
		estimateAt: at,
		blocked: blockedBy(state),
		inGroup,
	};
}

/** What holds a connector's own searches, and what ends it. What is paused as a whole is told above every page. */
function waitOf({ enabled, paused, ...row }: ConnectorRow): Pick<Wait, 'cause' | 'reason'> | null {
	if (!enabled) return { cause: 'switch', reason: 'until it is enabled.' };
	if (row.heldReason !== null)
		return { cause: 'trouble', reason: `until you decide: ${heldWords(row.heldReason)}.` };
	if (row.health === 'unhealthy' && isKeyTrouble(row.lastError?.code))
		return { cause: 'key', reason: 'until its API key works again.' };
	if (row.health === 'offline') return { cause: 'trouble', reason: 'until it can be reached again.' };
	if (row.health === 'unhealthy') return { cause: 'trouble', reason: 'until it answers as it should again.' };
	return paused ? { cause: 'switch', reason: 'until you resume them.' } : null;
}

function blockedBy({ row, next }: ConnectorState): string | null {
	if (next.word === null || next.word === 'now' || next.word === 'nothing') return null;
	return next.word === 'stopped' ? (row.heldReason ?? row.lastError?.code ?? row.health) : next.word;
}

function targetOf(raw: RawQueueRow): TargetView {
	const ref =
		raw.target_kind === 'season' || raw.item_id === null ? null : `${raw.target_kind}-${String(raw.item_id)}`;
	return { kind: raw.target_kind, ref, seasonId: raw.season_id, title: raw.title, subtitle: raw.subtitle };
}

async function readUndo(ctx: AppContext): Promise<QueueView['undo']> {
	const [row] = await ctx.db
		.select()
		.from(undoActs)
		.where(and(eq(undoActs.used, false), gt(undoActs.createdAt, new Date(ctx.clock.now() - UNDO_MS))))
		.orderBy(desc(undoActs.createdAt))
		.limit(1);
	if (row === undefined) return null;
	const { places } = row.data;
	return { id: row.id, at: row.createdAt, count: Array.isArray(places) ? places.length : 0 };
}

const refOf = ({ id, name, kind }: ConnectorRow) => ({ id, name, kind });
