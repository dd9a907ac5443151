// What belongs to the piece of work under way (a request, a job run): its id goes into every log line.
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** Facts that follow the work through awaits, timers, queries and streams. */
export interface WorkContext {
	/** Ties together all lines of one request or job run. */
	readonly correlationId: string;
	/** Further fields for every log line, e.g. `{ job: 'sweep', connector: 3 }`. */
	readonly fields?: Readonly<Record<string, unknown>>;
}

const storage = new AsyncLocalStorage<WorkContext>();

/** Runs `work` under a context; without a correlation id, the surrounding one or a new one is taken. */
export function withContext<T>(context: Partial<WorkContext>, work: () => T): T {
	const outer = storage.getStore();
	const correlationId = context.correlationId ?? outer?.correlationId ?? newId();
	return storage.run({ correlationId, fields: { ...outer?.fields, ...context.fields } }, work);
}

/** The context of the work under way, if there is one. */
export function currentContext(): WorkContext | undefined {
	return storage.getStore();
}

/** A short random id, safe in headers, logs and addresses. */
export function newId(): string {
	return randomBytes(9).toString('base64url');
}
