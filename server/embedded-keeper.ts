// Keeps the embedded PostgreSQL running: one that ends by itself, as it does on a full disk, is started again at the
// same place, where the pools find it. The product stays and says meanwhile what is wrong.
import { startEmbedded, type EmbeddedOptions, type EmbeddedPostgres } from './embedded-pg';
import { DiskFull } from './start-error';

/** Whom to tell. */
export interface KeeperOptions extends Omit<EmbeddedOptions, 'onExit'> {
	/** It ended without having been asked to, and is being started again. */
	readonly ended: (code: number | null) => void;
	/** A try to start it again failed; another one follows. */
	readonly failed: (error: unknown) => void;
	/** It runs again. */
	readonly back: () => void;
	/** It does not stay up, and not for want of room: nothing more is tried. */
	readonly lost: () => void;
	/** Between two tries, milliseconds. */
	readonly pauseMs?: number;
}

/** So many ends within the time are an accident each; one more is a database that does not stay up. */
const MOST_ENDS = 5;
const WITHIN_MS = 600_000;
/** Tries in a row that fail for another reason than a full disk. */
const MOST_FAILURES = 3;

/** Starts the server; afterwards it is started again whenever it ends. `stop` ends both. */
export async function keepEmbedded(
	options: KeeperOptions,
): Promise<Pick<EmbeddedPostgres, 'url' | 'pid' | 'stop'>> {
	const { pauseMs = 5_000, ended, failed, back, lost, ...rest } = options;
	const state = { stopping: false, again: Promise.resolve(), ends: [] as number[] };
	let server: EmbeddedPostgres;
	const start = (): Promise<EmbeddedPostgres> => startEmbedded({ ...rest, onExit: onEnd });
	const onEnd = (code: number | null): void => {
		ended(code);
		const now = performance.now();
		state.ends = [...state.ends.filter((at) => now - at < WITHIN_MS), now];
		if (state.ends.length > MOST_ENDS) lost();
		else state.again = startAgain();
	};
	const startAgain = async (): Promise<void> => {
		for (let failures = 0; !state.stopping;) {
			try {
				const next = await start();
				// the pools know one address
				if (next.url === server.url) {
					server = next;
					back();
				} else {
					await next.stop();
					lost();
				}
				return;
			} catch (error) {
				failed(error);
				if (!(error instanceof DiskFull)) failures += 1;
				if (failures === MOST_FAILURES) {
					lost();
					return;
				}
				await pauseUnless(() => state.stopping, pauseMs);
			}
		}
	};
	server = await start();
	return {
		url: server.url,
		get pid() {
			return server.pid;
		},
		stop: async () => {
			state.stopping = true;
			await state.again;
			await server.stop();
		},
	};
}

/** Looks often, so that a signal does not wait. */
async function pauseUnless(isOver: () => boolean, ms: number): Promise<void> {
	const until = performance.now() + ms;
	while (!isOver() && performance.now() < until) await Bun.sleep(Math.min(100, ms));
}
