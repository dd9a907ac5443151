/** Reads a list page by page, and afterwards says whether it was whole (design §4.2 "Offline is not empty"). */
import type { Body } from './body';
import { ArrError } from './errors';
import { FieldFault, isRaw } from './fields';
import type { Raw } from './fields';
import { parseJson } from './http';
import { ArraySplitter, END, MORE, Oversize } from './json-stream';
import type { ListItem, ListReading, ListSummary } from './types';

/** One record at most. Bytes. */
const RECORD_LIMIT = 1024 * 1024;
/** Records given out at once at most. */
const PAGE = 500;

export interface ListSource<T> {
	/** `givenUp`: nobody wants it any more, where it is asked for in advance. */
	open: (givenUp?: AbortSignal) => Promise<Body>;
	/** Throws `FieldFault` for a record that cannot be read; null leaves the record out. */
	map: (raw: Raw) => T | null;
	/** Digest of an earlier answer: the same one again is not looked into. */
	known?: string | undefined;
}

/** One reading of one list; it can be iterated once. */
export class ListReader<T> implements ListReading<T>, AsyncIterator<readonly ListItem<T>[]> {
	private opening: Promise<Body> | null = null;
	private givenUp: AbortController | null = null;
	private body: Body | null = null;
	private splitter: ArraySplitter | null = null;
	private small: unknown[] | null = null;
	private place = 0;
	private readonly result: ListSummary = { whole: false, count: 0, unreadable: 0, bytes: 0 };
	private withoutId = 0;
	/** Its last record was given out. */
	private complete = false;
	private ended = false;

	constructor(private readonly source: ListSource<T>) {}

	[Symbol.asyncIterator](): AsyncIterator<readonly ListItem<T>[]> {
		return this;
	}

	summary(): ListSummary {
		return { ...this.result };
	}

	prepare(): void {
		if (this.opening !== null || this.ended) return;
		this.givenUp = new AbortController();
		this.opening = this.source.open(this.givenUp.signal);
		// told to whoever iterates
		this.opening.catch(() => undefined);
	}

	giveUp(): void {
		if (!this.ended) this.stop();
	}

	async next(): Promise<IteratorResult<readonly ListItem<T>[]>> {
		if (this.ended) return { done: true, value: undefined };
		try {
			if (this.body === null) await this.begin();
			for (;;) {
				const page = this.atHand();
				if (page.length > 0) return { done: false, value: page };
				if (this.complete) return this.finish();
				await this.feed();
			}
		} catch (error) {
			this.stop();
			throw error;
		}
	}

	/** The consumer has had enough: the list is not whole. */
	async return(): Promise<IteratorResult<readonly ListItem<T>[]>> {
		this.stop();
		return { done: true, value: undefined };
	}

	private finish(): IteratorResult<readonly ListItem<T>[]> {
		this.result.whole = this.withoutId === 0;
		this.stop();
		return { done: true, value: undefined };
	}

	private stop(): void {
		this.ended = true;
		if (this.body !== null) {
			this.body.close();
			return;
		}
		this.givenUp?.abort();
		this.opening?.then((body) => body.close()).catch(() => undefined);
	}

	/** The records that need no more bytes. */
	private atHand(): ListItem<T>[] {
		const page: ListItem<T>[] = [];
		while (page.length < PAGE) {
			const value = this.value();
			if (value === MORE) break;
			if (value === END) {
				this.complete = true;
				break;
			}
			const item = this.item(value);
			if (item !== null) page.push(item);
		}
		return page;
	}

	/** The next parsed record, `MORE` or `END`. */
	private value(): unknown {
		if (this.small !== null) return this.place < this.small.length ? this.small[this.place++] : END;
		return this.splitter === null || this.complete ? END : this.splitter.take();
	}

	private async feed(): Promise<void> {
		const { body, splitter } = this;
		const chunk = (await body?.next()) ?? null;
		if (chunk === null) splitter?.finish();
		else if (splitter !== null) this.add(splitter, chunk);
	}

	/** A small list is parsed at once, which is faster; a larger one is split. */
	private async begin(): Promise<void> {
		this.opening ??= this.source.open();
		const body = await this.opening;
		this.body = body;
		const small = body.small();
		if (small === null) this.splitter = new ArraySplitter(RECORD_LIMIT, body.endpoint);
		else this.small = this.parse(small, body.endpoint);
	}

