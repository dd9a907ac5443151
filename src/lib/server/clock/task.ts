/**
 * A clock for work that mixes real input and output with waits: a whole job is marked as busy, and the mark is lifted
 * while the job sleeps. A simulation can so let the clock stand still while anything happens, and move it while
 * everything waits.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from './types';

export interface TaskClock extends Clock {
	/** Runs `work` as one task. Its waits on this clock do not hold the clock. */
	task<T>(label: string, work: () => Promise<T>): Promise<T>;
}

interface Task {
	readonly label: string;
	sleepers: number;
	done: (() => void) | null;
}

/** Wraps `base`; `sleep` inside a task lifts the task's mark until the wait is over. */
export function taskClock(base: Clock): TaskClock {
	const tasks = new AsyncLocalStorage<Task>();

	const mark = (task: Task): void => {
		if (task.done !== null) return;
		void base.busy(
			new Promise<void>((resolve) => {
				task.done = resolve;
			}),
			task.label,
		);
	};
	const lift = (task: Task): void => {
		task.done?.();
		task.done = null;
	};
	const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
		const task = tasks.getStore();
		if (task === undefined) return base.sleep(ms, signal);
		task.sleepers += 1;
		lift(task);
		try {
			await base.sleep(ms, signal);
		} finally {
			task.sleepers -= 1;
			if (task.sleepers === 0) mark(task);
		}
	};
	return {
		now: () => base.now(),
		date: () => base.date(),
		setTimeout: (fn, ms) => base.setTimeout(fn, ms),
		onJump: (listener) => base.onJump(listener),
		busy: (work, label) => base.busy(work, label),
		sleep,
		task: async (label, work) => {
			const task: Task = { label, sleepers: 0, done: null };
			mark(task);
			try {
				return await tasks.run(task, work);
			} finally {
				lift(task);
			}
		},
	};
}
