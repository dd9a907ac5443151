/**
 * One REST operation: what it takes, what it answers and what it does, described once. The same schemas check the
 * request, describe the operation in OpenAPI and check the answers in tests.
 */
import { json, type RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import type { AppContext } from '../app-context';
import { AppError } from '../app-error';
import { readBody } from './body';
import { misfits, type Misfit } from './closed';
import { problemResponse } from './problem';
import { queryOf, strangers } from './query';

export type Schema = v.GenericSchema<unknown, unknown>;
type Out<S> = S extends v.GenericSchema<unknown, infer O> ? O : undefined;

export interface Call<P, Q, B> {
	ctx: AppContext;
	params: P;
	query: Q;
	body: B;
	event: RequestEvent;
}

export interface OperationSpec<
	P extends Schema | undefined,
	Q extends Schema | undefined,
	B extends Schema | undefined,
> {
	method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	/** OpenAPI path below `/api/v1`, e.g. `/connectors/{id}`. */
	path: string;
	summary: string;
	tag: string;
	params?: P;
	query?: Q;
	body?: B;
	/** Answers by status; null = no body. The first is the default of a handler that returns plain data. */
	answers: Readonly<Partial<Record<200 | 201 | 202 | 204, Schema | null>>>;
	/** Error codes a client should expect, for the description. */
	errors?: readonly string[];
	run: (call: Call<Out<P>, Out<Q>, Out<B>>) => Promise<Answer> | Answer;
}
export interface Answer {
	status?: 200 | 201 | 202 | 204;
	body?: unknown;
	headers?: Record<string, string>;
}

export interface Operation {
	spec: OperationSpec<Schema | undefined, Schema | undefined, Schema | undefined>;
	handle: (event: RequestEvent) => Promise<Response>;
}

/** True for what `operation` made, among the exports of a module. */
export const isOperation = (value: unknown): value is Operation =>
	typeof value === 'object' && value !== null && 'spec' in value && 'handle' in value;

/** Describes an operation and makes the handler a `+server.ts` exports. */
export function operation<
	const P extends Schema | undefined = undefined,
	const Q extends Schema | undefined = undefined,
	const B extends Schema | undefined = undefined,
>(spec: OperationSpec<P, Q, B>): Operation {
	const handle = async (event: RequestEvent): Promise<Response> => {
		try {
			const answer = await spec.run({
				ctx: event.locals.app,
				params: parse(spec.params, event.params, 'path') as Out<P>,
				query: parseQuery(spec, event.url) as Out<Q>,
				body: (await parseBody(spec, event.request)) as Out<B>,
				event,
			});
			return respond(answer, defaultStatus(spec.answers));
		} catch (error) {
			return problemResponse(error, event);
		}
	};
	// The stored description forgets the types of its schemas; only `handle` calls `run`.
	return { spec: spec, handle };
}

const NO_FIELDS: Schema = v.object({});

/** An operation without a body takes an empty one, and no other: what it says would not happen. */
async function parseBody(
	{ method, body }: { method: string; body?: Schema | undefined },
	request: Request,
): Promise<unknown> {
	if (method === 'GET' || method === 'DELETE') return undefined;
	const input = await readBody(request);
	return parse(body ?? NO_FIELDS, input, 'body', misfits(body ?? NO_FIELDS, input));
}

function parseQuery(spec: { query?: Schema | undefined; body?: Schema | undefined }, url: URL): unknown {
	return parse(spec.query ?? NO_FIELDS, queryOf(url), 'query', strangers(spec, url));
}

function respond(answer: Answer, fallback: number): Response {
	const status = answer.status ?? fallback;
	const headers = { 'cache-control': 'no-store', ...answer.headers };
	if (answer.body === undefined) return new Response(null, { status, headers });
	return json(answer.body, { status, headers });
}

function defaultStatus(answers: OperationSpec<undefined, undefined, undefined>['answers']): number {
	return Number(Object.keys(answers)[0] ?? 200);
}

function parse(
	schema: Schema | undefined,
	input: unknown,
	where: 'path' | 'query' | 'body',
	others: readonly Misfit[] = [],
): unknown {
	if (schema === undefined) return undefined;
	const result = v.safeParse(schema, input, { abortPipeEarly: true });
	if (result.success && others.length === 0) return result.output;
	if (where === 'path') throw new AppError('not_found', 404, 'There is nothing at this address.');
	const wrong = (result.issues ?? []).map((issue) => ({
		field: v.getDotPath(issue) ?? where,
		message: issue.message,
	}));
	const issues = [...others, ...wrong].slice(0, 20).map(({ field, message }) => ({
		field: field === '' ? where : field.slice(0, 200),
		message: message.slice(0, 300),
	}));
	const first = issues[0];
	throw new AppError(
		'invalid',
		where === 'body' ? 422 : 400,
		`${first?.field ?? where}: ${first?.message ?? 'is not valid'}`,
		{
			issues,
		},
	);
}
