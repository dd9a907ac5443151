// A clock that runs faster or slower than real time: for the demo.
import { longestTimerMs, sleepBy, type Clock, type JumpListener, type TimerHandle } from './types';

/** A running clock whose speed can be changed. */
export interface ScaledClock extends Clock {
	/** Milliseconds of this clock per real millisecond. */
	readonly rate: number;
	setRate(rate: number): void;
}

interface Waiting {
	readonly at: number;
	readonly fn: () => unknown;
	timer?: ReturnType<typeof setTimeout>;
}

/** Starts at `start` (default: the real time) and runs `rate` times as fast as real time. */
export function scaledClock(rate: number, start: number = Date.now()): ScaledClock {
	const waiting = new Set<Waiting>();
	const listeners = new Set<JumpListener>();
	let speed = checked(rate);
	let base = start;
	let since = performance.now();

	const now = (): number => Math.round(base + (performance.now() - since) * speed);
	const arm = (entry: Waiting): void => {
		const real = Math.max(0, (entry.at - now()) / speed);
		entry.timer = setTimeout(
			() => {
				if (now() < entry.at) {
					arm(entry);
					return;
				}
				waiting.delete(entry);
				void entry.fn();
			},
			Math.min(Math.ceil(real), longestTimerMs),
		);
	};
	const startTimer = (fn: () => unknown, ms: number): TimerHandle => {
		const entry: Waiting = { at: now() + Math.max(0, ms), fn };
		waiting.add(entry);
		arm(entry);
		return {
			cancel: () => {
				clearTimeout(entry.timer);
				waiting.delete(entry);
			},
		};
	};
	const clock: ScaledClock = {
		get rate() {
			return speed;
		},
		setRate: (next) => {
			base = now();
			since = performance.now();
			speed = checked(next);
			for (const entry of waiting) {
				clearTimeout(entry.timer);
				arm(entry);
			}
		},
		now,
		date: () => new Date(now()),
		sleep: (ms, signal) => sleepBy(clock, ms, signal),
		setTimeout: startTimer,
		onJump: (listener) => {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		busy: (work) => work,
	};
	return clock;
}

function checked(rate: number): number {
	if (!(rate > 0) || !Number.isFinite(rate))
		throw new RangeError('The rate of a clock must be a positive number.');
	return rate;
}
