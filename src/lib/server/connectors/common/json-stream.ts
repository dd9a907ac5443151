/**
 * Splits a JSON array into its records as bytes arrive, holding one record at a time. Bytes are only looked at to find
 * where a record ends; `JSON.parse` judges what is in it.
 *
 * The applications indent by two spaces (arr §3.1). A line break cannot stand inside a JSON string, so "\n  }" ends a
 * record there: that is searched for natively. Where the guess fails to parse, the record is scanned byte by byte.
 */
import { ArrError } from './errors';

/** More bytes are needed. */
export const MORE = Symbol('more');
/** The array is closed. */
export const END = Symbol('end');
/** A record over the limit: it was passed over, and only its last bytes are known. */
export class Oversize {
	constructor(readonly tail: string) {}
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const CLOSING = Buffer.from('\n  }');
const TAIL = 256;

type State = 'start' | 'first' | 'value' | 'next' | 'end';

export class ArraySplitter {
	private buffer = Buffer.allocUnsafe(64 * 1024);
	/** What is in the buffer and not yet given out: [from, to). */
	private from = 0;
	private to = 0;
	private state: State = 'start';
	/** False once the guess has failed, or no more bytes come. */
	private guessing = true;
	/** Blanks between the last line break and the record. */
	private column = 0;
	private ended = false;
	/** Scanner, relative to the record's first byte `from`. */
	private at = 0;
	private depth = 0;
	private inString = false;
	private escaped = false;
	private passing = false;

	constructor(
		private readonly recordLimit: number,
		private readonly endpoint: string,
	) {}

	/** Adds bytes; they are copied. */
	feed(chunk: Uint8Array): void {
		const held = this.to - this.from;
		if (this.buffer.length - this.to < chunk.length) {
			const room = held + chunk.length;
			const target = room * 2 > this.buffer.length ? Buffer.allocUnsafe(room * 2) : this.buffer;
			this.buffer.copy(target, 0, this.from, this.to);
			this.buffer = target;
			this.from = 0;
			this.to = held;
		}
		this.buffer.set(chunk, this.to);
		this.to += chunk.length;
	}

	/** No more bytes come: from now on `take` throws `cut_off` where it would ask for more. */
	finish(): void {
		this.ended = true;
		this.guessing = false;
	}

	/** The next record, `MORE`, `END` or an `Oversize`. Throws `bad_json`, `cut_off`. */
	take(): unknown {
		const taken = this.passing ? this.pass() : this.advance();
		if (taken === MORE && this.ended) throw new ArrError('cut_off', { endpoint: this.endpoint });
		return taken;
	}

	private advance(): unknown {
		for (;;) {
			const byte = this.skipBlanks();
			if (byte === -1) return this.state === 'end' && this.ended ? END : MORE;
			if (this.state === 'value' || (this.state === 'first' && byte !== CLOSE_ARRAY))
				return this.record(byte);
			if (this.state === 'start' && byte === 0xef) {
				if (this.to - this.from < 3) return MORE;
				this.from += 3;
				continue;
			}
			this.step(byte);
			this.from += 1;
		}
	}

	/** Punctuation between records. */
	private step(byte: number): void {
		if (this.state === 'start' && byte === OPEN_ARRAY) this.state = 'first';
		else if (this.state === 'next' && byte === COMMA) this.state = 'value';
		else if ((this.state === 'next' || this.state === 'first') && byte === CLOSE_ARRAY) this.state = 'end';
		else if (this.state === 'start') {
			throw new ArrError('bad_json', {
				endpoint: this.endpoint,
				message: 'A list was expected, and something else came.',
			});
		} else throw new ArrError('bad_json', { endpoint: this.endpoint });
	}

	private skipBlanks(): number {
		const { buffer, to } = this;
		let { from } = this;
		let byte = -1;
		for (; from < to; from += 1) {
			byte = buffer[from] ?? -1;
			if (byte === 0x0a) this.column = 0;
			else if (byte === 0x20) this.column += 1;
			else if (byte !== 0x0d && byte !== 0x09) break;
			byte = -1;
		}
		this.from = from;
		return byte;
	}

