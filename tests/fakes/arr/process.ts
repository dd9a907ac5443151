// Long-running things (searches, imports) are generators: they yield a number to sleep that long in virtual time, or a
// promise to wait for something real (a webhook's receiver).
import type { Clock } from './clock.ts';

export type Process<Result = void> = Generator<number | Promise<unknown>, Result, void>;

/** Runs a process to its end, or until `alive` says that the application it belongs to has gone. */
export async function drive(clock: Clock, process: Process, alive: () => boolean): Promise<void> {
	while (alive()) {
		const step = process.next();
		if (step.done === true) return;
		if (typeof step.value === 'number') {
			clock.after(step.value, () => drive(clock, process, alive));
			return;
		}
		await step.value;
	}
}
