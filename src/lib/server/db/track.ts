// Lets a virtual clock stand still while a query or a transaction runs, and tells of those that fail.
import type { ReservedSQL, SQL } from 'bun';
import type { Clock } from '../clock';

/** Who is told of queries and transactions. */
export interface Watch {
	readonly busy: Clock['busy'];
	/** Of each one that fails, whoever catches it. */
	readonly failed: (error: unknown) => void;
}

/** The same pool; each query and transaction made through it is marked as busy from start to end. */
export function trackQueries<T extends SQL | ReservedSQL>(sql: T, watch: Watch): T {
	return new Proxy(sql, {
		apply: (target, self, args) => mark(Reflect.apply(target, self, args) as unknown, watch),
		get: (target, name) => {
			const member: unknown = Reflect.get(target, name);
			if (typeof member !== 'function') return member;
			const call = (...args: unknown[]): unknown => Reflect.apply(member, target, args);
			switch (name) {
				case 'unsafe':
				case 'file':
					return (...args: unknown[]) => mark(call(...args), watch);
				case 'begin':
				case 'transaction':
					// what is asked inside belongs to the whole
					return (...args: unknown[]) => busyIfPromise(call(...args), watch);
				case 'reserve':
					return () => watch.busy(reserved(call, watch), 'connection');
				default:
					return call;
			}
		},
	});
}

async function reserved(call: () => unknown, watch: Watch): Promise<ReservedSQL> {
	return trackQueries((await call()) as ReservedSQL, watch);
}

function isPromise(value: unknown): value is Promise<unknown> {
	return value instanceof Promise;
}

function busyIfPromise(value: unknown, { busy, failed }: Watch): unknown {
	if (!isPromise(value)) return value;
	void value.then(undefined, failed);
	return busy(value, 'transaction');
}

/** A query of Bun's starts when its `then` is called, so the mark begins there. */
function mark(query: unknown, { busy, failed }: Watch): unknown {
	if (!isPromise(query)) return query;
	const start = query.then.bind(query);
	let marked = false;
	query.then = (fulfilled, rejected) => {
		if (!marked) {
			marked = true;
			const ended = (): void => undefined;
			void busy(start(ended, failed), 'query');
		}
		return start(fulfilled, rejected);
	};
	markCopy(query as Partial<Copying>, busy);
	return query;
}

/** What a COPY writes is under way until its writer is closed. */
function markCopy(query: Partial<Copying>, busy: Watch['busy']): void {
	const { writable } = query;
	if (writable === undefined) return;
	query.writable = () => {
		const stream = writable.call(query);
		const take = stream.getWriter.bind(stream);
		stream.getWriter = () => {
			const writer = take();
			void busy(writer.closed, 'copy');
			return writer;
		};
		return stream;
	};
}

interface Copying {
	writable(): WritableStream;
}
