// What a start consists of, shared by the product (main.ts) and the development server (dev.ts).
import { join } from 'node:path';
import { checkKeyPossible } from '../src/lib/server/master-key';
import { ConfigError, loadConfig, type Config } from '../src/lib/server/config';
import { createLogger, logging, registerSecret } from '../src/lib/server/logger';
import { runtime } from '../src/lib/server/runtime';
import { keepEmbedded } from './embedded-keeper';
import { waitForDatabase } from './external-pg';
import { takeInstanceLock } from './instance-lock';
import { applyMigrations } from './migrate';
import { DiskFull, StartError } from './start-error';

/** Acts that undo what a start has done, run in reverse order. */
export class Undo {
	readonly #acts: (() => Promise<void> | void)[] = [];

	add(act: () => Promise<void> | void): void {
		this.#acts.push(act);
	}

	/** Runs all acts, the newest first; each at most once. */
	async run(): Promise<void> {
		for (let act = this.#acts.pop(); act !== undefined; act = this.#acts.pop()) await act();
	}
}

const migrations = join(import.meta.dirname, '../src/lib/server/db/migrations');
const externalLimitMs = 60_000;
const log = createLogger('process');

/** Reads the configuration and sets up logging with it. */
export function prepareProcess(): Config {
	const config = loadConfig();
	const state = logging();
	state.level = config.logLevel;
	state.format = config.logFormat;
	for (const secret of [config.secretKey, config.adminPass, config.apiKey, config.database.url]) {
		if (secret !== undefined) registerSecret(secret.reveal());
	}
	const password = config.database.url === undefined ? '' : new URL(config.database.url.reveal()).password;
	registerSecret(decodeURIComponent(password));
	checkKeyPossible(config);
	runtime().config = config;
	return config;
}

/** One process per data directory, where the database is ours. */
export function lockDataDir(config: Config, undo: Undo): void {
	if (config.database.url !== undefined) return;
	const lock = takeInstanceLock(config.dataDir);
	undo.add(() => lock.release());
}

/** What the database preparation needs to know of the process. */
export interface Watch {
	/** The embedded server does not stay up. */
	readonly lost: () => void;
	/** The start is no longer wanted. */
	readonly givenUp: () => boolean;
}

/** Brings up and migrates the database; afterwards the app can start. */
export async function prepareDatabase(config: Config, undo: Undo, watch: Watch): Promise<void> {
	const external = config.database.url?.reveal();
	const url = external === undefined ? await startOwn(config, undo, watch) : await reach(external, watch);
	await applyMigrations(url, migrations);
	runtime().databaseUrl = url;
}

async function startOwn(config: Config, undo: Undo, watch: Watch): Promise<string> {
	const pgLog = createLogger('postgres');
	const server = await keepEmbedded({
		dataDir: config.dataDir,
		log: (line) => pgLog.debug(line),
		ended: (code) =>
			log.error('The embedded database has ended unexpectedly; it is started again.', { code }),
		failed: (error) => {
			runtime().databaseNeedsRoom = error instanceof DiskFull;
			log.error('The embedded database could not be started again yet.', { error });
		},
		back: () => {
			runtime().databaseNeedsRoom = false;
			log.info('The embedded database runs again.');
		},
		lost: watch.lost,
	});
	undo.add(() => server.stop());
	return server.url;
}

async function reach(url: string, watch: Watch): Promise<string> {
	const waiting = (): void => log.info('Waiting for the external database.');
	await waitForDatabase(url, { limitMs: externalLimitMs, waiting, givenUp: watch.givenUp });
	return url;
}

/** The one sentence for whoever started the product; an unforeseen error is logged with its details as well. */
export function startFailure(error: unknown): string {
	if (error instanceof StartError || error instanceof ConfigError) return error.message;
	log.error('The start failed unexpectedly.', { error });
	return `an unexpected error: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown'}`;
}
