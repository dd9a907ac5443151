/**
 * Hourly aggregates, written from the first day: gauges keep the newest value of the hour, counters its sum. Counted
 * from the tables themselves each time, so that missed runs lose nothing.
 */
import type { AppContext } from '../app-context';

const HOUR_MS = 3_600_000;

/** After a longer stop the hours before it stay as they were last counted. */
const MOST_HOURS = 48;

/** Recounts the present hour, the one before it, and those since the last count. */
export async function aggregate(ctx: AppContext): Promise<void> {
	const hour = Math.floor(ctx.clock.now() / HOUR_MS) * HOUR_MS;
	const counted: { hour: Date | null }[] =
		await ctx.bulk`select max(hour) as hour from hourly_aggregates where hour <= ${new Date(hour)}`;
	const last = counted[0]?.hour?.getTime() ?? hour;
	await writeGauges(ctx, new Date(hour));
	const first = Math.max(Math.min(last, hour - HOUR_MS), hour - MOST_HOURS * HOUR_MS);
	for (let start = first; start <= hour; start += HOUR_MS)
		await writeCounters(ctx, new Date(start), new Date(start + HOUR_MS));
}

/** Gaps, upgrades and queue depth as they are now. */
async function writeGauges(ctx: AppContext, hour: Date): Promise<void> {
	await ctx.bulk`
		insert into hourly_aggregates (connector_id, hour, metric, value, count, max)
		select connector_id, ${hour}, metric, value, 1, value from (
			select c.id as connector_id, m.metric, coalesce(x.value, 0) as value
			from connectors c
			cross join (values ('gap'), ('quality'), ('format'), ('queue')) as m(metric)
			left join (
				select connector_id, reason as metric, count(*)::float8 as value from wanted group by 1, 2
				union all
				select connector_id, 'queue', count(*)::float8 from request_queue group by 1
			) x on x.connector_id = c.id and x.metric = m.metric
			where c.mirror_complete
		) g
		on conflict (connector_id, metric, hour) do update
			set value = excluded.value, max = greatest(hourly_aggregates.max, excluded.value)`;
}

/** Searches, grabs, imports and request figures of one hour; what was counted and is no more, is nothing. */
async function writeCounters(ctx: AppContext, from: Date, to: Date): Promise<void> {
	await ctx.bulk`
		insert into hourly_aggregates (connector_id, hour, metric, value, count, max)
		select connector_id, ${from}, metric, sum(value), sum(value)::int, sum(value) from (
			select connector_id, 'searches' as metric, count(*)::float8 as value from dispatches
				where claimed_at >= ${from} and claimed_at < ${to} and outcome is distinct from 'withdrawn' and connector_id is not null group by 1
			union all
			select connector_id, 'cost', sum(cost)::float8 from dispatches
				where claimed_at >= ${from} and claimed_at < ${to} and not cost_returned and connector_id is not null group by 1
			union all
			select connector_id, 'grabs', count(distinct coalesce(download_id, id::text))::float8 from grabs
				where grabbed_at >= ${from} and grabbed_at < ${to} and claim = 'ours' and connector_id is not null group by 1
			union all
			select connector_id, 'imports', count(distinct coalesce(download_id, id::text))::float8 from grabs
				where result_at >= ${from} and result_at < ${to} and result = 'imported' and claim = 'ours' and connector_id is not null group by 1
			union all
			select connector_id, 'requests', sum(requests)::float8 from sync_runs
				where started_at >= ${from} and started_at < ${to} group by 1
			union all
			select connector_id, metric, 0 from hourly_aggregates where hour = ${from} and metric in ('searches', 'cost', 'grabs', 'imports', 'requests')
		) c
		group by connector_id, metric
		on conflict (connector_id, metric, hour) do update
			set value = excluded.value, count = excluded.count, max = excluded.max`;
}
