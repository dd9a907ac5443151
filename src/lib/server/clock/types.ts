// The one source of time. Made in the composition root and handed down.

/** A timer that has not fired yet. */
export interface TimerHandle {
	cancel(): void;
}

/** Called after the wall clock moved by more than 5 minutes against the time that really passed. */
export type JumpListener = (byMs: number) => void;

/** Time, waits and timers. All times are milliseconds since the epoch, all spans milliseconds. */
export interface Clock {
	/** Now, in milliseconds since the epoch. */
	now(): number;
	/** Now, as a Date (for SQL parameters). */
	date(): Date;
	/** Waits; rejects with the signal's reason if that is aborted first. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
	/** Runs `fn` once after `ms`. An error it throws or rejects with must be handled by `fn` itself. */
	setTimeout(fn: () => unknown, ms: number): TimerHandle;
	/** Told of jumps of the wall clock; returns the act that unsubscribes. */
	onJump(listener: JumpListener): () => void;
	/**
	 * Marks real work (an HTTP exchange, a query) that takes no time by this clock: a virtual clock
	 * stands still until it is over. Returns the same promise. Must not contain a wait of this clock.
	 */
	busy<T>(work: Promise<T>, label?: string): Promise<T>;
}

/** A wall clock may be this far off before it counts as a jump. */
export const jumpThresholdMs = 5 * 60_000;

/** The longest span `setTimeout` of the platform can take. */
export const longestTimerMs = 2 ** 31 - 1;

/** `sleep` by `setTimeout`, the same for every clock. */
export function sleepBy(clock: Pick<Clock, 'setTimeout'>, ms: number, signal?: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		if (signal?.aborted === true) {
			reject(abortReason(signal));
			return;
		}
		const onAbort = (): void => {
			timer.cancel();
			if (signal !== undefined) reject(abortReason(signal));
		};
		const timer = clock.setTimeout(() => {
			signal?.removeEventListener('abort', onAbort);
			resolve();
		}, ms);
		signal?.addEventListener('abort', onAbort, { once: true });
	});
}

function abortReason(signal: AbortSignal): Error {
	return signal.reason instanceof Error
		? signal.reason
		: new DOMException('The wait was aborted.', 'AbortError');
}
