/** What every page shows: the connectors at a glance, the counts of the navigation, what stands still. */
import { sql } from 'drizzle-orm';
import type { AppContext } from '../app-context';
import { rowsOf } from '../db/rows';
import { DEFAULT_LIMITS } from '../app-services';
import { listConnectorRows, openQuestions, type ConnectorRow } from '../db/queries/connectors';
import { readUsage } from '../db/queries/budget';
import { readWantedCounts, wantedInAll } from '../db/queries/wanted-counts';
import { QUEUE_PAUSED } from '../services/settings/keys';
import { readSetting } from '../services/settings/store';
import type { ConnectorLine, ShellView } from '$lib/domain/views';
import { nextSearch } from './next-search';

interface Counts extends Record<string, unknown> {
	connector_id: number;
	queued: number;
	open: number;
}

export async function readShell(ctx: AppContext): Promise<ShellView> {
	const [rows, counts, wanted, pause, questions, trouble] = await Promise.all([
		listConnectorRows(ctx.db),
		readCounts(ctx),
		readWantedCounts(ctx.db),
		readSetting(ctx.db, QUEUE_PAUSED),
		openQuestions(ctx.db),
		ctx.room.trouble(),
	]);
	const known = new Set(wanted.map(({ connectorId }) => connectorId));
	const of = (id: number): Counts | undefined => counts.find((count) => count.connector_id === id);
	const lines = await Promise.all(
		rows
			.sort((a, b) => a.id - b.id)
			.map((row) => toLine(ctx, row, of(row.id), { paused: pause.paused, known: known.has(row.id) })),
	);
	return {
		now: ctx.clock.date(),
		connectors: lines,
		counts: {
			wanted: wantedInAll(wanted),
			queue: counts.reduce((sum, count) => sum + count.queued, 0),
			needsYou: questions.length + rows.filter((row) => row.enabled && needsSomebody(row)).length,
		},
		paused: pause.paused ? { since: pause.since === null ? ctx.clock.date() : new Date(pause.since) } : null,
		trouble: trouble === null ? null : { message: trouble.message, since: trouble.since },
		locked: ctx.keyring.locked,
		floorLowered: ctx.limits.spacingFloorMs < DEFAULT_LIMITS.spacingFloorMs,
	};
}

export const needsSomebody = (row: ConnectorRow): boolean =>
	row.health === 'unhealthy' || row.health === 'offline' || row.apiKeyEncrypted === null;

async function toLine(
	ctx: AppContext,
	row: ConnectorRow,
	counts: Counts | undefined,
	{ paused, known }: { paused: boolean; known: boolean },
): Promise<ConnectorLine> {
	const usage = await readUsage(ctx.db, row.id, ctx.clock.date());
	return {
		id: row.id,
		name: row.name,
		kind: row.kind,
		mode: row.mode,
		enabled: row.enabled,
		known: row.mirrorComplete && known,
		health: row.health,
		searching: (counts?.open ?? 0) > 0,
		group: row.settings.group,
		next: nextSearch(ctx, row, usage, { queued: counts?.queued ?? 0, pausedGlobally: paused }),
	};
}

async function readCounts(ctx: AppContext): Promise<Counts[]> {
	const rows = await rowsOf<Counts>(
		ctx.db,
		sql`
		select c.id as connector_id,
			(select count(*)::int from request_queue q where q.connector_id = c.id) as queued,
			(select count(*)::int from dispatches d where d.connector_id = c.id and d.state in ('claimed', 'sending', 'watching')) as open
		from connectors c`,
	);
	return [...rows];
}
