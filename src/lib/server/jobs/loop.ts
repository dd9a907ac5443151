/** A step that is repeated for ever: each run says how long to wait for the next, and a wake cuts the wait short. */
import type { Clock } from '../clock';
import type { Logger } from '../logger';
import { newId, withContext } from '../context';

export interface Loop {
	/** Runs the step now, or right after the one under way. */
	wake(): void;
	/** No further step; resolves when the one under way has ended. */
	stop(): Promise<void>;
}

export interface LoopOptions {
	clock: Clock;
	log: Logger;
	/** Shown in logs, e.g. `dispatch 3`. */
	label: string;
	/** Returns the milliseconds until the next run. `woken`: somebody asked for this one, or it is the first. */
	step: (woken: boolean) => Promise<number>;
	/** Wait after a step that threw. */
	afterErrorMs: number;
	/** Wait before the first step. */
	firstAfterMs?: number;
}

/** Starts the loop. An error of a step is logged and does not end it. */
export function startLoop({ clock, log, label, step, afterErrorMs, firstAfterMs = 0 }: LoopOptions): Loop {
	let stopped = false;
	let again = false;
	let woken = true;
	let running: Promise<void> | undefined;
	let timer = clock.setTimeout(run, firstAfterMs);

	function run(): void {
		if (stopped || running !== undefined) return;
		running = once(woken).then((waitMs) => {
			running = undefined;
			if (stopped) return;
			const wait = again ? 0 : waitMs;
			woken = again;
			again = false;
			timer = clock.setTimeout(run, wait);
		});
	}
	async function once(asked: boolean): Promise<number> {
		return withContext({ correlationId: newId(), fields: { job: label } }, async () => {
			try {
				return await step(asked);
			} catch (error) {
				log.error('A step failed.', { job: label, error });
				return afterErrorMs;
			}
		});
	}
	return {
		wake: () => {
			if (stopped) return;
			if (running !== undefined) {
				again = true;
				return;
			}
			woken = true;
			timer.cancel();
			timer = clock.setTimeout(run, 0);
		},
		stop: async () => {
			stopped = true;
			timer.cancel();
			await running;
		},
	};
}
