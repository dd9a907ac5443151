/** One season, whole: its episodes and why each waits, whether it is searched as one, and what its own searches led to. */
import { eq, sql } from 'drizzle-orm';
import type { AppContext } from '../app-context';
import { oneSeason, readSeasonFacts } from '../db/queries/plan-seasons';
import { rowsOf } from '../db/rows';
import { dispatches } from '../db/schema';
import { EXPLAIN_SLACK_MS, readConnectorFacts } from '../services/queue/facts';
import { decideSeason } from '$lib/domain/season-decision';
import type { SeasonDetail } from '$lib/domain/views';
import type { ConnectorKind, Presence, SearchState } from '$lib/domain/words';
import { arrSeriesUrl } from './arr-url';
import { dispatchesWhere } from './dispatches';
import { episodeColumns, episodeJoins, toRow, type RawItem } from './item-rows';
import { whyOf } from './why';

/** More than any season has; a year of a daily show has 366. */
const MOST_EPISODES = 1_000;
const SEARCHES_SHOWN = 20;

interface RawSeason extends Record<string, unknown> {
	id: number;
	series_id: number;
	number: number;
	monitored: boolean;
	presence: Presence;
	series_title: string;
	title_slug: string;
	series_monitored: boolean;
	connector_id: number;
	connector_name: string;
	connector_kind: ConnectorKind;
	connector_url: string;
	excluded_by: 'season' | 'series' | null;
	registry_id: number | null;
	state: SearchState | null;
	attempts: number | null;
	next_eligible_at: Date | null;
	last_attempt_at: Date | null;
}

/** Null when the mirror does not have it. */
export async function readSeason(ctx: AppContext, id: number): Promise<SeasonDetail | null> {
	const season = await readRaw(ctx, id);
	if (season === undefined) return null;
	const [episodes, decision, searches] = await Promise.all([
		readEpisodes(ctx, season),
		readDecision(ctx, season),
		season.registry_id === null
			? []
			: dispatchesWhere(ctx, eq(dispatches.registryId, season.registry_id), SEARCHES_SHOWN),
	]);
	return {
		id: season.id,
		connector: { id: season.connector_id, name: season.connector_name, kind: season.connector_kind },
		series: season.series_title,
		number: season.number,
		title: `${season.series_title} · ${season.number === 0 ? 'Specials' : `Season ${String(season.number)}`}`,
		arrUrl: arrSeriesUrl(season.connector_url, season.title_slug),
		monitored: season.monitored && season.series_monitored,
		present: season.presence === 'present',
		excludedBy: season.excluded_by,
		episodes,
		decision,
		memory: {
			state: season.state ?? 'pending',
			attempts: season.attempts ?? 0,
			until: season.next_eligible_at,
			lastSearchAt: season.last_attempt_at,
		},
		searches,
	};
}

async function readRaw(ctx: AppContext, id: number): Promise<RawSeason | undefined> {
	const [row] = await rowsOf<RawSeason>(
		ctx.db,
		sql`select n.id, n.series_id, n.number, n.monitored, n.presence, s.title as series_title, s.title_slug,
				s.monitored as series_monitored, c.id as connector_id, c.name as connector_name, c.kind as connector_kind,
				c.url as connector_url, r.id as registry_id, r.state, r.attempts, r.next_eligible_at, r.last_attempt_at,
				case when t.excluded then 'season' when u.excluded then 'series' end as excluded_by
			from seasons n
			join series s on s.id = n.series_id
			join connectors c on c.id = n.connector_id
			left join search_registry r on r.season_id = n.id
			left join target_rules t on t.connector_id = c.id and t.scope = 'season'
				and t.target_key = 'series:' || s.tvdb_id || '/season:' || n.number
			left join target_rules u on u.connector_id = c.id and u.scope = 'series' and u.target_key = 'series:' || s.tvdb_id
			where n.id = ${id}`,
	);
	return row;
}

async function readEpisodes(ctx: AppContext, season: RawSeason): Promise<SeasonDetail['episodes']> {
	const rows = await rowsOf<RawItem>(
		ctx.db,
		sql`select ${episodeColumns} from episodes e left join wanted w on w.episode_id = e.id ${episodeJoins}
			where e.series_id = ${season.series_id} and e.season_number = ${season.number} and e.presence <> 'deleted'
			order by e.episode_number nulls last, e.air_date, e.id limit ${MOST_EPISODES}`,
	);
	const why = await whyOf(ctx, rows);
	return rows.map((row, at) => toRow(row, why[at]));
}

/** Null while nothing of it is wanted. */
async function readDecision(ctx: AppContext, season: RawSeason): Promise<SeasonDetail['decision']> {
	const facts = await readConnectorFacts(ctx, ctx.db, season.connector_id, { slackMs: EXPLAIN_SLACK_MS });
	if (facts === null) return null;
	const rules = { ...facts.rules, kind: 'episode' as const };
	const [row] = await readSeasonFacts(ctx.db, rules, oneSeason(season.series_id, season.number));
	if (row === undefined) return null;
	const { minWanted, minShare, orMoreThan } = facts.seasons.settings;
	return {
		...decideSeason(row, facts.seasons),
		ready: row.ready,
		aired: row.monitoredAired,
		least: { wanted: minWanted, share: minShare, orMoreThan },
	};
}
