// The built product in this process, behind its own port, with another clock: for simulations that speak HTTP to it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFront, type AppHandler } from '../../server/front';
import { privateHeaders } from '../../src/lib/server/address';
import type { Clock } from '../../src/lib/server/clock';
import { loadConfig } from '../../src/lib/server/config';
import { createLogger } from '../../src/lib/server/logger';
import { closeStreams, runStage, runtime } from '../../src/lib/server/runtime';
import { ensureBuild } from './build';
import { createTestDatabase, type TestDatabase } from './database';
import { top } from './sources';

export interface InProcess {
	/** `http://127.0.0.1:<port>`, without a slash at its end. */
	url: string;
	/** A full-access key. */
	apiKey: string;
	adminUser: string;
	adminPass: string;
	database: TestDatabase;
	/** Ends the product as a signal would, and drops the database. */
	stop(): Promise<void>;
}

/**
 * What `server/main.ts` does, with a clock and chance of ours. There can be one only: each test file has a realm of its
 * own, and starts one at most.
 */
export async function startInProcess(simulated: { clock: Clock; random: () => number }): Promise<InProcess> {
	await ensureBuild();
	const database = await createTestDatabase();
	const dataDir = mkdtempSync(join(tmpdir(), 'comradarr-simulated-'));
	const apiKey = `api${crypto.randomUUID().replaceAll('-', '')}`;
	const [adminUser, adminPass] = ['admin', 'a password for tests only'];
	const config = loadConfig({
		HOST: '127.0.0.1',
		PORT: '0',
		DATA_DIR: dataDir,
		SECRET_KEY: 'a master key for tests only',
		ADMIN_USER: adminUser,
		ADMIN_PASS: adminPass,
		API_KEY: apiKey,
	});
	process.env.PROTOCOL_HEADER = privateHeaders.protocol;
	process.env.HOST_HEADER = privateHeaders.host;
	const shared = Object.assign(runtime(), { config, databaseUrl: database.url, simulated });
	const front = openFront(config, createLogger('process'));
	const built = (await import(join(top, 'build/handler.js'))) as { getHandler(): { fetch: AppHandler } };
	front.serve(built.getHandler().fetch);
	shared.phase = 'ready';
	return {
		url: `http://127.0.0.1:${String(front.port)}`,
		apiKey,
		adminUser,
		adminPass,
		database,
		stop: async () => {
			shared.phase = 'stopping';
			const failed = (name: string, error: unknown): void => {
				throw new Error(`${name} did not stop`, { cause: error });
			};
			await runStage('scheduler', failed);
			closeStreams();
			for (const stage of ['streams', 'work', 'database'] as const) await runStage(stage, failed);
			await front.close();
			rmSync(dataDir, { recursive: true, force: true });
			await database.drop();
		},
	};
}
