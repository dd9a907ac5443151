// JSON values as the fake writes and reads them. `undefined` members are left out of answers, as the applications do.

export type Json = string | number | boolean | null | undefined | Json[] | JsonObject;
export interface JsonObject {
	[key: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text out of JSON; anything but text and numbers gives the fallback. */
export function textOf(value: Json, fallback = ''): string {
	if (typeof value === 'string') return value;
	return typeof value === 'number' ? String(value) : fallback;
}

/** An instant as the API writes it: UTC, cut to whole seconds. */
export function instant(ms: number): string {
	return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

/** An instant with its fraction, as webhooks write it. */
export function preciseInstant(ms: number): string {
	return new Date(ms).toISOString().replace('Z', '1234Z');
}

export function day(ms: number): string {
	return new Date(ms).toISOString().slice(0, 10);
}

/** A .NET time span: `00:01:02.3450000`, with days `1.02:03:04`. */
export function timeSpan(ms: number): string {
	const two = (value: number) => String(value).padStart(2, '0');
	const days = Math.floor(ms / 86_400_000);
	const hours = Math.floor(ms / 3_600_000) % 24;
	const minutes = Math.floor(ms / 60_000) % 60;
	const seconds = Math.floor(ms / 1000) % 60;
	const ticks = Math.round((ms % 1000) * 10_000);
	const fraction = ticks > 0 ? `.${String(ticks).padStart(7, '0')}` : '';
	return `${days > 0 ? `${days}.` : ''}${two(hours)}:${two(minutes)}:${two(seconds)}${fraction}`;
}
