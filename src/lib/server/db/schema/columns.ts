/**
 * Column types that the drizzle ones get wrong or leave open: real jsonb through Bun's driver, instants with a
 * zone, and check constraints written from the closed word lists.
 */
import { sql, type SQL } from 'drizzle-orm';
import { customType, timestamp, type AnyPgColumn } from 'drizzle-orm/pg-core';

/** Real jsonb: drizzle's own would store a JSON string through Bun.SQL. Objects and arrays only. */
export const jsonb = <T extends object>(name: string) =>
	customType<{ data: T; driverData: T }>({
		dataType: () => 'jsonb',
		toDriver: (value) => value,
		fromDriver: (value) => value,
	})(name);

/** An instant, stored in UTC. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** `column in ('a', 'b')` for a check constraint; the words are our own constants, never input. */
export const oneOf = (column: AnyPgColumn, words: readonly string[]): SQL =>
	sql`${column} in (${sql.raw(words.map((word) => `'${word}'`).join(', '))})`;

/** Words of a text, as the database compares them; written and compared by its own functions only. */
export const tsvector = (name: string) => customType<{ data: string }>({ dataType: () => 'tsvector' })(name);