	private parse(bytes: Uint8Array, endpoint: string): unknown[] {
		this.result.bytes = bytes.length;
		this.result.digest = Bun.hash(bytes).toString(36);
		if (this.result.digest === this.source.known) {
			this.result.unchanged = true;
			return [];
		}
		const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
		// an answer without a length that breaks off looks like its end
		if (!/\]\s*$/.test(text.slice(-16)) && /^\uFEFF?\s*\[/.test(text.slice(0, 16))) {
			throw new ArrError('cut_off', { endpoint });
		}
		const value = text === '' ? undefined : parseJson(text, endpoint);
		if (Array.isArray(value)) return value;
		throw new ArrError('bad_json', { endpoint, message: 'A list was expected, and something else came.' });
	}

	private add(splitter: ArraySplitter, chunk: Uint8Array): void {
		this.result.bytes += chunk.length;
		splitter.feed(chunk);
	}

	private item(value: unknown): ListItem<T> | null {
		if (value instanceof Oversize)
			return this.unreadable(idInTail(value.tail), 'The record is larger than 1 MB.');
		if (!isRaw(value)) return this.unreadable(null, 'The record is no object.');
		try {
			const record = this.source.map(value);
			if (record === null) return null;
			this.result.count += 1;
			return { ok: true, record };
		} catch (error) {
			if (!(error instanceof FieldFault)) throw error;
			return this.unreadable(idOf(value), error.message);
		}
	}

	private unreadable(arrId: number | null, problem: string): ListItem<T> | null {
		this.result.unreadable += 1;
		if (arrId === null) {
			this.withoutId += 1;
			return null;
		}
		this.result.count += 1;
		return { ok: false, arrId, problem };
	}
}

function idOf(raw: Raw): number | null {
	const { id } = raw;
	return typeof id === 'number' && Number.isInteger(id) && id > 0 && id < 2 ** 31 ? id : null;
}

/** The applications write the id last. */
function idInTail(tail: string): number | null {
	const found = /"id"\s*:\s*(\d{1,10})\s*\}$/.exec(tail);
	return found === null ? null : idOf({ id: Number(found[1]) });
}

/**
 * Several readings as one, opened one after the other; whole if each is. The next one is asked for while the records of
 * the last are still worked on; the application never answers two at once (its lanes see to that).
 */
export function chained<T>(
	parts: () => AsyncIterable<ListReading<T>> | Iterable<ListReading<T>>,
): ListReading<T> {
	const result: ListSummary = { whole: false, count: 0, unreadable: 0, bytes: 0 };
	async function* run(): AsyncGenerator<readonly ListItem<T>[]> {
		let whole = true;
		let read = 0;
		for await (const part of preparedAhead(parts())) {
			try {
				yield* part;
			} finally {
				const summary = part.summary();
				result.count += summary.count;
				result.unreadable += summary.unreadable;
				result.bytes += summary.bytes;
				whole &&= summary.whole;
				read += 1;
				const { digest, unchanged } = read === 1 ? summary : {};
				Object.assign(result, { digest, unchanged });
			}
		}
		result.whole = whole;
	}
	return { [Symbol.asyncIterator]: run, summary: () => ({ ...result }) };
}

/** Gives out each part when the next one was already asked for; one that is not reached is given up. */
async function* preparedAhead<T>(
	parts: AsyncIterable<ListReading<T>> | Iterable<ListReading<T>>,
): AsyncGenerator<ListReading<T>> {
	let last: ListReading<T> | null = null;
	try {
		for await (const part of parts) {
			part.prepare?.();
			const before = last;
			last = part;
			if (before !== null) yield before;
		}
		if (last !== null) yield last;
	} finally {
		last?.giveUp?.();
	}
}

/** A reading made of single answers: whole when all of them were had. */
export function generated<T>(run: () => AsyncIterable<ListItem<T>>): ListReading<T> {
	const result: ListSummary = { whole: false, count: 0, unreadable: 0, bytes: 0 };
	async function* counted(): AsyncGenerator<readonly ListItem<T>[]> {
		for await (const item of run()) {
			result.count += 1;
			if (!item.ok) result.unreadable += 1;
			yield [item];
		}
		result.whole = true;
	}
	return { [Symbol.asyncIterator]: counted, summary: () => ({ ...result }) };
}
