// Random mirrors: what the statements find is what the pure judgement says of every single row.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgeItem } from '../../../src/lib/domain/wanted';
import { defaultConnectorSettings, type ConnectorSettings } from '../../../src/lib/domain/settings';
import { itemFacts } from '../../../src/lib/server/db/queries/discovery-facts';
import { discover, whyNotWanted } from '../../../src/lib/server/services/discovery';
import { rulesOf } from '../../../src/lib/server/services/discovery/rules';
import { addConnector } from '../../setup/connect';
import { createTestContext, type TestContext } from '../../setup/context';

let t: TestContext;
beforeAll(async () => {
	t = await createTestContext();
});
afterAll(() => t.close());

/** mulberry32 */
function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let x = Math.imul(state ^ (state >>> 15), 1 | state);
		x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
		return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
	};
}

function someSettings(next: () => number): ConnectorSettings {
	const settings = defaultConnectorSettings();
	const chance = (share: number) => next() < share;
	settings.specials = chance(0.5);
	settings.graceHours = chance(0.5) ? 12 : 0;
	settings.kinds.gap.enabled = chance(0.9);
	settings.kinds.quality.enabled = chance(0.8);
	settings.kinds.format.enabled = chance(0.6);
	if (chance(0.3)) settings.filters.includeTags = ['One', 'gone'];
	if (chance(0.3)) settings.filters.excludeTags = ['two'];
	if (chance(0.3)) settings.filters.qualityProfiles = ['P1', 'P2'];
	if (chance(0.3)) settings.filters.seriesTypes = ['standard', 'daily'];
	if (chance(0.3)) settings.filters.rootFolders = ['/a', 'C:\\b\\'];
	return settings;
}

/** Rows made by the database itself from a seed: every combination of facts turns up. */
async function fill(id: number, shape: 'series' | 'movies', now: Date): Promise<void> {
	await t.ctx.sql.begin(async (tx) => {
		await tx`select setseed(${(id % 100) / 100})`;
		await tx`insert into connector_readings values (${id}, 'tags', '[{"arrId": 1, "label": "one"}, {"arrId": 2, "label": "Two"}]'::jsonb, ${now})`;
		await tx`insert into quality_profiles select ${id}, n, 'P' || n, n <> 3, 0, n * 10, 1, n, n, 'cut', 'h' from generate_series(1, 3) n`;
		await tx`insert into profile_qualities select ${id}, p, q, 'Q' || q, q % 4, true from generate_series(1, 3) p, generate_series(1, 6) q`;
		if (shape === 'series') await fillSeries(tx, id, now);
		else await fillMovies(tx, id, now);
	});
}

const PRESENCE = `case when random() < 0.9 then 'present' when random() < 0.5 then 'unconfirmed' else 'deleted' end`;
const UNREADABLE = `case when random() < 0.05 then 'bad' end`;
const OWNER = `case floor(random() * 4)::int when 0 then '{}'::int[] when 1 then '{1}' when 2 then '{2,3}' else '{1,2}' end`;
const FOLDER = `case floor(random() * 3)::int when 0 then '/a/' when 1 then 'C:\\b' else '/c' end`;

async function fillSeries(tx: Bun.SQL, id: number, now: Date): Promise<void> {
	await tx.unsafe(
		`insert into series (connector_id, arr_id, tvdb_id, title, sort_title, title_slug, status, monitored, series_type,
			quality_profile_arr_id, root_folder, tags, runtime, year, presence, unreadable)
		select $1, n, n, 's', 's', 's', 'ended', random() < 0.9, (array['standard','daily','anime'])[1 + floor(random() * 3)::int],
			1 + floor(random() * 4)::int, ${FOLDER}, ${OWNER}, floor(random() * 60)::int, 2020, ${PRESENCE}, ${UNREADABLE}
		from generate_series(1, 40) n`,
		[id],
	);
	await tx.unsafe(
		`insert into episodes (connector_id, series_id, arr_id, natural_key, season_number, episode_number, title, air_date_utc,
			runtime, monitored, file_arr_id, presence, unreadable)
		select $1, s.id, s.arr_id * 100 + n, 'k' || n, floor(random() * 3)::int, case when random() < 0.9 then n end, 't',
			case when random() < 0.9 then $2::timestamptz + make_interval(hours => (random() * 60 - 50)::int) end, 0, random() < 0.9,
			case when random() < 0.4 then 0 else s.arr_id * 100 + floor(random() * 12)::int + 1 end, ${PRESENCE}, ${UNREADABLE}
		from series s, generate_series(1, 25) n where s.connector_id = $1`,
		[id, now],
	);
	await tx.unsafe(
		`insert into files (connector_id, arr_id, series_id, quality_id, quality_name, revision_version, revision_real, format_score,
			arr_cutoff_not_met, size)
		select $1, s.arr_id * 100 + n, s.id, floor(random() * 8)::int, 'q', 1, 0, case when random() < 0.9 then floor(random() * 40)::int end,
			case when random() < 0.8 then random() < 0.5 end, 1
		from series s, generate_series(1, 11) n where s.connector_id = $1`,
		[id],
	);
}

