/**
 * What is stored of a connector when it is asked whether it may search, in one statement: it is asked before each
 * search, inside the claim, and for each list that tells why. One statement is also one moment.
 */
import { sql, type SQL } from 'drizzle-orm';
import type { Usage } from '$lib/domain/throttle';
import type { DbOrTx } from '../client';
import { allOf, rowsOf } from '../rows';
import { connectors } from '../schema';
import { usageOf, usageRows, usageSince, type UsageRow } from './budget';
import type { GateRow } from './connector-gates';
import type { ConnectorRow } from './connectors';

/** A reading as it is stored; what its value is made of, its name tells. */
export interface StoredReading {
	value: object;
	readAt: Date;
}

export interface StoredFacts {
	connector: ConnectorRow;
	readings: ReadonlyMap<string, StoredReading>;
	/** The value of the setting that was named; null if there is none. */
	setting: object | null;
	usage: Usage;
	gates: GateRow[];
	openDispatch: { id: string; registryId: number | null; at: Date } | null;
	/** Whether the user excluded or boosted anything of it. */
	anyRules: boolean;
}

/** Null if there is no such connector. The value of the reading `queue` is left out: it can be large. */
export async function readStoredFacts(
	tx: DbOrTx,
	connectorId: number,
	{ now, setting }: { now: Date; setting: string },
): Promise<StoredFacts | null> {
	const [row] = await rowsOf<RawFacts>(
		tx,
		sql`select ${allOf(connectors, 'c')},
			(select json_agg(json_build_object('name', r.name, 'value', case when r.name <> 'queue' then r.value end, 'readAt', ${ms(sql`r.read_at`)}))
				from connector_readings r where r.connector_id = c.id and r.name in ('health', 'indexers', 'downloadClients', 'queue')) as "_readings",
			(select value from app_settings where key = ${setting}) as "_setting",
			(select json_agg(json_build_object('id', u.id, 'at', ${ms(sql`u.at`)}, 'cost', u.cost, 'kind', u.kind, 'counts', u.counts,
				'spaces', u.spaces, 'until', ${ms(sql`u.until`)})) from (${usageRows(connectorId, usageSince(now))}) u) as "_usage",
			(select json_agg(json_build_object('connectorId', g.connector_id, 'gate', g.gate, 'cause', g.cause,
				'closedAt', ${ms(sql`g.closed_at`)}, 'until', ${ms(sql`g.until`)}, 'level', g.level)) from connector_gates g where g.connector_id = c.id) as "_gates",
			(select json_build_object('id', d.id, 'registryId', d.registry_id, 'at', ${ms(sql`d.claimed_at`)}) from dispatches d
				where d.connector_id = c.id and d.state in ('claimed', 'sending', 'watching')) as "_open",
			exists (select 1 from target_rules t where t.connector_id = c.id) as "_rules"
			from connectors c where c.id = ${connectorId}`,
	);
	if (row === undefined) return null;
	const { _readings, _setting, _usage, _gates, _open, _rules, ...connector } = row;
	return {
		connector,
		readings: new Map(
			(_readings ?? []).map(({ name, value, readAt }) => [
				name,
				{ value: value ?? {}, readAt: new Date(readAt) },
			]),
		),
		setting: _setting,
		usage: usageOf(
			(_usage ?? []).map((used) => ({
				...used,
				at: new Date(used.at),
				until: used.until === null ? null : new Date(used.until),
			})),
		),
		gates: (_gates ?? []).map((gate) => ({
			...gate,
			closedAt: new Date(gate.closedAt),
			until: new Date(gate.until),
		})),
		openDispatch: _open === null ? null : { ..._open, at: new Date(_open.at) },
		anyRules: _rules,
	};
}

/** An instant inside JSON: a number is read much faster than a text. */
const ms = (at: SQL): SQL => sql`(extract(epoch from ${at}) * 1000)::float8`;
type AsJson<T> = {
	[K in keyof T]: T[K] extends Date ? number : T[K] extends Date | null ? number | null : T[K];
};

interface RawFacts extends ConnectorRow {
	_readings: { name: string; value: object | null; readAt: number }[] | null;
	_setting: object | null;
	_usage: AsJson<UsageRow>[] | null;
	_gates: AsJson<GateRow>[] | null;
	_open: { id: string; registryId: number | null; at: number } | null;
	_rules: boolean;
}
