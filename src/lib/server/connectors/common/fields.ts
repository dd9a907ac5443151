/**
 * Strict readers of one field each, for the records of long lists: plain functions, since hundreds of thousands of records
 * pass through them, and a record that fails keeps its id.
 * Absent means null, a wrong type is a `FieldFault` that names the field. What is read is made fit to be stored: numbers
 * inside the range of the columns, texts without NUL and of bounded length, since all of it is hostile (design §4.13).
 */
import { isStorable, storable } from '../../storable';

export type Raw = Readonly<Record<string, unknown>>;

/** A field that is not as it should be. Turned into `bad_record` or an unreadable item by whoever reads the record. */
export class FieldFault extends Error {
	override readonly name = 'FieldFault';
	constructor(
		readonly field: string,
		readonly expected: string,
	) {
		super(`The field "${field}" is not ${expected}.`);
	}
}

/** Longest text kept, in UTF-16 units: long enough for any title, short enough for an index. */
const LONGEST = 500;
const MOST_INT = 2_147_483_647;

export function isRaw(value: unknown): value is Raw {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object, or null. */
export function objectOrNull(raw: Raw, field: string): Raw | null {
	const value = raw[field];
	if (value === undefined || value === null) return null;
	if (isRaw(value)) return value;
	throw new FieldFault(field, 'an object');
}

export function object(raw: Raw, field: string): Raw {
	const value = raw[field];
	if (isRaw(value)) return value;
	throw new FieldFault(field, 'an object');
}

/** Objects of an array; absent is empty. */
export function objects(raw: Raw, field: string): Raw[] {
	const value = raw[field];
	if (value === undefined || value === null) return [];
	if (Array.isArray(value) && value.every(isRaw)) return value;
	throw new FieldFault(field, 'a list of objects');
}

export function textOrNull(raw: Raw, field: string, longest = LONGEST): string | null {
	const value = raw[field];
	if (typeof value === 'string') return clean(value, longest);
	if (value === undefined || value === null) return null;
	throw new FieldFault(field, 'a text');
}

/** A text; absent is empty. */
export function text(raw: Raw, field: string, longest = LONGEST): string {
	return textOrNull(raw, field, longest) ?? '';
}

/** A text that cannot be absent, empty or too long to be an identity. */
export function key(raw: Raw, field: string): string {
	const value = textOrNull(raw, field, 201);
	if (value !== null && value !== '' && value.length <= 200) return value;
	throw new FieldFault(field, 'a short text');
}

/** Without NUL and halves of characters (no database column takes them), cut to `longest` UTF-16 units. */
export function clean(value: string, longest = LONGEST): string {
	let result = value;
	if (result.length > longest) {
		result = result.slice(0, longest);
		// not in the middle of a character
		const last = result.charCodeAt(longest - 1);
		if (last >= 0xd800 && last <= 0xdbff) result = result.slice(0, -1);
	}
	return isStorable(result) ? result : storable(result);
}

/** A whole number of 32 bits. */
export function int(raw: Raw, field: string): number {
	const value = raw[field];
	if (typeof value === 'number' && Number.isInteger(value) && value <= MOST_INT && value >= -MOST_INT)
		return value;
	throw new FieldFault(field, 'a whole number');
}

export function intOrNull(raw: Raw, field: string): number | null {
	const value = raw[field];
	return value === undefined || value === null ? null : int(raw, field);
}

/** A whole number of 32 bits; absent is 0. */
export function intOrZero(raw: Raw, field: string): number {
	return raw[field] === undefined ? 0 : (intOrNull(raw, field) ?? 0);
}

/** An id: above 0. */
export function id(raw: Raw, field: string): number {
	const value = int(raw, field);
	if (value > 0) return value;
	throw new FieldFault(field, 'an id');
}

/** Bytes: not negative, exact up to 2^53; absent is 0, fractions are cut. */
export function bytes(raw: Raw, field: string): number {
	const value = raw[field];
	if (value === undefined || value === null) return 0;
	if (typeof value === 'number' && value <= Number.MAX_SAFE_INTEGER) return value > 0 ? Math.trunc(value) : 0;
	throw new FieldFault(field, 'a number of bytes');
}

export function flag(raw: Raw, field: string): boolean {
	const value = raw[field];
	if (typeof value === 'boolean') return value;
	throw new FieldFault(field, 'true or false');
}

export function flagOrNull(raw: Raw, field: string): boolean | null {
	const value = raw[field];
	return value === undefined || value === null ? null : flag(raw, field);
}

/** Whole numbers of an array; absent is empty. */
export function ints(raw: Raw, field: string): number[] {
	const value = raw[field];
	if (value === undefined || value === null) return [];
	if (
		Array.isArray(value) &&
		value.every((one) => Number.isInteger(one) && Math.abs(Number(one)) <= MOST_INT)
	) {
		return value.map(Number);
	}
	throw new FieldFault(field, 'a list of whole numbers');
}

/** An instant; absent, and .NET's year 1, are null (arr §3.2). */
export function instantOrNull(raw: Raw, field: string): Date | null {
	const value = raw[field];
	if (value === undefined || value === null) return null;
	if (typeof value === 'string' && value.length <= 40 && value.charCodeAt(4) === 0x2d) {
		const date = new Date(value);
		const year = date.getUTCFullYear();
		if (!Number.isNaN(year)) return year > 1 ? date : null;
	}
	throw new FieldFault(field, 'a date');
}

export function instant(raw: Raw, field: string): Date {
	const value = instantOrNull(raw, field);
	if (value !== null) return value;
	throw new FieldFault(field, 'a date');
}

/** Days that every month has need no calendar. */
const SURE_DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$/;

/** A calendar date `YYYY-MM-DD`; absent is null. */
export function dayOrNull(raw: Raw, field: string): string | null {
	const value = raw[field];
	if (value === undefined || value === null || value === '') return null;
	if (typeof value === 'string' && value.length === 10) {
		if (SURE_DAY.test(value)) return value;
		const date = new Date(`${value}T00:00:00Z`);
		// the 30th of February would become a day in March
		if (date.getUTCDate() === Number(value.slice(8))) return value;
	}
	throw new FieldFault(field, 'a calendar date');
}
