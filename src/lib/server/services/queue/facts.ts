/**
 * What is known of a connector when it is asked whether it may search: its row, its settings, the last good readings,
 * the gates that outcomes closed, what was spent, what is under way. Read at once, so that one answer has one basis.
 */
import { noClientAnswers, noUsableIndexer, type HealthFact } from '$lib/domain/complaints';
import type { IndexerHabits } from '$lib/domain/cost';
import { DEFAULT_WEIGHTS } from '$lib/domain/priority';
import type { DecisionContext } from '$lib/domain/season-decision';
import {
	dearest,
	effectiveProfile,
	FLOOR,
	PROFILES,
	type ThrottleProfile,
	type Usage,
} from '$lib/domain/throttle';
import { WANTED_REASONS, type WantedReason } from '$lib/domain/words';
import type { AppContext } from '../../app-context';
import type { DownloadClientRecord, HealthIssue, IndexerRecord } from '../../connectors/common/types';
import type { DbOrTx } from '../../db/client';
import { readStoredFacts, type StoredFacts } from '../../db/queries/connector-facts';
import type { GateRow } from '../../db/queries/connector-gates';
import type { ConnectorRow } from '../../db/queries/connectors';
import { clientRowsSeenAt } from '../../db/queries/dispatches-mirror';
import type { ItemRules } from '../../db/queries/plan-items';
import { QUEUE_PAUSED } from '../settings/keys';
import { settingOf } from '../settings/store';
import { rowsOutweigh } from './connector-gates';

const MINUTE_MS = 60_000;
/** How long a reading counts (design: gates). Older, it closes the gate that rests on it. */
export const FRESH_MS = { health: MINUTE_MS, queue: 2 * MINUTE_MS, list: 24 * 60 * MINUTE_MS } as const;
/**
 * A round reads facts again before it chooses, so a page may rest on a reading that is a few rounds old; only when it
 * was not renewed for this long does the explanation close the gate.
 */
export const EXPLAIN_SLACK_MS = 15 * MINUTE_MS;
/** For so long after the arr's restart its queue is unknown. */
const QUEUE_UNKNOWN_MS = 2 * MINUTE_MS;

/** A reading that rests on the arr: what it says, and whether it still counts. */
export interface Reading<T> {
	value: T | null;
	readAt: Date | null;
	fresh: boolean;
}

export interface ConnectorFacts {
	connector: ConnectorRow;
	now: Date;
	pausedGlobally: boolean;
	profile: ThrottleProfile;
	usage: Usage;
	gates: ReadonlyMap<string, GateRow>;
	/** The dispatch that holds the connector's one place. */
	openDispatch: { id: string; registryId: number | null; at: Date } | null;
	health: Reading<readonly HealthFact[]>;
	indexers: Reading<readonly IndexerRecord[]>;
	queueReadAt: Date | null;
	queueKnown: boolean;
	/** Until when its queue is not believed, right after the arr has started; null if it is not that. */
	queueUnknownUntil: Date | null;
	/** The complaint that no indexer can be asked; that no download client takes what is found. */
	indexerComplaint: HealthFact | null;
	clientComplaint: HealthFact | null;
	rules: ItemRules;
	seasons: DecisionContext;
}

/** Null if there is no such connector. `slackMs` is added to the time that readings count. */
export async function readConnectorFacts(
	ctx: AppContext,
	tx: DbOrTx,
	connectorId: number,
	{ slackMs = 0 }: { slackMs?: number } = {},
): Promise<ConnectorFacts | null> {
	const now = ctx.clock.date();
	const stored = await readStoredFacts(tx, connectorId, { now, setting: QUEUE_PAUSED.name });
	if (stored === null) return null;
	const { connector, readings: known, usage, gates, openDispatch, anyRules } = stored;
	const health = reading<readonly HealthIssue[]>(known, 'health', now, FRESH_MS.health + slackMs);
	const indexers = reading<readonly IndexerRecord[]>(known, 'indexers', now, FRESH_MS.list);
	const clients = reading<readonly DownloadClientRecord[]>(known, 'downloadClients', now, FRESH_MS.list);
	const queueReadAt = known.get('queue')?.readAt ?? null;
	const profile = effectiveProfile(PROFILES[connector.settings.throttle], ctx.limits.spacingFloorMs);
	return {
		connector,
		now,
		pausedGlobally: settingOf(QUEUE_PAUSED, stored.setting).paused,
		profile,
		usage,
		gates: new Map(gates.map((row) => [row.gate, row])),
		openDispatch,
		health,
		indexers,
		queueReadAt,
		queueKnown: isFresh(queueReadAt, now, FRESH_MS.queue + slackMs) && !justStarted(connector, queueReadAt),
		queueUnknownUntil: unknownUntil(connector, now),
		indexerComplaint: noUsableIndexer(health.value ?? []),
		clientComplaint: await clientComplaint(tx, connectorId, health, clients.value),
		rules: { ...itemRules(ctx, connector, indexers.value, now), anyRules },
		seasons: {
			now,
			settings: connector.settings.seasonSearch,
			maxCost: dearest(profile),
			itemSpacingMs: itemSpacing(ctx),
			...habitsOf(indexers.value),
		},
	};
}

