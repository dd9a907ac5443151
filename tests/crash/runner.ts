// A small process that works for one connector like the product does, step by step as told on stdin, so that it can be
// killed at a named point. One line of JSON in, one line out.
import { createInterface } from 'node:readline';
import type { SyncMode } from '../../src/lib/domain/words';
import type { AppContext } from '../../src/lib/server/app-context';
import { buildContext } from '../../src/lib/server/app-services';
import { virtualClock } from '../../src/lib/server/clock';
import { openDatabase } from '../../src/lib/server/db/client';
import { openDispatches } from '../../src/lib/server/db/queries/dispatches';
import { findJob } from '../../src/lib/server/db/queries/jobs';
import { requestSync } from '../../src/lib/server/jobs/requests';
import { dispatchWith } from '../../src/lib/server/services/queue/dispatcher-round';
import { recoverOpen } from '../../src/lib/server/services/queue/recovery';
import { watchRound } from '../../src/lib/server/services/queue/watch';
import { joinFakes } from '../fakes/arr/control';

interface Order {
	op: 'send' | 'run' | 'sync' | 'ready';
	/** Virtual time at which the work begins. */
	now?: number;
	connectorId?: number;
	registryId?: number;
	crashAt?: string;
	mode?: SyncMode;
}

const [databaseUrl = '', control = '', masterKey = ''] = process.argv.slice(2);
const fakes = joinFakes(control);

async function work(order: Order): Promise<unknown> {
	const { now = 0, connectorId = 0, registryId = 0 } = order;
	if (order.crashAt !== undefined) process.env.COMRADARR_CRASH_AT = order.crashAt;
	const clock = virtualClock(now, {
		beforeFire: async (t) => {
			await fakes.clock.set(t);
		},
	});
	const database = openDatabase({ url: databaseUrl, poolSize: 3, clock });
	const { ctx } = await buildContext({ database, clock, masterKey, version: '0.0.0-test' });
	await ctx.locks.hold(connectorId);
	if (order.op === 'sync') return await syncToItsEnd(ctx, connectorId, order.mode ?? 'full');
	const sent = await dispatchWith(ctx, connectorId, async () => ({ open: true, registryId }));
	if (order.op === 'send') return sent;
	for (let n = 0; n < 100; n += 1) {
		await recoverOpen(ctx, connectorId);
		const { nextAt } = await watchRound(ctx, connectorId);
		if ((await openDispatches(ctx.db, connectorId)).length === 0) break;
		await clock.advanceTo(Math.max(nextAt?.getTime() ?? 0, clock.now() + 1_000));
	}
	return sent;
}

/** As a user asks for it: a job that can be followed. */
async function syncToItsEnd(ctx: AppContext, connectorId: number, mode: SyncMode): Promise<unknown> {
	const id = await requestSync(ctx, connectorId, mode);
	for (;;) {
		const job = await findJob(ctx.db, id);
		if (job !== undefined && job.status !== 'running') return job;
		await Bun.sleep(50);
	}
}

const say = (value: unknown): void => {
	process.stdout.write(`${JSON.stringify(value)}\n`);
};

createInterface({ input: process.stdin }).on('line', (line) => {
	work(JSON.parse(line) as Order).then(
		(result) => say({ result }),
		(error: unknown) =>
			say({ error: error instanceof Error ? `${error.message} ${error.stack ?? ''}` : String(error) }),
	);
});
process.stdin.on('end', () => process.exit(0));
say({ ready: true });
