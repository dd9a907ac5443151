/** The composition root: makes what the product consists of, starts it and stops it. */
import { openDatabase, type Database } from './db/client';
import { registerHealthPart } from './health';
import { onShutdown, type Runtime } from './runtime';
import { systemClock } from './clock';

let database: Database | undefined;

/** Starts the product in a process whose database is up and migrated. A second call replaces the first start. */
export async function startApp(runtime: Runtime): Promise<void> {
	await stopApp();
	const { config, databaseUrl } = runtime;
	if (config === undefined || databaseUrl === undefined)
		throw new Error('The process entry did not prepare a database.');
	const opened = openDatabase({ ...config.database, url: databaseUrl, clock: systemClock() });
	database = opened;
	registerHealthPart('database', async () => {
		await opened.sql`select 1`;
		return { status: 'ok' };
	});
	onShutdown('database', 'connection pools', () => opened.close());
}

/** Ends what `startApp` began; for the development server, which starts the app again after each change. */
export async function stopApp(): Promise<void> {
	await database?.close(1);
	database = undefined;
}
