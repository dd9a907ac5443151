// A connector on an instance of the fake for the crash tests of the sync: its library, changes in it, the search
// memory that must outlive everything, and the mirror put beside the fake.
import { eq } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { findJob, type JobRow } from '../../src/lib/server/db/queries/jobs';
import { recentSyncRuns } from '../../src/lib/server/db/queries/connectors';
import { requestQueue, searchRegistry, targetRules } from '../../src/lib/server/db/schema';
import { requestSync } from '../../src/lib/server/jobs/requests';
import { excludeTarget, giveUp, requestSearch } from '../../src/lib/server/services/queue/user-acts';
import type { ConnectorRow } from '../../src/lib/server/db/queries/connectors';
import type { ConnectorKind, ItemKind, SyncMode } from '../../src/lib/domain/words';
import type { FakeInstance, Kind } from '../fakes/arr/control';
import type { World } from '../integration/dispatch/world';
import { difference, linesOfMirror, linesOfSnapshot } from '../integration/sync/with-fakes';
import { addConnector } from '../setup/connect';

const LIBRARY = { preset: 'large', series: 3, episodesPerSeries: 12, movies: 24, filesShare: 0.4 } as const;

export class SyncSite {
	private constructor(
		private readonly world: World,
		readonly fake: FakeInstance,
		readonly connector: ConnectorRow,
	) {}

	/** A new instance whose library was never read. */
	static async open(world: World, kind: Kind, seed: number): Promise<SyncSite> {
		const fake = await world.fakes.create({ kind, library: LIBRARY, seed });
		const { url, apiKey } = fake;
		const application = /^[a-z]+/.exec(kind)?.[0] as ConnectorKind;
		return new SyncSite(world, fake, await addConnector(world.ctx, { kind: application, url, apiKey }));
	}

	/** Syncs as a user asks for it, to the end of the job. */
	async sync(mode: SyncMode): Promise<JobRow> {
		const id = await requestSync(this.world.ctx, this.connector.id, mode);
		for (;;) {
			const job = await findJob(this.world.ctx.db, id);
			if (job !== undefined && job.status !== 'running' && job.status !== 'queued') return job;
			await Bun.sleep(10);
		}
	}

	/** One item asked for, one given up after three attempts, one excluded: what no sync may touch. */
	async remember(): Promise<void> {
		const { ctx } = this.world;
		const { items } = await this.fake.truth({ graceMs: 0 });
		const [asked, givenUp, excluded] = items.filter((item) => item.gap);
		await requestSearch(ctx, await this.refOf(asked));
		await giveUp(ctx, await this.refOf(givenUp));
		await excludeTarget(ctx, await this.refOf(excluded));
		await ctx.sql`update search_registry set counted_for = 'gap',
			attempts = case when state = 'exhausted' then 3 else attempts end where connector_id = ${this.connector.id}`;
	}

	private async refOf(item?: { kind: ItemKind; arrId: number }): Promise<{ kind: ItemKind; id: number }> {
		if (item === undefined) throw new Error('the fake lacks too little');
		const { kind, arrId } = item;
		const table = kind === 'movie' ? 'movies' : 'episodes';
		const rows: { id: number }[] = await this.world.ctx.sql.unsafe(
			`select id from ${table} where connector_id = $1 and arr_id = $2`,
			[this.connector.id, arrId],
		);
		return { kind, id: rows[0]?.id ?? 0 };
	}

	/** All that is remembered of searches, the line and the rules of the user. */
	async memory(): Promise<Memory> {
		const { db } = this.world.ctx;
		const of = (table: { connectorId: PgColumn }) => eq(table.connectorId, this.connector.id);
		return {
			registry: await db.select().from(searchRegistry).where(of(searchRegistry)).orderBy(searchRegistry.id),
			line: await db.select().from(requestQueue).where(of(requestQueue)).orderBy(requestQueue.id),
			rules: await db.select().from(targetRules).where(of(targetRules)).orderBy(targetRules.targetKey),
		};
	}

	/** Users and other tools change the library; nothing of what is remembered. */
	async change(): Promise<void> {
		const { items } = await this.fake.truth({ graceMs: 0 });
		const missing = items.filter((item) => item.gap)[3];
		if (missing === undefined) throw new Error('the fake lacks too little');
		const { kind, arrId } = missing;
		await this.fake.setMonitored(kind === 'movie' ? { movieId: arrId } : { episodeId: arrId }, false);
		const { series, movies } = await this.fake.snapshot();
		const filed = [...series.flatMap((one) => one.episodes), ...movies].filter(({ file }) => file !== null);
		const [first, second, third] = filed;
		if (third === undefined) throw new Error('the fake has too few files');
		for (const one of [first, second]) await this.fake.deleteFile(one?.file?.id ?? 0);
		await (kind === 'movie' ? this.fake.deleteMovie(third.id) : this.fake.deleteEpisode(third.id));
	}

	/** What mirror and fake do not have in common. */
	async differences(): Promise<string[]> {
		const ours = await linesOfMirror(this.world, this.connector.id);
		return difference(ours, linesOfSnapshot(await this.fake.snapshot()));
	}

	async lastRun() {
		return (await recentSyncRuns(this.world.ctx.db, this.connector.id, 1))[0];
	}
}

export interface Memory {
	registry: (typeof searchRegistry.$inferSelect)[];
	line: (typeof requestQueue.$inferSelect)[];
	rules: (typeof targetRules.$inferSelect)[];
}

/** What is left of it when the planner has filled its line anew: whatever the user did, and every attempt. */
export function decidedIn({ registry, line, rules }: Memory): object[] {
	const pinned = new Set(line.filter((row) => row.pinned).map((row) => row.registryId));
	return [...registry.filter((row) => pinned.has(row.id) || row.attempts > 0), ...rules];
}
