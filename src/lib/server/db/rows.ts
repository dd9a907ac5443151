/**
 * Rows of statements that are written by hand: those that drizzle's builder cannot say, and those that every job runs
 * again and again, for which building them anew each time costs more than running them. The caller's type is the select
 * list it wrote.
 */
import { getTableColumns, sql, type SQL } from 'drizzle-orm';
import { PgArray, PgBigInt53, type PgTable } from 'drizzle-orm/pg-core';
import type { DbOrTx } from './client';

export async function rowsOf<Row extends object>(db: DbOrTx, query: SQL): Promise<Row[]> {
	const result: Iterable<unknown> = await db.execute(query);
	return Array.from(result) as Row[];
}

/** Lists as one parameter each. */
export const textArray = (texts: readonly string[]): SQL => sql`${sql.param([...texts])}::text[]`;
export const intArray = (numbers: readonly number[]): SQL => sql`${sql.param([...numbers])}::int[]`;

const lists = new WeakMap<PgTable, SQL>();

/**
 * The select list for a whole row under the names of the schema, so that it is what drizzle's own `select()` gives:
 * `select ${allOf(grabs)} from grabs`. `alias` is the name that the table goes by in the statement.
 */
export function allOf(table: PgTable, alias?: string): SQL {
	if (alias !== undefined) return listOf(table, `${alias}.`);
	const known = lists.get(table);
	if (known !== undefined) return known;
	const made = listOf(table, '');
	lists.set(table, made);
	return made;
}

function listOf(table: PgTable, prefix: string): SQL {
	const columns = Object.entries(getTableColumns(table)).map(([name, column]) => {
		const own = `${prefix}"${column.name}"`;
		// What the driver gives for these two is not what drizzle makes of it.
		if (column instanceof PgArray) return `to_jsonb(${own}) as "${name}"`;
		if (column instanceof PgBigInt53) return `${own}::float8 as "${name}"`;
		return `${own} as "${name}"`;
	});
	return sql.raw(columns.join(', '));
}