	private record(first: number): unknown {
		if (this.guessing && first === OPEN_OBJECT && this.column === 2 && this.depth === 0) {
			const found = this.guess();
			if (found !== undefined) return found;
		}
		return this.scan(first);
	}

	/** The record up to the next "\n  }", `MORE`, or undefined if that is not where it ends. */
	private guess(): unknown {
		if (this.from + 2 >= this.to) return MORE;
		const second = this.buffer[this.from + 1];
		if (second !== 0x0a && second !== 0x0d) return undefined;
		const end = this.buffer.indexOf(CLOSING, this.from + Math.max(0, this.at - CLOSING.length));
		const length = end === -1 || end + CLOSING.length > this.to ? -1 : end + CLOSING.length - this.from;
		if (length === -1 && this.to - this.from <= this.recordLimit) {
			this.at = this.to - this.from;
			return MORE;
		}
		this.at = 0;
		if (length !== -1 && length <= this.recordLimit) {
			try {
				return this.give(length, JSON.parse(this.buffer.toString('utf8', this.from, this.from + length)));
			} catch {
				this.guessing = false;
			}
		}
		return undefined;
	}

	private scan(first: number): unknown {
		const length = first === OPEN_OBJECT || first === OPEN_ARRAY ? this.endOfContainer() : this.endOfScalar();
		if (length === -1) {
			if (this.to - this.from <= this.recordLimit) return MORE;
			this.passing = true;
			return this.pass();
		}
		const text = this.buffer.toString('utf8', this.from, this.from + length);
		if (length > this.recordLimit) return this.give(length, new Oversize(text.slice(-TAIL)));
		try {
			return this.give(length, JSON.parse(text));
		} catch (cause) {
			throw new ArrError('bad_json', { endpoint: this.endpoint, cause });
		}
	}

	/** Goes on through a record that is too large, keeping only its last bytes. */
	private pass(): unknown {
		const container = this.depth > 0;
		const length = container ? this.endOfContainer() : this.endOfScalar();
		if (length === -1) {
			const spare = this.to - this.from - TAIL;
			if (spare > 0) {
				this.from += spare;
				this.at = Math.max(0, this.at - spare);
			}
			return MORE;
		}
		this.passing = false;
		const tail = this.buffer.toString('latin1', this.from + Math.max(0, length - TAIL), this.from + length);
		return this.give(length, new Oversize(tail));
	}

	private give(length: number, value: unknown): unknown {
		this.from += length;
		this.at = 0;
		this.column = -1;
		this.state = 'next';
		return value;
	}

	/** Bytes up to and with the bracket that closes the record; -1 if it is not here yet. */
	private endOfContainer(): number {
		const { buffer, to, from } = this;
		let { depth, inString, escaped } = this;
		let index = from + this.at;
		for (; index < to; index += 1) {
			const byte = buffer[index] ?? 0;
			if (inString) {
				if (escaped) escaped = false;
				else if (byte === BACKSLASH) escaped = true;
				else if (byte === QUOTE) inString = false;
			} else if (byte === QUOTE) inString = true;
			else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
			else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
				depth -= 1;
				if (depth === 0) {
					this.resume(0, 0, false, false);
					return index + 1 - from;
				}
			}
		}
		this.resume(index - from, depth, inString, escaped);
		return -1;
	}

	/** A record that is no object or array: up to the comma or bracket behind it. */
	private endOfScalar(): number {
		const { buffer, to, from } = this;
		let { inString, escaped } = this;
		let index = from + this.at;
		for (; index < to; index += 1) {
			const byte = buffer[index] ?? 0;
			if (inString) {
				if (escaped) escaped = false;
				else if (byte === BACKSLASH) escaped = true;
				else if (byte === QUOTE) inString = false;
			} else if (byte === QUOTE) inString = true;
			else if (byte === COMMA || byte === CLOSE_ARRAY) {
				this.resume(0, 0, false, false);
				return index - from;
			}
		}
		this.resume(index - from, 0, inString, escaped);
		return -1;
	}

	private resume(at: number, depth: number, inString: boolean, escaped: boolean): void {
		this.at = at;
		this.depth = depth;
		this.inString = inString;
		this.escaped = escaped;
	}
}
