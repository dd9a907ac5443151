/**
 * Real-time limits of one request: how long to wait for the first byte and for each next one. These are the socket's,
 * not the product's time, and so do not follow the injected clock.
 */
import { ArrError } from './errors';

export class Guard {
	private readonly controller = new AbortController();
	private timer: ReturnType<typeof setTimeout> | undefined;
	/** When the timer goes off, and until when the current work may take; infinite while there is none. */
	private rings = Infinity;
	private deadline = Infinity;
	private expired = false;

	constructor(
		private readonly endpoint: string,
		private readonly caller?: AbortSignal,
	) {
		caller?.addEventListener('abort', this.stop);
		if (caller?.aborted === true) this.stop();
	}

	/** For `fetch`. */
	get signal(): AbortSignal {
		return this.controller.signal;
	}

	/** Waits for `work` at most `ms` milliseconds of real time. Throws `timeout` or `cancelled`. */
	async within<T>(ms: number, work: () => Promise<T>): Promise<T> {
		this.deadline = performance.now() + ms;
		if (this.rings > this.deadline) this.arm(ms);
		try {
			return await work();
		} catch (error) {
			throw this.reason() ?? error;
		} finally {
			this.deadline = Infinity;
		}
	}

	/** Lets go of the caller's signal, and ends the request unless it is `over`: everything of it was read. */
	end(over = false): void {
		clearTimeout(this.timer);
		this.caller?.removeEventListener('abort', this.stop);
		if (!over) this.controller.abort();
	}

	private reason(): ArrError | null {
		if (this.expired) return new ArrError('timeout', { endpoint: this.endpoint });
		return this.caller?.aborted === true ? new ArrError('cancelled', { endpoint: this.endpoint }) : null;
	}

	/** One timer serves many pieces of work: it is only set anew when it would go off too late, or went off too early. */
	private arm(ms: number): void {
		clearTimeout(this.timer);
		this.rings = performance.now() + ms;
		// eslint-disable-next-line no-restricted-syntax -- a socket's timeout is real time
		this.timer = setTimeout(this.ring, ms);
	}

	private readonly ring = (): void => {
		this.rings = Infinity;
		if (this.deadline === Infinity) return;
		const left = this.deadline - performance.now();
		// a timer may go off within the millisecond before its time
		if (left > 1) {
			this.arm(left);
			return;
		}
		this.expired = true;
		this.controller.abort();
	};

	private readonly stop = (): void => this.controller.abort();
}
