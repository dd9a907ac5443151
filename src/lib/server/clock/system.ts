// The real clock. Waits follow the time that really passed, so a jump of the wall clock never shortens one.
import {
	jumpThresholdMs,
	longestTimerMs,
	sleepBy,
	type Clock,
	type JumpListener,
	type TimerHandle,
} from './types';

const lookEveryMs = 30_000;

/** Sources of time of the platform; replaced in tests. */
export interface TimeSources {
	readonly wall: () => number;
	readonly monotonic: () => number;
}

const platform: TimeSources = { wall: () => Date.now(), monotonic: () => performance.now() };

/** The clock of production. Watches for jumps while anybody listens. */
export function systemClock(sources: TimeSources = platform): Clock {
	const watch = jumpWatch(sources);
	const clock: Clock = {
		now: () => sources.wall(),
		date: () => new Date(sources.wall()),
		sleep: (ms, signal) => sleepBy(clock, ms, signal),
		setTimeout: startTimer,
		onJump: watch,
		busy: (work) => work,
	};
	return clock;
}

function startTimer(fn: () => unknown, ms: number): TimerHandle {
	let timer: ReturnType<typeof setTimeout>;
	const arm = (left: number): void => {
		const part = Math.min(left, longestTimerMs);
		timer = setTimeout(() => (left > part ? arm(left - part) : void fn()), part);
	};
	arm(Math.max(0, ms));
	return { cancel: () => clearTimeout(timer) };
}

/** Compares the wall clock with the monotonic one; also sees a suspended machine. */
function jumpWatch(sources: TimeSources): Clock['onJump'] {
	const listeners = new Set<JumpListener>();
	let timer: ReturnType<typeof setInterval> | undefined;
	let offset = 0;
	const measure = (): number => sources.wall() - sources.monotonic();
	const look = (): void => {
		const by = measure() - offset;
		offset += by;
		if (Math.abs(by) > jumpThresholdMs) for (const listener of [...listeners]) listener(by);
	};
	const start = (): void => {
		offset = measure();
		timer = setInterval(look, lookEveryMs);
		timer.unref();
	};
	return (listener) => {
		listeners.add(listener);
		if (timer === undefined) start();
		return () => {
			listeners.delete(listener);
			if (listeners.size > 0) return;
			clearInterval(timer);
			timer = undefined;
		};
	};
}
