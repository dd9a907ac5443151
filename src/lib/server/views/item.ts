/** One library item, whole: what it is, what we remember of it, what was asked for it and what came of that. */
import { and, eq, isNotNull, max, or, sql, type SQL } from 'drizzle-orm';
import type { AppContext } from '../app-context';
import { rowsOf } from '../db/rows';
import { dispatches, grabs } from '../db/schema';
import type { DispatchView, ItemDetail, ItemRef } from '$lib/domain/views';
import type { SearchState, WantedReason } from '$lib/domain/words';
import { arrMovieUrl, arrSeriesUrl } from './arr-url';
import { dispatchesWhere } from './dispatches';
import { listEventViews } from './events';
import { episodeColumns, episodeJoins, movieColumns, movieJoins, toRow, type RawItem } from './item-rows';
import { readOtherGrabs } from './other-grabs';
import { whyOf } from './why';

const SHOWN = 50;

interface RawDetail extends RawItem {
	series_title: string | null;
	series_id: number | null;
	season_number: number | null;
	season_id: number | null;
	title_slug: string;
	monitored: boolean;
	deleted_at: Date | null;
	profile_name: string | null;
	profile_upgrades: boolean | null;
	cutoff_name: string | null;
	file_size: string | null;
	file_score: number | null;
	file_added: Date | null;
	scene_name: string | null;
	connector_url: string;
	tmdb_id: number | null;
	last_search_time: Date | null;
	registry_id: number | null;
	attempts: number | null;
	fresh_attempts: number | null;
	last_attempt_at: Date | null;
	score: number | null;
	boost: number | null;
	max_attempts: number;
	arr_id: number;
	added: Date | null;
}

const detailColumns = (item: SQL): SQL => sql`
	p.name as profile_name, p.cutoff_name, p.upgrade_allowed as profile_upgrades, f.size as file_size, f.format_score as file_score, f.date_added as file_added,
	f.scene_name, c.url as connector_url, ${item}.monitored, ${item}.deleted_at, ${item}.last_search_time, ${item}.arr_id,
	r.id as registry_id, r.attempts, r.fresh_attempts, r.last_attempt_at, q.score,
	(c.settings ->> 'maxAttempts')::int as max_attempts`;

const boostOf = (keys: SQL): SQL =>
	sql`(select sum(t.boost)::int from target_rules t where t.connector_id = c.id and t.target_key in (${keys})) as boost`;

async function readRaw(ctx: AppContext, ref: ItemRef): Promise<RawDetail | undefined> {
	const query =
		ref.kind === 'episode'
			? sql`select ${episodeColumns}, ${detailColumns(sql`e`)}, s.title as series_title, s.id as series_id, e.season_number,
					(select n.id from seasons n where n.series_id = s.id and n.number = e.season_number) as season_id, s.title_slug, null::int as tmdb_id, s.added,
					${boostOf(sql`'series:' || s.tvdb_id, 'series:' || s.tvdb_id || '/' || e.natural_key`)}
				from episodes e left join wanted w on w.episode_id = e.id ${episodeJoins}
				left join quality_profiles p on p.connector_id = s.connector_id and p.arr_id = s.quality_profile_arr_id
				where e.id = ${ref.id}`
			: sql`select ${movieColumns}, ${detailColumns(sql`m`)}, null as series_title, null::int as series_id, null::int as season_number, null::int as season_id,
					m.title_slug, m.tmdb_id, m.added, ${boostOf(sql`m.natural_key`)}
				from movies m left join wanted w on w.movie_id = m.id ${movieJoins}
				left join quality_profiles p on p.connector_id = m.connector_id and p.arr_id = m.quality_profile_arr_id
				where m.id = ${ref.id}`;
	const [row] = await rowsOf<RawDetail>(ctx.db, query);
	return row;
}

/** Null when the mirror does not have it. */
export async function readItem(ctx: AppContext, ref: ItemRef): Promise<ItemDetail | null> {
	const raw = await readRaw(ctx, ref);
	if (raw === undefined) return null;
	const covering = coveringDispatches(ref, raw);
	const [why, season, searches, events, others, spent] = await Promise.all([
		whyOf(ctx, [raw]),
		readSeason(ctx, raw),
		dispatchesWhere(ctx, covering, SHOWN).then((found) => asOfItem(ctx, ref, found)),
		listEventViews(ctx, { connectorIds: null, limit: SHOWN, cursor: null, item: ref }),
		readOtherGrabs(ctx, ref),
		readSpent(ctx, covering),
	]);
	return {
		...toRow(raw, why[0]),
		series:
			raw.series_title === null
				? null
				: { title: raw.series_title, seasonNumber: raw.season_number ?? 0, seasonId: raw.season_id },
		season,
		arrUrl: arrUrl(raw),
		monitored: raw.monitored,
		presence:
			raw.presence === 'deleted' ? 'deleted' : raw.presence === 'unconfirmed' ? 'unconfirmed' : 'present',
		deletedAt: raw.deleted_at,
		firstSeenAt: raw.added,
		profile:
			raw.profile_name === null
				? null
				: {
						name: raw.profile_name,
						cutoff: raw.cutoff_name ?? '',
						upgrades: raw.profile_upgrades ?? false,
					},
		file:
			raw.has === null
				? null
				: {
						quality: raw.has,
						formatScore: raw.file_score,
						size: Number(raw.file_size ?? 0),
						addedAt: raw.file_added,
						sceneName: raw.scene_name,
					},
		memory: {
			attempts: raw.attempts ?? 0,
			maxAttempts: raw.max_attempts,
			freshAttempts: raw.fresh_attempts ?? 0,
			searches: spent.searches,
			cost: spent.cost,
			lastSearchAt: spent.lastAt ?? raw.last_attempt_at,
			arrLastSearchAt: raw.last_search_time,
			score: raw.score,
			boost: raw.boost ?? 0,
		},
		dispatches: searches,
		events: events.items,
		otherGrabs: others,
	};
}

