// What a handler gives back, before it is written to the socket, and the error shapes of the applications.
import type { Command } from '../commands/command.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Traits } from '../kinds.ts';
import { hex } from '../random.ts';

export interface Answer {
	status: number;
	headers: Record<string, string>;
	/** Sent as indented JSON. */
	json?: Json;
	/** Sent as an indented JSON array, record by record. */
	records?: { count: number; at(index: number): Json };
	text?: string;
	/** Made by the error handler: no charset, no version header. */
	fromErrorHandler?: boolean;
	/** What a `POST /command` led to; for the log only. */
	posted?: { command: Command; merged: boolean };
	/** Key under which the rendered body may be kept. */
	cacheKey?: string;
}

/** Thrown by handlers to answer with an error. */
export class Refusal extends Error {
	constructor(readonly answer: Answer) {
		super(`Answered ${answer.status}`);
	}
}

export function ok(json: Json): Answer {
	return { status: 200, headers: {}, json };
}

export function list<T>(items: readonly T[], render: (item: T) => Json, cacheKey?: string): Answer {
	const records = { count: items.length, at: (index: number) => render(items[index] as T) };
	return cacheKey === undefined
		? { status: 200, headers: {}, records }
		: { status: 200, headers: {}, records, cacheKey };
}

export function empty(status: number, headers: Record<string, string> = {}): Answer {
	return { status, headers };
}

let traces = 0;

export function problem(
	traits: Traits,
	status: number,
	title: string,
	errors?: Record<string, string[]>,
): Answer {
	const section = status === 404 ? '15.5.5' : status === 415 ? '15.5.16' : '15.5.1';
	const trace = ++traces;
	const body: JsonObject = {
		type: `https://tools.ietf.org/html/rfc9110#section-${section}`,
		title,
		status,
		errors,
		traceId: `00-${hex(32, trace)}-${hex(16, trace, 2)}-00`,
	};
	const asProblem = status === 404 && traits.unknownId === 'problem';
	const type = asProblem ? 'application/problem+json; charset=utf-8' : 'application/json; charset=utf-8';
	return { status, headers: { 'content-type': type }, json: body };
}

export function unbound(traits: Traits, errors: Record<string, string[]>): Refusal {
	return new Refusal(problem(traits, 400, 'One or more validation errors occurred.', errors));
}

/** `GET` by an id that is not there. */
export function unknownId(traits: Traits, always = false): Refusal {
	if (traits.unknownId === 'empty' && !always) return new Refusal(empty(404));
	return new Refusal(problem(traits, 404, 'Not Found'));
}

/** A body made by the application's error handler. */
export function failure(status: number, message: string, exception: string): Refusal {
	const description = `${exception}: ${message}\n   at Application.Invoke()\n…`;
	return fromHandler(status, { message, description });
}

export function fromHandler(status: number, json: Json): Refusal {
	return new Refusal({ status, headers: {}, json, fromErrorHandler: true });
}

export function badRequest(content: string): Refusal {
	return fromHandler(400, { message: `BadRequest: ${content}`, content });
}

export function notFound(): Refusal {
	return fromHandler(404, { message: 'NotFound' });
}

export function missing(model: string, id: number): Refusal {
	return failure(404, missingText(model, id), 'NzbDrone.Core.Datastore.ModelNotFoundException');
}

export function missingText(model: string, id: number): string {
	return `${model} with ID ${id} does not exist`;
}

export function rowsMissing(expected: number, found: number): Refusal {
	const message = `Expected query to return ${expected} rows but returned ${found}`;
	return failure(500, message, 'System.ApplicationException');
}

export interface Invalid {
	propertyName: string;
	errorMessage: string;
	attemptedValue?: Json;
	errorCode: string;
	placeholders?: JsonObject;
}

export function invalid(...entries: Invalid[]): Refusal {
	const rendered = entries.map((entry) => ({
		propertyName: entry.propertyName,
		errorMessage: entry.errorMessage,
		attemptedValue: entry.attemptedValue,
		severity: 'error',
		errorCode: entry.errorCode,
		formattedMessageArguments: [],
		formattedMessagePlaceholderValues: {
			...entry.placeholders,
			propertyName: entry.propertyName,
			propertyValue: entry.attemptedValue ?? null,
		},
	}));
	return fromHandler(400, rendered);
}

/** `once`: the property is checked by one rule, not by two. */
export function mustNotBeEmpty(propertyName: string, value: Json, once = false): Refusal {
	const errorMessage = `'${propertyName}' must not be empty.`;
	if (once && (value === undefined || value === null)) {
		return invalid({ propertyName, errorMessage, errorCode: 'NotEmptyValidator' });
	}
	if (value === undefined || value === null) {
		return invalid(
			{ propertyName, errorMessage, errorCode: 'NotNullValidator' },
			{ propertyName, errorMessage, errorCode: 'NotEmptyValidator' },
		);
	}
	return invalid({ propertyName, errorMessage, attemptedValue: value, errorCode: 'NotEmptyValidator' });
}
