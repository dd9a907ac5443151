// A context whose connectors are instances of the fake, and the mirror put beside the fake's own words.
import {
	startFakes,
	type FakeInstance,
	type Fakes,
	type InstanceOptions,
	type Snapshot,
} from '../../fakes/arr/control';
import type { ConnectorKind } from '../../../src/lib/domain/words';
import { defaultConnectorSettings, type ConnectorSettings } from '../../../src/lib/domain/settings';
import { addConnector } from '../../setup/connect';
import { createTestContext, TEST_START, type TestContext } from '../../setup/context';

export interface Bed extends TestContext {
	fakes: Fakes;
	add(
		options: InstanceOptions,
		settings?: (all: ConnectorSettings) => void,
	): Promise<{ fake: FakeInstance; id: number }>;
	/** Moves both clocks. */
	pass(ms: number): Promise<void>;
	/** Lets our clock run on whenever the work waits for it (pauses before a retry). */
	run<T>(work: Promise<T>): Promise<T>;
}

export async function openBed(): Promise<Bed> {
	const fakes = await startFakes({ start: TEST_START });
	const t = await createTestContext();
	return {
		...t,
		fakes,
		add: async (options, change) => {
			const fake = await fakes.create(options);
			const settings = defaultConnectorSettings();
			change?.(settings);
			const kind = kindOf(fake.kind);
			const row = await addConnector(t.ctx, { kind, url: fake.url, apiKey: fake.apiKey, settings });
			return { fake, id: row.id };
		},
		pass: async (ms) => {
			await fakes.clock.advance(ms);
			await t.clock.advance(ms);
		},
		run: async (work) => {
			const state = { ended: false };
			const settle = (): void => {
				state.ended = true;
			};
			const end = work.then(settle, settle);
			while (!state.ended) {
				await Promise.race([end, Bun.sleep(5)]);
				const next = t.clock.nextTimerAt();
				if (next !== undefined && !isOver(state)) await t.clock.advanceTo(next);
			}
			return work;
		},
		close: async () => {
			await t.close();
			await fakes.stop();
		},
	};
}

const isOver = ({ ended }: { ended: boolean }): boolean => ended;

const kindOf = (kind: string): ConnectorKind =>
	kind.startsWith('sonarr') ? 'sonarr' : kind.startsWith('radarr') ? 'radarr' : 'whisparr';

/** One line per thing in the library, from the fake. */
export function linesOfSnapshot(snapshot: Snapshot, { scores = true } = {}): string[] {
	const file = (one: Snapshot['movies'][0]['file']) =>
		one === null
			? 'none'
			: [one.id, one.quality, one.revision, ...(scores ? [one.score] : []), one.size].join('/');
	const dayOnly = snapshot.series.some((series) =>
		series.episodes.some((one) => one.key.includes('|scene:')),
	);
	const air = (at: number | null) =>
		at === null ? 'never' : dayOnly ? new Date(at).toISOString().slice(0, 10) : String(Math.floor(at / 1000));
	return [
		...snapshot.series.flatMap((series) => [
			`series ${series.tvdbId} ${series.id} ${series.title} ${series.status} ${series.monitored} ${series.profileId} ${series.runtime} ${series.rootFolder}`,
			...series.seasons.map(({ number, monitored }) => `season ${series.tvdbId} ${number} ${monitored}`),
			...series.episodes.map(
				(one) => `${one.key} ${one.id} ${air(one.airs)} ${one.monitored} ${file(one.file)}`,
			),
		]),
		...snapshot.movies.map(
			(one) => `${one.key} ${one.id} ${one.monitored} ${one.available} ${one.profileId} ${file(one.file)}`,
		),
	].sort();
}

/** What one side has and the other has not; empty when they are equal. */
export function difference(ours: readonly string[], theirs: readonly string[]): string[] {
	const [a, b] = [new Set(ours), new Set(theirs)];
	return [
		...ours.filter((line) => !b.has(line)).map((line) => `only in the mirror: ${line}`),
		...theirs.filter((line) => !a.has(line)).map((line) => `only in the fake: ${line}`),
	].slice(0, 12);
}

/** The same lines from the mirror, of everything that is present. */
export async function linesOfMirror({ ctx }: Pick<Bed, 'ctx'>, id: number): Promise<string[]> {
	const rows = (await ctx.sql`
		with fileline as (
			select connector_id, arr_id, concat_ws('/', arr_id, quality_id, revision_version, format_score, size) as line from files
		)
		select concat_ws(' ', 'series', tvdb_id, arr_id, title, status, monitored::text, quality_profile_arr_id, runtime, root_folder) as line
		from series where connector_id = ${id} and presence = 'present'
		union all
		select concat_ws(' ', 'season', s.tvdb_id, n.number, n.monitored::text) from seasons n join series s on s.id = n.series_id
		where n.connector_id = ${id} and n.presence = 'present' and s.presence = 'present'
		union all
		select concat_ws(' ', 'tvdb:' || s.tvdb_id || case when c.kind = 'whisparr' then '|scene:' || e.tvdb_id
			else '|' || e.season_number || '|' || e.episode_number end, e.arr_id,
			coalesce(case when c.kind = 'whisparr' then to_char(e.air_date_utc, 'YYYY-MM-DD') else extract(epoch from e.air_date_utc)::bigint::text end, 'never'),
			e.monitored::text, case when e.file_arr_id = 0 then 'none' else coalesce(f.line, 'unknown file') end)
		from episodes e join series s on s.id = e.series_id join connectors c on c.id = e.connector_id
		left join fileline f on f.connector_id = e.connector_id and f.arr_id = e.file_arr_id
		where e.connector_id = ${id} and e.presence = 'present' and s.presence = 'present'
		union all
		select concat_ws(' ', m.natural_key, m.arr_id, m.monitored::text, m.is_available::text, m.quality_profile_arr_id,
			case when m.file_arr_id = 0 then 'none' else coalesce(f.line, 'unknown file') end)
		from movies m left join fileline f on f.connector_id = m.connector_id and f.arr_id = m.file_arr_id
		where m.connector_id = ${id} and m.presence = 'present'`) as { line: string }[];
	return rows.map((row) => row.line).sort();
}
