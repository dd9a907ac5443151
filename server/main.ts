// The process: configuration, lock, port, database, migrations, app; and the way back on a signal.
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { privateHeaders } from '../src/lib/server/address';
import type { Config } from '../src/lib/server/config';
import { createLogger } from '../src/lib/server/logger';
import { closeStreams, runStage, runtime } from '../src/lib/server/runtime';
import { lockDataDir, prepareDatabase, prepareProcess, startFailure, Undo } from './boot';
import { openFront, type AppHandler, type Front } from './front';
import { StartError } from './start-error';

const log = createLogger('process');
const undo = new Undo();
/** Tests of the process put a small app in the place of the built one. */
const handlerFile = process.env.COMRADARR_HANDLER ?? join(import.meta.dirname, '../build/handler.js');
const state: { stopping: boolean; starting: Promise<void> } = {
	stopping: false,
	starting: Promise.resolve(),
};
let front: Front | undefined;

/** Asked again after each wait: a signal may come at any time. */
function isStopping(): boolean {
	return state.stopping;
}

async function start(): Promise<void> {
	const began = performance.now();
	const config = prepareProcess();
	lockDataDir(config, undo);
	front = openFront(config, log);
	undo.add(() => front?.close());
	await prepareDatabase(config, undo, {
		lost: () => void stop('database lost', 1),
		givenUp: isStopping,
	});
	if (isStopping()) return;
	front.serve(await loadApp());
	if (isStopping()) return;
	runtime().phase = 'ready';
	log.info('Comradarr is ready.', {
		address: `http://${config.host}:${front.port}${config.baseUrl}/`,
		ms: Math.round(performance.now() - began),
	});
}

/** Importing the app runs its init() hook, so a failure to start shows here. */
async function loadApp(): Promise<AppHandler> {
	if (!existsSync(handlerFile))
		throw new StartError('The app has not been built; run npm start, or npm run build first.');
	// the adapter would read these itself; we tell it by headers that nobody else can set
	for (const name of ['ORIGIN', 'ADDRESS_HEADER', 'PORT_HEADER', 'XFF_DEPTH'])
		Reflect.deleteProperty(process.env, name);
	process.env.PROTOCOL_HEADER = privateHeaders.protocol;
	process.env.HOST_HEADER = privateHeaders.host;
	const app = (await import(handlerFile)) as { getHandler(): { fetch: AppHandler } };
	return app.getHandler().fetch;
}

/** No new work, streams closed, requests ended, running work parked, pools and database closed; then the end. */
async function stop(reason: string, code: number): Promise<void> {
	if (state.stopping) return;
	state.stopping = true;
	const { config } = runtime();
	runtime().phase = 'stopping';
	log.info('Stopping.', { reason });
	// a start under way ends its step first, so that nothing it brings up is left behind
	await state.starting.catch(() => undefined);
	const failed = (name: string, error: unknown): void =>
		log.error('A part did not stop cleanly.', { name, error });
	await runStage('scheduler', failed);
	closeStreams();
	await runStage('streams', failed);
	await drain(config);
	await runStage('work', failed);
	await runStage('database', failed);
	await undo.run();
	log.info('Stopped.');
	process.exit(code);
}

async function drain(config: Config | undefined): Promise<void> {
	const drained = await front?.drain((config?.shutdownSeconds ?? 1) * 1_000);
	if (drained === false) log.warn('Some requests did not end in time and are cut.');
}

/** A second signal does not wait for anybody. */
function onSignal(signal: NodeJS.Signals): void {
	if (!state.stopping) {
		void stop(signal, 0);
		return;
	}
	log.warn('A second signal: stopping at once.');
	void undo.run().finally(() => process.exit(1));
}

process.on('SIGTERM', onSignal);
process.on('SIGINT', onSignal);
process.on('unhandledRejection', (error) => log.error('A rejected promise was not handled.', { error }));
process.on('uncaughtException', (error) => log.error('An error was not caught.', { error }));

async function giveUp(error: unknown): Promise<void> {
	if (state.stopping) return;
	state.stopping = true;
	const sentence = startFailure(error);
	await runStage('scheduler', () => undefined);
	await runStage('database', () => undefined);
	await undo.run();
	process.stderr.write(`Comradarr cannot start: ${sentence}\n`);
	process.exit(1);
}

state.starting = start();
await state.starting.catch(giveUp);