async function fillMovies(tx: Bun.SQL, id: number, now: Date): Promise<void> {
	const when = `case when random() < 0.8 then $2::timestamptz + make_interval(hours => (random() * 60 - 40)::int) end`;
	await tx.unsafe(
		`insert into movies (connector_id, arr_id, natural_key, item_type, title, sort_title, title_slug, year, status, monitored,
			is_available, available_since, release_date, quality_profile_arr_id, root_folder, tags, runtime, added, file_arr_id,
			not_searchable, presence, unreadable)
		select $1, n, 'm' || n, 'movie', 't', 't', 't', 2020, 'released', random() < 0.9, random() < 0.8,
			case when random() < 0.3 then ${when} end, ${when}, 1 + floor(random() * 4)::int, ${FOLDER}, ${OWNER}, 90, ${when},
			case when random() < 0.5 then 0 else n end, case when random() < 0.1 then 'undated' end, ${PRESENCE}, ${UNREADABLE}
		from generate_series(1, 600) n`,
		[id, now],
	);
	await tx.unsafe(
		`insert into files (connector_id, arr_id, movie_id, quality_id, quality_name, revision_version, revision_real, format_score,
			arr_cutoff_not_met, size)
		select $1, m.arr_id, m.id, floor(random() * 8)::int, 'q', 1, 0, case when random() < 0.9 then floor(random() * 40)::int end,
			case when random() < 0.8 then random() < 0.5 end, 1
		from movies m where m.connector_id = $1 and random() < 0.95`,
		[id],
	);
}

const CASES = Array.from({ length: 24 }, (_, seed) => seed);

test.each(CASES)('seed %i', async (seed) => {
	const next = random(seed + 1);
	const shape = seed % 3 === 2 ? 'movies' : 'series';
	const kind = seed % 4 === 1 ? 'whisparr' : shape === 'series' ? 'sonarr' : 'radarr';
	const row = await addConnector(t.ctx, {
		kind,
		url: 'http://x.invalid',
		apiKey: 'k',
		settings: someSettings(next),
	});
	await t.ctx.sql`update connectors set shape = ${shape} where id = ${row.id}`;
	const now = t.clock.date();
	await fill(row.id, shape, now);
	await discover(t.ctx, row.id);

	const item = shape === 'series' ? 'episode' : 'movie';
	const table = shape === 'series' ? 'episodes' : 'movies';
	const rules = await rulesOf(t.ctx.sql, row.id, now);
	if (rules === null) throw new Error('the connector has a shape');
	const ids = (await t.ctx.sql.unsafe(`select id from ${table} where connector_id = $1`, [row.id])) as {
		id: number;
	}[];
	const facts = await itemFacts(
		t.ctx.sql,
		rules.statements,
		item,
		ids.map((one) => one.id),
	);
	const judged = facts.flatMap(({ id, facts: of }) => {
		const { wanted, availableAt } = judgeItem(of, rules.judgement);
		return wanted === null ? [] : `${id} ${wanted} ${availableAt?.toISOString() ?? 'never'}`;
	});
	const found = (await t.ctx.sql.unsafe(
		`select ${item}_id as id, reason, available_at as at from wanted where connector_id = $1`,
		[row.id],
	)) as { id: number; reason: string; at: Date | null }[];
	expect(facts).toHaveLength(ids.length);
	expect(found.map(({ id, reason, at }) => `${id} ${reason} ${at?.toISOString() ?? 'never'}`).sort()).toEqual(
		judged.sort(),
	);
	const one = facts[0];
	if (one === undefined) throw new Error('there are rows');
	expect(await whyNotWanted(t.ctx, { kind: item, id: one.id })).toEqual(
		judgeItem(one.facts, rules.judgement),
	);
});