/** That no download client takes what is found, unless rows of one, read with the complaint, belie it. */
async function clientComplaint(
	tx: DbOrTx,
	connectorId: number,
	{ value, readAt }: Reading<readonly HealthFact[]>,
	clients: readonly DownloadClientRecord[] | null,
): Promise<HealthFact | null> {
	const enabled = clients?.filter((client) => client.enabled).length ?? null;
	const complaint = noClientAnswers(value ?? [], enabled);
	if (complaint === null || readAt === null) return complaint;
	const clientRowsAt = await clientRowsSeenAt(tx, connectorId);
	return rowsOutweigh({ readAt, clientRowsAt }) ? null : complaint;
}

/** Kinds of searches that are switched on. */
export const enabledKinds = (connector: ConnectorRow): WantedReason[] =>
	WANTED_REASONS.filter((kind) => connector.settings.kinds[kind].enabled);

/** Per cent of each window for each kind. */
export const kindShares = (connector: ConnectorRow): Record<WantedReason, number> => ({
	gap: connector.settings.kinds.gap.share,
	quality: connector.settings.kinds.quality.share,
	format: connector.settings.kinds.format.share,
});

/** Indexers that answer automatic searches, as far as the configuration tells. */
export const searchIndexers = (indexers: readonly IndexerRecord[]): IndexerRecord[] =>
	indexers.filter((indexer) => indexer.automaticSearch);

/** Where the indexers were never read, the dearer is assumed. */
export const habitsOf = (indexers: readonly IndexerRecord[] | null): IndexerHabits => ({
	animeSeasonQuery: indexers === null || searchIndexers(indexers).some((indexer) => indexer.animeSeasonQuery),
});

/** Where the indexers were never read, nothing is said about single items: the connector's gate is closed then. */
function itemRules(
	ctx: AppContext,
	connector: ConnectorRow,
	indexers: readonly IndexerRecord[] | null,
	now: Date,
): Omit<ItemRules, 'anyRules'> {
	const usable = indexers === null ? null : searchIndexers(indexers);
	return {
		connectorId: connector.id,
		kind: connector.shape === 'movies' || connector.kind === 'radarr' ? 'movie' : 'episode',
		now,
		graceHours: connector.settings.graceHours,
		kinds: enabledKinds(connector),
		indexers: {
			anyItem: usable === null || usable.length === 0 || usable.some((indexer) => indexer.tags.length === 0),
			tags: [...new Set((usable ?? []).flatMap((indexer) => indexer.tags))],
		},
		itemSpacingMs: itemSpacing(ctx),
		weights: DEFAULT_WEIGHTS,
	};
}

const itemSpacing = (ctx: AppContext): number => Math.min(FLOOR.itemSpacingMs, ctx.limits.itemSpacingFloorMs);

/** The writer of each reading stores exactly the type its name stands for. */
function reading<T extends object>(
	known: StoredFacts['readings'],
	name: string,
	now: Date,
	freshMs: number,
): Reading<T> {
	const row = known.get(name);
	if (row === undefined) return { value: null, readAt: null, fresh: false };
	return { value: row.value as T, readAt: row.readAt, fresh: isFresh(row.readAt, now, freshMs) };
}

const isFresh = (readAt: Date | null, now: Date, ms: number): boolean =>
	readAt !== null && now.getTime() - readAt.getTime() <= ms;

/** Right after its start an arr shows an empty queue; only what is read later counts. */
function justStarted(connector: ConnectorRow, readAt: Date | null): boolean {
	const seen = connector.arrStartSeenAt;
	return seen !== null && readAt !== null && readAt.getTime() - seen.getTime() < QUEUE_UNKNOWN_MS;
}

function unknownUntil({ arrStartSeenAt }: ConnectorRow, now: Date): Date | null {
	if (arrStartSeenAt === null) return null;
	const until = new Date(arrStartSeenAt.getTime() + QUEUE_UNKNOWN_MS);
	return until > now ? until : null;
}
