/**
 * Fields that nobody knows: a body that holds one is refused, since what was meant by it would silently not happen.
 * Found by walking the schema that checks the body, so that no schema has to think of it.
 */
import type * as v from 'valibot';

export type AnySchema = v.GenericSchema<unknown, unknown>;
interface Objects {
	entries: Readonly<Record<string, AnySchema>>;
}
type Json = Record<string, unknown>;

export interface Misfit {
	/** As `settings.kinds.gpa`; empty for the body itself. */
	field: string;
	message: string;
}

/** Fields that `schema` does not name, and lists where it has an object: a list has all its optional fields. */
export function misfits(schema: AnySchema, input: unknown, path = ''): Misfit[] {
	const entries = entriesOf(schema);
	if (entries === undefined) return [];
	if (Array.isArray(input)) return [{ field: path, message: 'must be an object' }];
	if (!isRecord(input)) return [];
	return Object.entries(input).flatMap(([name, value]) => {
		const field = path === '' ? name : `${path}.${name}`;
		const known = Object.hasOwn(entries, name) ? entries[name] : undefined;
		return known === undefined
			? [{ field, message: 'is no field of this request' }]
			: misfits(known, value, field);
	});
}

/** What an object's schema names; undefined for another one, or none. */
export function entriesOf(schema: AnySchema | undefined): Objects['entries'] | undefined {
	const inner = schema === undefined ? undefined : unwrapped(schema);
	return inner !== undefined && hasEntries(inner) ? inner.entries : undefined;
}

/** The same said in JSON Schema. */
export function closed(schema: unknown): unknown {
	if (Array.isArray(schema)) return schema.map(closed);
	if (!isRecord(schema)) return schema;
	const parts = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closed(part)]));
	return schema.type === 'object' && isRecord(schema.properties)
		? { ...parts, additionalProperties: false }
		: parts;
}

/** What stands behind "may be left out" and "may be null". */
function unwrapped(schema: AnySchema): AnySchema {
	let at = schema;
	while ('wrapped' in at) at = at.wrapped as AnySchema;
	return at;
}

const hasEntries = (schema: AnySchema): schema is AnySchema & Objects =>
	'entries' in schema && isRecord(schema.entries);

const isRecord = (value: unknown): value is Json =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
