/** The composition root: makes what the product consists of, starts it and stops it. */
import type { AppContext } from './app-context';
import { buildContext, type AppParts } from './app-services';
import type { Config } from './config';
import { openDatabase, type Database } from './db/client';
import { registerHealthPart } from './health';
import { createLogger } from './logger';
import { masterKey } from './master-key';
import { startProduct, type Product } from './product';
import { onShutdown, type Runtime } from './runtime';
import { apiKeyGuard, type ApiKeyGuard } from './services/auth/api-keys';
import { resetAdmin } from './services/auth/reset';
import { prepareFirstRun } from './services/auth/setup';
import { processClock, processLimits } from './switches';
import { version } from '../../../package.json';

export interface App {
	readonly ctx: AppContext;
	readonly config: Config;
	readonly keys: ApiKeyGuard;
	readonly product: Product;
}

interface Running extends App {
	readonly database: Database;
	readonly parts: AppParts;
}

let running: Running | undefined;

/** The started product. Throws before its start and after its end. */
export function app(): App {
	if (running === undefined) throw new Error('The product has not been started.');
	return running;
}

/** Starts the product in a process whose database is up and migrated. A second call replaces the first start. */
export async function startApp(runtime: Runtime): Promise<void> {
	await stopApp();
	const { config, databaseUrl, simulated } = runtime;
	if (config === undefined || databaseUrl === undefined)
		throw new Error('The process entry did not prepare a database.');
	const clock = simulated?.clock ?? processClock();
	const database = openDatabase({ ...config.database, url: databaseUrl, clock });
	const parts = await buildContext({
		database,
		clock,
		masterKey: masterKey(config),
		version,
		sessionDays: config.sessionDays,
		limits: processLimits(),
	});
	await firstRun(parts.ctx, config);
	const shared = config.database.url !== undefined;
	const product = await startProduct({
		ctx: parts.ctx,
		timeZone: config.timeZone,
		shared,
		...(simulated === undefined ? {} : { random: simulated.random }),
	});
	const keys = apiKeyGuard(config.apiKey?.reveal());
	running = { ctx: parts.ctx, config, keys, product, database, parts };
	registerHealth(database, parts.ctx);
	onShutdown('scheduler', 'jobs', () => product.stop());
	onShutdown('database', 'connection pools', () => closeDatabase(database, parts));
}

/** Ends what `startApp` began; for the development server, which starts the app again after each change. */
export async function stopApp(): Promise<void> {
	if (running === undefined) return;
	const { product, database, parts } = running;
	running = undefined;
	await product.stop();
	await closeDatabase(database, parts);
}

async function closeDatabase(database: Database, parts: AppParts): Promise<void> {
	await parts.locks.close();
	await database.close();
}

/** The admin of the environment, or a setup token in the log. The only place where a secret is printed, on purpose. */
async function firstRun(ctx: AppContext, config: Config): Promise<void> {
	const admin =
		config.adminPass === undefined
			? null
			: { username: config.adminUser, password: config.adminPass.reveal() };
	await forgottenPassword(ctx, config);
	const prepared = await prepareFirstRun(ctx, admin);
	if (prepared === null) return;
	const address = config.origin ?? `http://localhost:${String(config.port)}`;
	printSetupToken(`${address}${config.baseUrl}/setup`, prepared.setupToken);
}

async function forgottenPassword(ctx: AppContext, { resetAdmin: asked }: Config): Promise<void> {
	const given = asked === undefined ? null : { username: asked.username, password: asked.password.reveal() };
	const result = await resetAdmin(ctx, given);
	const log = createLogger('setup');
	if (result.kind === 'done')
		log.warn(
			`The password of "${result.username}" was set anew, and every session was ended. API keys stay; revoke in the settings those you do not know. Remove RESET_ADMIN now.`,
		);
	if (result.kind === 'left_on')
		log.warn(
			'RESET_ADMIN is still set. It was carried out at an earlier start and does nothing now. Remove it.',
		);
}

function printSetupToken(address: string, token: string): void {
	createLogger('setup').info('Nobody can log in yet: the setup page asks for the token below.');
	process.stdout.write(`\n  Open ${address}?token=${token}\n  or enter the setup token there: ${token}\n\n`);
}

function registerHealth(database: Database, ctx: AppContext): void {
	registerHealthPart('database', async () => {
		await database.sql`select 1`;
		const trouble = await ctx.room.trouble();
		// not failing: it serves what it knows, and a start anew would not help
		return trouble === null ? { status: 'ok' } : { status: 'degraded', ...trouble };
	});
	registerHealthPart('secrets', () => ({
		status: ctx.keyring.locked ? 'degraded' : 'ok',
		locked: ctx.keyring.locked,
	}));
}
