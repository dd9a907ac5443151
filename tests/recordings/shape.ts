// The shape of a JSON value: which keys it has, and of which types; the elements of an array are merged.
import { isObject, type Json } from './load';

export interface Shape {
	/** type names; empty when nothing is known (an empty array's elements) */
	readonly types: Set<string>;
	readonly keys: Map<string, Shape>;
	elements: Shape | undefined;
}

const dateTime = /^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const date = /^\d{4}-\d\d-\d\d$/;
const span = /^-?(\d+\.)?\d\d:\d\d:\d\d(\.\d{7})?$/;
const redacted = /^<[^>]*>$|<os>|<key>/;

/** The type name of a scalar; texts that are dates or durations have types of their own. */
export function typeOf(value: Json): string {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'array';
	if (typeof value !== 'string') return typeof value;
	if (redacted.test(value)) return 'any text';
	if (dateTime.test(value)) return 'instant';
	if (date.test(value)) return 'date';
	if (span.test(value)) return 'duration';
	return 'text';
}

export function emptyShape(): Shape {
	return { types: new Set(), keys: new Map(), elements: undefined };
}

/** Adds what `value` shows to `shape`. */
export function addTo(shape: Shape, value: Json): Shape {
	shape.types.add(typeOf(value));
	if (Array.isArray(value)) {
		shape.elements ??= emptyShape();
		for (const element of value) addTo(shape.elements, element);
	} else if (isObject(value)) {
		for (const [key, inner] of Object.entries(value)) {
			const known = shape.keys.get(key) ?? emptyShape();
			shape.keys.set(key, addTo(known, inner));
		}
	}
	return shape;
}

export function shapeOf(value: Json): Shape {
	return addTo(emptyShape(), value);
}
