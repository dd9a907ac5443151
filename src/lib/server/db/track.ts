// Lets a virtual clock stand still while a query or a transaction runs.
import type { ReservedSQL, SQL } from 'bun';
import type { Clock } from '../clock';

type Busy = Clock['busy'];

/** The same pool; each query and transaction made through it is marked as busy from start to end. */
export function trackQueries<T extends SQL | ReservedSQL>(sql: T, busy: Busy): T {
	return new Proxy(sql, {
		apply: (target, self, args) => mark(Reflect.apply(target, self, args) as unknown, busy),
		get: (target, name) => {
			const member: unknown = Reflect.get(target, name);
			if (typeof member !== 'function') return member;
			const call = (...args: unknown[]): unknown => Reflect.apply(member, target, args);
			switch (name) {
				case 'unsafe':
				case 'file':
					return (...args: unknown[]) => mark(call(...args), busy);
				case 'begin':
				case 'transaction':
					// what is asked inside belongs to the whole
					return (...args: unknown[]) => busyIfPromise(call(...args), busy);
				case 'reserve':
					return () => busy(reserved(call, busy), 'connection');
				default:
					return call;
			}
		},
	});
}

async function reserved(call: () => unknown, busy: Busy): Promise<ReservedSQL> {
	return trackQueries((await call()) as ReservedSQL, busy);
}

function isPromise(value: unknown): value is Promise<unknown> {
	return value instanceof Promise;
}

function busyIfPromise(value: unknown, busy: Busy): unknown {
	return isPromise(value) ? busy(value, 'transaction') : value;
}

/** A query of Bun's starts when its `then` is called, so the mark begins there. */
function mark(query: unknown, busy: Busy): unknown {
	if (!isPromise(query)) return query;
	const start = query.then.bind(query);
	let marked = false;
	query.then = (fulfilled, rejected) => {
		if (!marked) {
			marked = true;
			const ended = (): void => undefined;
			void busy(start(ended, ended), 'query');
		}
		return start(fulfilled, rejected);
	};
	markCopy(query as Partial<Copying>, busy);
	return query;
}

/** What a COPY writes is under way until its writer is closed. */
function markCopy(query: Partial<Copying>, busy: Busy): void {
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
