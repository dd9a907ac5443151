/**
 * Keeps a page at the present: while it is visible, its data is asked for again every few seconds. The server is
 * tried first by its smallest answer, so that one that is away leaves the page standing with its last values.
 */
import { invalidate } from '$app/navigation';
import { resolve } from '$app/paths';
import { LIVE } from '$lib/utils/live-key';

const EVERY_MS = 5000;
const PATIENCE_MS = 4000;

export class Live {
	#staleSince = $state.raw<Date | null>(null);
	readonly #lastGood: () => Date;
	readonly #everyMs: number;

	constructor(lastGood: () => Date, everyMs = EVERY_MS) {
		this.#lastGood = lastGood;
		this.#everyMs = everyMs;
	}

	/** Since when the page is not the present any more; null while it is. */
	get staleSince(): Date | null {
		return this.#staleSince;
	}

	/** Starts asking; returns the stop. */
	run(): () => void {
		let stopped = false;
		let timer: ReturnType<typeof setTimeout> | undefined;
		const round = async (): Promise<void> => {
			if (document.visibilityState === 'visible') await this.#refresh();
			if (!stopped) timer = setTimeout(() => void round(), this.#everyMs);
		};
		const seen = (): void => {
			if (document.visibilityState !== 'visible') return;
			clearTimeout(timer);
			void round();
		};
		timer = setTimeout(() => void round(), this.#everyMs);
		document.addEventListener('visibilitychange', seen);
		return () => {
			stopped = true;
			clearTimeout(timer);
			document.removeEventListener('visibilitychange', seen);
		};
	}

	async #refresh(): Promise<void> {
		try {
			const answer = await fetch(resolve('/health/live'), { signal: AbortSignal.timeout(PATIENCE_MS) });
			if (!answer.ok) throw new Error('not ready');
			await invalidate(LIVE);
			this.#staleSince = null;
		} catch {
			this.#staleSince ??= this.#lastGood();
		}
	}
}
