/**
 * The door for small answers: Valibot schemas that ignore unknown fields and read absent as null. What fails is a
 * `bad_record` that names endpoint and field. Long lists use the readers of `fields.ts`, which behave the same.
 */
import * as v from 'valibot';
import { ArrError } from './errors';
import { FieldFault, clean } from './fields';

/** Parses one value. Throws `bad_record`. */
export function parse<S extends v.GenericSchema>(
	endpoint: string,
	schema: S,
	value: unknown,
): v.InferOutput<S> {
	const result = v.safeParse(schema, value);
	if (result.success) return result.output;
	const [issue] = result.issues;
	const field = v.getDotPath(issue) ?? '(all)';
	throw badRecord(endpoint, field, issue.expected ?? 'something else');
}

/** Runs a mapper of `fields.ts` on one record. Throws `bad_record` where it throws `FieldFault`. */
export function readOne<T>(endpoint: string, map: () => T): T {
	try {
		return map();
	} catch (error) {
		if (error instanceof FieldFault) throw badRecord(endpoint, error.field, error.expected);
		throw error;
	}
}

function badRecord(endpoint: string, field: string, expected: string): ArrError {
	const message = `A record of ${endpoint} has an unexpected form: "${field}" is not ${expected}.`;
	return new ArrError('bad_record', { endpoint, field, message });
}

const MOST_INT = 2_147_483_647;

/** A whole number of 32 bits. */
export const whole = v.pipe(v.number(), v.integer(), v.minValue(-MOST_INT), v.maxValue(MOST_INT));
/** A text fit to be stored. */
export const line = v.pipe(
	v.string(),
	v.transform((value) => clean(value)),
);
/** Longer texts: messages. */
export const prose = v.pipe(
	v.string(),
	v.transform((value) => clean(value, 4000)),
);
const isPlausible = (year: number): boolean => year > 1 && year < 10_000;

/** An instant; .NET's year 1 is null, and so is a year that no database column takes. */
export const instant = v.pipe(
	v.string(),
	v.maxLength(40),
	v.transform((value) => new Date(value)),
	v.date(),
	v.transform((date) => (isPlausible(date.getUTCFullYear()) ? date : null)),
);

/** Absent and null become null. */
export function absent<S extends v.GenericSchema>(schema: S) {
	return v.nullish(schema, null);
}
/** Absent and null become `value`. */
export function orElse<S extends v.GenericSchema, const T>(schema: S, value: T) {
	return v.pipe(
		v.nullish(schema, null),
		v.transform((found) => found ?? value),
	);
}

/** Tags and ids; absent is empty. */
export const wholes = orElse(v.array(whole), [] as number[]);

/** What an application says in words may hold links with keys in them: those are cut out (arr §3.5, §10.1). */
export function withoutLinks(text: string): string {
	return text
		.replace(/\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>]+/gi, '(link)')
		.replace(/\b(api_?key|passkey|token|password)=[^\s&"']+/gi, '$1=(hidden)');
}
