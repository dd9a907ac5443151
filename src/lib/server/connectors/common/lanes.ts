/**
 * How many requests an application gets at once: two, of which one may be a list of the whole library (arr §19: no
 * instance profits from more).
 */
import { ArrError } from './errors';

/** `urgent` requests are let in before others that wait; `list` ones only if no other list is being read. */
export type Lane = 'urgent' | 'plain' | 'list';

interface Waiting {
	lane: Lane;
	enter: () => void;
}

export class Lanes {
	private running = 0;
	private lists = 0;
	private waiting: Waiting[] = [];

	constructor(private readonly most = 2) {}

	/** Waits for a place and returns what gives it back (more than one call does no harm). Throws `cancelled`. */
	async enter(lane: Lane, signal?: AbortSignal): Promise<() => void> {
		if (signal?.aborted === true) throw new ArrError('cancelled', { sent: 'no' });
		if (!this.fits(lane)) await this.queue(lane, signal);
		else this.take(lane);
		let left = false;
		return () => {
			if (left) return;
			left = true;
			this.running -= 1;
			if (lane === 'list') this.lists -= 1;
			this.admit();
		};
	}

	private fits(lane: Lane): boolean {
		return this.running < this.most && (lane !== 'list' || this.lists === 0);
	}

	private take(lane: Lane): void {
		this.running += 1;
		if (lane === 'list') this.lists += 1;
	}

	private queue(lane: Lane, signal?: AbortSignal): Promise<void> {
		return new Promise((resolve, reject) => {
			const waiting: Waiting = {
				lane,
				enter: () => {
					signal?.removeEventListener('abort', giveUp);
					resolve();
				},
			};
			const giveUp = (): void => {
				this.waiting = this.waiting.filter((one) => one !== waiting);
				reject(new ArrError('cancelled', { sent: 'no' }));
			};
			signal?.addEventListener('abort', giveUp, { once: true });
			if (lane === 'urgent') this.waiting.unshift(waiting);
			else this.waiting.push(waiting);
		});
	}

	private admit(): void {
		const next = this.waiting.find((one) => this.fits(one.lane));
		if (next === undefined) return;
		this.waiting = this.waiting.filter((one) => one !== next);
		this.take(next.lane);
		next.enter();
		this.admit();
	}
}
