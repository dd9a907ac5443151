// What the process entry (server/main.ts) and the app share. They are two module graphs in one process, so
// the object lives on globalThis.
import type { Clock } from './clock';
import type { Config } from './config';

/** The order in which a stopping process ends its work; HTTP is drained between `streams` and `work`. */
export const shutdownStages = ['scheduler', 'streams', 'work', 'database'] as const;
/** One step of stopping. */
export type ShutdownStage = (typeof shutdownStages)[number];

/** Where the process stands; requests are answered 503 unless it is `ready`. */
export type Phase = 'starting' | 'ready' | 'stopping';

interface ShutdownHook {
	readonly stage: ShutdownStage;
	readonly name: string;
	readonly run: () => Promise<void> | void;
}

/** The shared state of the process. */
export interface Runtime {
	phase: Phase;
	/** Set by the process entry before the app is imported. */
	config: Config | undefined;
	/** Connection string of the database in use, embedded or external. */
	databaseUrl: string | undefined;
	/** The embedded database has ended and cannot be started again for want of room; it is tried on. */
	databaseNeedsRoom: boolean;
	/** Set by simulations alone: another clock than the machine's, and chance that can be repeated. */
	simulated: { readonly clock: Clock; readonly random: () => number } | undefined;
	readonly hooks: Set<ShutdownHook>;
	/** Acts that close an open event stream (SSE). */
	readonly streams: Set<() => void>;
}

const key = Symbol.for('comradarr.runtime');

/** The state of this process. */
export function runtime(): Runtime {
	const known = Reflect.get(globalThis, key) as Runtime | undefined;
	if (known !== undefined) return known;
	const fresh: Runtime = {
		phase: 'starting',
		config: undefined,
		databaseUrl: undefined,
		databaseNeedsRoom: false,
		simulated: undefined,
		hooks: new Set(),
		streams: new Set(),
	};
	Reflect.set(globalThis, key, fresh);
	return fresh;
}

/** The configuration of a started process. */
export function runningConfig(): Config {
	const { config } = runtime();
	if (config === undefined) throw new Error('The process has no configuration yet.');
	return config;
}

/** Registers work to end at a stage of stopping; returns the act that takes it back. */
export function onShutdown(stage: ShutdownStage, name: string, run: () => Promise<void> | void): () => void {
	const hook = { stage, name, run };
	runtime().hooks.add(hook);
	return () => void runtime().hooks.delete(hook);
}

/** Registers an open event stream; returns the act to call when it has closed by itself. */
export function trackStream(close: () => void): () => void {
	const { streams } = runtime();
	streams.add(close);
	return () => void streams.delete(close);
}

/** Closes all event streams. */
export function closeStreams(): void {
	for (const close of [...runtime().streams]) close();
	runtime().streams.clear();
}

/** Runs the hooks of one stage together; a failing one does not keep the others from ending. */
export async function runStage(
	stage: ShutdownStage,
	failed: (name: string, error: unknown) => void,
): Promise<void> {
	const hooks = [...runtime().hooks].filter((hook) => hook.stage === stage);
	await Promise.all(
		hooks.map(async (hook) => {
			runtime().hooks.delete(hook);
			try {
				await hook.run();
			} catch (error) {
				failed(hook.name, error);
			}
		}),
	);
}
