/** The body of one answer, read piece by piece under the limits of its guard; closing it gives the request's place back. */
import { ArrError } from './errors';
import type { Guard } from './guard';
import { explainNetworkError } from './network-errors';

export class Body {
	/** Bytes read so far, after decompression. */
	bytes = 0;
	private readonly reader: ReadableStreamDefaultReader<Uint8Array> | null;
	private done = false;

	/** `idleMs`: how long the next bytes may take while they are waited for. Real milliseconds. */
	constructor(
		stream: ReadableStream<Uint8Array> | null,
		readonly endpoint: string,
		private readonly guard: Guard,
		private readonly idleMs: number,
		private readonly onClose: () => void,
	) {
		this.reader = stream?.getReader() ?? null;
	}

	/** The next bytes, null at the end. Throws `timeout`, `cut_off`, `cancelled`. */
	async next(): Promise<Uint8Array | null> {
		const reader = this.reader;
		if (reader === null || this.done) return null;
		try {
			const { done, value } = await this.guard.within(this.idleMs, () => reader.read());
			if (done) return this.finish();
			this.bytes += value.length;
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
		this.done = true;
		this.onClose();
	}

	private finish(): null {
		this.close();
		return null;
	}
}