/** Its own searches, and those of its season while it was covered. */
function coveringDispatches(ref: ItemRef, raw: RawDetail): SQL | undefined {
	const own = raw.registry_id === null ? undefined : eq(dispatches.registryId, raw.registry_id);
	if (ref.kind === 'movie' || raw.series_id === null) return own ?? sql`false`;
	// by the season's own memory, which the searches can be looked up by
	const season = and(
		sql`${dispatches.registryId} = (select r.id from search_registry r join seasons z on z.id = r.season_id
			where z.series_id = ${raw.series_id} and z.number = ${raw.season_number})`,
		sql`${dispatches.target} -> 'items' @> ${JSON.stringify([{ id: ref.id }])}::text::jsonb`,
	);
	return own === undefined ? season : or(own, season);
}

/** A search of the season may have found other episodes: only what it found of this one belongs on its page. */
async function asOfItem(
	ctx: AppContext,
	ref: ItemRef,
	found: readonly DispatchView[],
): Promise<DispatchView[]> {
	if (!found.some(({ target }) => target.kind === 'season')) return [...found];
	const own = await ctx.db
		.select({ historyArrId: grabs.historyArrId })
		.from(grabs)
		.where(and(eq(grabs.episodeId, ref.id), isNotNull(grabs.dispatchId)));
	const known = new Set(own.map(({ historyArrId }) => historyArrId));
	return found.map((search) => {
		if (search.target.kind !== 'season') return search;
		const ofIt = search.grabs.filter(({ historyArrId }) => known.has(historyArrId));
		const forOthers = ofIt.length === 0 && search.grabs.length > 0;
		const proof = forOthers ? [...search.proof, FOR_OTHERS] : search.proof;
		return { ...search, grabs: ofIt, proof };
	});
}

const FOR_OTHERS = 'It found other episodes of the season, and nothing for this one.';

async function readSpent(
	ctx: AppContext,
	covering: SQL | undefined,
): Promise<{ searches: number; cost: number; lastAt: Date | null }> {
	const [row] = await ctx.db
		.select({
			searches: sql<number>`count(*)::int`,
			lastAt: max(dispatches.claimedAt),
			cost: sql<number>`coalesce(sum(${dispatches.cost}) filter (where not ${dispatches.costReturned}), 0)::int`,
		})
		.from(dispatches)
		.where(and(covering, sql`${dispatches.outcome} is distinct from 'withdrawn'`));
	return row ?? { searches: 0, cost: 0, lastAt: null };
}

async function readSeason(ctx: AppContext, raw: RawDetail): Promise<ItemDetail['season']> {
	if (raw.series_id === null) return [];
	const rows = await rowsOf<{
		id: number;
		season_number: number;
		episode_number: number | null;
		air_date: string | null;
		title: string;
		state: SearchState | null;
		reason: WantedReason | null;
		has_file: boolean;
	}>(
		ctx.db,
		sql`
		select e.id, e.season_number, e.episode_number, e.air_date, e.title, r.state, w.reason, e.file_arr_id <> 0 as has_file
		from episodes e
		left join search_registry r on r.episode_id = e.id
		left join wanted w on w.episode_id = e.id
		where e.series_id = ${raw.series_id} and e.season_number = ${raw.season_number} and e.presence <> 'deleted'
		order by e.episode_number nulls last, e.air_date, e.id limit 500`,
	);
	return [...rows].map((row) => ({
		ref: `episode-${String(row.id)}`,
		label:
			row.episode_number === null
				? (row.air_date ?? 'undated')
				: `E${String(row.episode_number).padStart(2, '0')}`,
		title: row.title,
		state: row.state ?? 'pending',
		reason: row.reason,
		hasFile: row.has_file,
	}));
}

function arrUrl({ kind, connector_kind, connector_url, tmdb_id, title_slug }: RawDetail): string | null {
	if (kind !== 'movie') return arrSeriesUrl(connector_url, title_slug);
	return arrMovieUrl({ kind: connector_kind, url: connector_url, tmdbId: tmdb_id, slug: title_slug });
}
