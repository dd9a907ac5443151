// A mirror at full scale in a database of its own, written straight into the tables, and the product's context on it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded, type EmbeddedPostgres } from '../server/embedded-pg';
import { applyMigrations } from '../server/migrate';
import type { AppContext } from '../src/lib/server/app-context';
import { buildContext, type AppParts } from '../src/lib/server/app-services';
import { virtualClock, type VirtualClock } from '../src/lib/server/clock';
import { openDatabase, type Database } from '../src/lib/server/db/client';
import { logging } from '../src/lib/server/logger';
import { remark } from './report';
import { seed } from './seed';
import { sizes } from './options';

const migrations = join(import.meta.dirname, '../src/lib/server/db/migrations');

export interface World {
	ctx: AppContext;
	clock: VirtualClock;
	/** The Sonarr. */
	connectorId: number;
	/** The Sonarr and the Radarr. */
	connectorIds: readonly [number, number];
	/** For a second process. */
	url: string;
	/** Holds the key file; the product is started on it. */
	dataDir: string;
}

interface Opened extends World {
	server: EmbeddedPostgres;
	database: Database;
	parts: AppParts;
}

let opened: Promise<Opened> | undefined;

/** Made by the first section that needs it. */
export function openWorld(): Promise<World> {
	opened ??= open();
	return opened;
}

async function open(): Promise<Opened> {
	remark(`A mirror of ${sizes.episodes.toLocaleString('en')} episodes is being written …`);
	logging().level = 'warn';
	const dataDir = mkdtempSync(join(tmpdir(), 'comradarr-bench-'));
	const server = await startEmbedded({ dataDir });
	await applyMigrations(server.url, migrations);
	// the product reads the same rows later, by the real clock
	const clock = virtualClock(Date.now());
	const database = openDatabase({ url: server.url, clock });
	const parts = await buildContext({
		database,
		clock,
		masterKey: 'bench-secret-key-of-no-value',
		version: '0.0.0-bench',
	});
	const connectorIds = await seed(parts.ctx);
	return {
		ctx: parts.ctx,
		clock,
		connectorId: connectorIds[0],
		connectorIds,
		url: server.url,
		dataDir,
		server,
		database,
		parts,
	};
}

export async function closeWorld(): Promise<void> {
	if (opened === undefined) return;
	const { server, database, parts, dataDir } = await opened;
	await parts.locks.close();
	await database.close();
	await server.stop();
	rmSync(dataDir, { recursive: true, force: true });
}
