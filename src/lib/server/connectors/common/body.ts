/** The body of one answer, read piece by piece under the limits of its guard; closing it gives the request's place back. */
import type { Clock } from '$lib/server/clock';
import { ArrError } from './errors';
import type { Guard } from './guard';
import { explainNetworkError } from './network-errors';

export interface BodyLimits {
	guard: Guard;
	/** Told of the work, which takes no time by it. */
	clock: Pick<Clock, 'busy'>;
	/** How long the next bytes may take while they are waited for. Real milliseconds. */
	idleMs: number;
	/** The whole body at most. Bytes. */
	bytes: number;
}

export class Body {
	/** Bytes read so far, after decompression. */
	bytes = 0;
	private readonly reader: ReadableStreamDefaultReader<Uint8Array> | null;
	private done = false;
	private ended = false;
	private held: Uint8Array[] = [];

	constructor(
		stream: ReadableStream<Uint8Array> | null,
		readonly endpoint: string,
		private readonly limits: BodyLimits,
		private readonly onClose: (over: boolean) => void,
	) {
		this.reader = stream?.getReader() ?? null;
	}

	/** Reads ahead: more than `limit` bytes, or everything. What is read is given out by `next` or `small`. */
	async fill(limit: number): Promise<void> {
		while (this.bytes <= limit) {
			const part = await this.read();
			if (part === null) return;
			this.held.push(part);
		}
	}

	/** All bytes, if everything was read ahead; else null. They may be overwritten as soon as the caller waits. */
	small(): Uint8Array | null {
		if (!this.ended) return null;
		const [only] = this.held;
		return this.held.length === 1 && only !== undefined ? only : joined(this.held, this.bytes);
	}

	/** The next bytes, null at the end. Throws `timeout`, `cut_off`, `cancelled`. */
	async next(): Promise<Uint8Array | null> {
		return this.held.shift() ?? (await this.read());
	}

	private async read(): Promise<Uint8Array | null> {
		const reader = this.reader;
		if (reader === null || this.done) return this.finish();
		try {
			const { guard, clock, idleMs } = this.limits;
			const { done, value } = await clock.busy(guard.within(idleMs, () => reader.read()));
			if (done) return this.finish();
			this.bytes += value.length;
			if (this.bytes > this.limits.bytes) throw new ArrError('list_too_large', { endpoint: this.endpoint });
			return value;
		} catch (error) {
			throw explainNetworkError(error, 'body', this.endpoint);
		}
	}

	/** Everything as text. Throws `record_too_large` over `limit` bytes. */
	async text(limit: number): Promise<string> {
		const parts: Uint8Array[] = [];
		for (let part = await this.next(); part !== null; part = await this.next()) {
			if (this.bytes > limit) throw new ArrError('record_too_large', { endpoint: this.endpoint });
			parts.push(part);
		}
		return Buffer.concat(parts).toString('utf8');
	}

	/** The beginning as text, at most about `limit` bytes; what cannot be read is left out. */
	async start(limit: number): Promise<string> {
		const parts: Uint8Array[] = [];
		try {
			while (this.bytes < limit) {
				const part = await this.next();
				if (part === null) break;
				parts.push(part);
			}
		} catch {
			// the status says enough
		}
		return Buffer.concat(parts).toString('utf8').slice(0, limit);
	}

	/** May be called more than once. */
	close(): void {
		if (this.done) return;
		this.done = true;
		this.onClose(this.ended);
	}

	private finish(): null {
		this.ended = true;
		this.close();
		return null;
	}
}

/** Tens of thousands of small answers pass through one place, instead of each having its own. */
let scratch = Buffer.alloc(0);

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
	if (scratch.length < size) scratch = Buffer.allocUnsafeSlow(size);
	let at = 0;
	for (const part of parts) {
		scratch.set(part, at);
		at += part.length;
	}
	return scratch.subarray(0, at);
}
