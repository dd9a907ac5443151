// The development server: the same lock, database and migrations as the product, then Vite in this process.
import { createServer, type Plugin } from 'vite';
import { privateHeaders } from '../src/lib/server/address';
import { normaliseAddress } from '../src/lib/server/net';
import { createLogger } from '../src/lib/server/logger';
import { closeStreams, runStage, runtime } from '../src/lib/server/runtime';
import { lockDataDir, prepareDatabase, prepareProcess, startFailure, Undo } from './boot';

const log = createLogger('dev');
const undo = new Undo();
let stopping = false;

/** Tells the app what the product's own HTTP server would tell it. */
const tellOrigin: Plugin = {
	name: 'comradarr-origin',
	configureServer: (server) => {
		server.middlewares.use((request, _response, next) => {
			const peer = normaliseAddress(request.socket.remoteAddress ?? '');
			request.headers[privateHeaders.peer] = peer;
			request.headers[privateHeaders.client] = peer;
			request.headers[privateHeaders.untrustedForward] = '0';
			next();
		});
	},
};

async function start(): Promise<void> {
	const config = prepareProcess();
	lockDataDir(config, undo);
	await prepareDatabase(config, undo, { lost: () => void stop(1), givenUp: () => stopping });
	runtime().phase = 'ready';
	const server = await createServer({
		plugins: [tellOrigin],
		server: { host: config.host, port: config.port, strictPort: true },
	});
	undo.add(() => server.close());
	await server.listen();
	log.info('The development server is ready.', { address: `http://${config.host}:${config.port}/` });
}

async function stop(code: number): Promise<void> {
	if (stopping) return;
	stopping = true;
	const failed = (name: string, error: unknown): void =>
		log.error('A part did not stop cleanly.', { name, error });
	for (const stage of ['scheduler', 'streams', 'work', 'database'] as const) {
		if (stage === 'streams') closeStreams();
		await runStage(stage, failed);
	}
	await undo.run();
	process.exit(code);
}

process.on('SIGTERM', () => void stop(0));
process.on('SIGINT', () => void stop(0));

try {
	await start();
} catch (error) {
	process.stderr.write(`Comradarr cannot start: ${startFailure(error)}\n`);
	await stop(1);
}
