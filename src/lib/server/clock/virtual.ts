// A clock that moves only when told to: for tests and simulations of the whole product.
//
// How a simulation works: the product runs for real (HTTP to fakes in other processes, SQL), only time is
// ours. `advanceTo(t)` moves from one due timer to the next. Between two timers it waits until the product
// is *idle*: no work marked with `busy()` is under way and nothing starts any during a few turns of the
// event loop; then everything that still waits, waits for this clock. So all real input and output must be
// marked: the HTTP core and the database client do that for everybody. Work that is marked must not wait
// for this clock, or neither could go on; `idle()` then fails after `holdLimitMs` and names the work.
//
// Timers due at the same moment fire one after the other, in the order in which they were set.
import { jumpThresholdMs, sleepBy, type Clock, type JumpListener } from './types';

/** Settings of a virtual clock. */
export interface VirtualOptions {
	/** Awaited before the clock moves on to `t`: the place to move the fakes' clocks. */
	readonly beforeFire?: (t: number) => Promise<void>;
	/** Turns of the event loop without marked work that count as idle. */
	readonly quietTurns?: number;
	/** Real milliseconds after which marked work is taken to hold the clock for ever. */
	readonly holdLimitMs?: number;
}

/** The simulator's side of the clock. */
export interface VirtualClock extends Clock {
	/** Moves on by `ms`, running what falls due. */
	advance(ms: number): Promise<void>;
	/** Moves on to `t`, running what falls due. */
	advanceTo(t: number): Promise<void>;
	/** Resolves when everything waits for this clock. */
	idle(): Promise<void>;
	/** When the next timer is due, if there is one. */
	nextTimerAt(): number | undefined;
	/** Moves the wall clock without time passing: no timer comes nearer, listeners are told. */
	jump(byMs: number): void;
}

interface Timer {
	at: number;
	readonly order: number;
	readonly fn: () => unknown;
}

/** A clock that stands at `start` until it is advanced. */
export function virtualClock(start: number, options: VirtualOptions = {}): VirtualClock {
	const { beforeFire, quietTurns = 5, holdLimitMs = 30_000 } = options;
	const timers = new Set<Timer>();
	const listeners = new Set<JumpListener>();
	const work = busyList();
	let now = start;
	let order = 0;
	let moving = false;

	const earliest = (): Timer | undefined => {
		let first: Timer | undefined;
		for (const timer of timers) {
			if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
				first = timer;
		}
		return first;
	};
	const moveTo = async (t: number): Promise<void> => {
		if (t <= now) return;
		await beforeFire?.(t);
		now = t;
	};
	const idle = (): Promise<void> => work.quiet(quietTurns, holdLimitMs);
	const advanceTo = async (target: number): Promise<void> => {
		if (moving) throw new Error('The virtual clock is being advanced already.');
		moving = true;
		try {
			await idle();
			for (let next = earliest(); next !== undefined && next.at <= target; next = earliest()) {
				await moveTo(next.at);
				if (timers.delete(next)) fire(next.fn);
				await idle();
			}
			await moveTo(target);
			await idle();
		} finally {
			moving = false;
		}
	};
	const clock: VirtualClock = {
		now: () => now,
		date: () => new Date(now),
		sleep: (ms, signal) => sleepBy(clock, ms, signal),
		setTimeout: (fn, ms) => {
			const timer = { at: now + Math.max(0, ms), order: order++, fn };
			timers.add(timer);
			return { cancel: () => void timers.delete(timer) };
		},
		onJump: (listener) => {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		busy: (promise, label) => work.add(promise, label),
		advance: (ms) => advanceTo(now + ms),
		advanceTo,
		idle,
		nextTimerAt: () => earliest()?.at,
		jump: (byMs) => {
			now += byMs;
			for (const timer of timers) timer.at += byMs;
			if (Math.abs(byMs) > jumpThresholdMs) for (const listener of [...listeners]) listener(byMs);
		},
	};
	return clock;
}

/** A rejection of `fn` stays unhandled on purpose: the test run reports it. */
function fire(fn: () => unknown): void {
	void fn();
}

interface BusyList {
	add<T>(promise: Promise<T>, label?: string): Promise<T>;
	quiet(turns: number, holdLimitMs: number): Promise<void>;
}

function busyList(): BusyList {
	const running = new Map<symbol, string>();
	const waiters = new Set<() => void>();
	const end = (key: symbol): void => {
		running.delete(key);
		if (running.size === 0) for (const wake of waiters) wake();
	};
	const allEnded = async (holdLimitMs: number): Promise<void> => {
		if (running.size === 0) return;
		let limit: ReturnType<typeof setTimeout> | undefined;
		let waiter: (() => void) | undefined;
		try {
			await new Promise<void>((resolve, reject) => {
				waiter = resolve;
				waiters.add(waiter);
				limit = setTimeout(() => {
					reject(new Error(`The virtual clock is held by: ${[...running.values()].join(', ')}`));
				}, holdLimitMs);
			});
		} finally {
			clearTimeout(limit);
			if (waiter !== undefined) waiters.delete(waiter);
		}
	};
	return {
		add: (promise, label = 'work') => {
			const key = Symbol(label);
			running.set(key, label);
			promise.then(
				() => end(key),
				() => end(key),
			);
			return promise;
		},
		quiet: async (turns, holdLimitMs) => {
			for (let calm = 0; calm < turns; calm++) {
				if (running.size > 0) calm = 0;
				await allEnded(holdLimitMs);
				await new Promise((turn) => setImmediate(turn));
				if (running.size > 0) calm = -1;
			}
		},
	};
}
