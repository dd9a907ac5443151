/**
 * Rows of statements that are written by hand: those that drizzle's builder cannot say, and those that every job runs
 * again and again, for which building them anew each time costs more than running them. The caller's type is the select
 * list it wrote.
 */
import { getTableColumns, sql, SQL, StringChunk, type SQLChunk } from 'drizzle-orm';
import { PgArray, PgBigInt53, type PgTable } from 'drizzle-orm/pg-core';
import type { DbOrTx } from './client';

export async function rowsOf<Row extends object>(db: DbOrTx, query: SQL): Promise<Row[]> {
	const result: Iterable<unknown> = await db.execute(inOnePiece(query));
	return Array.from(result) as Row[];
}

/**
 * The same statement without pieces inside pieces. Drizzle puts a statement together anew on each level it is nested
 * in; the large ones took longer to write down than to run.
 */
export function inOnePiece(query: SQL): SQL {
	const chunks: SQLChunk[] = [];
	let text = '';
	const collect = ({ queryChunks }: SQL): void => {
		for (const chunk of queryChunks) {
			if (chunk instanceof StringChunk) text += chunk.value.join('');
			else if (chunk instanceof SQL) collect(chunk);
			else {
				chunks.push(new StringChunk(text), chunk);
				text = '';
			}
		}
	};
	collect(query);
	chunks.push(new StringChunk(text));
	return new SQL(chunks);
}

/** Lists as one parameter each. */
export const textArray = (texts: readonly string[]): SQL => sql`${sql.param([...texts])}::text[]`;
export const intArray = (numbers: readonly number[]): SQL => sql`${sql.param([...numbers])}::int[]`;

const lists = new WeakMap<PgTable, Map<string, SQL>>();

/**
 * The select list for a whole row under the names of the schema, so that it is what drizzle's own `select()` gives:
 * `select ${allOf(grabs)} from grabs`. `alias` is the name that the table goes by in the statement.
 */
export function allOf(table: PgTable, alias = ''): SQL {
	const known = lists.get(table) ?? new Map<string, SQL>();
	lists.set(table, known);
	const made = known.get(alias) ?? listOf(table, alias === '' ? '' : `${alias}.`);
	known.set(alias, made);
	return made;
}

/** Inserts one row and gives it back as it is stored; what `values` leaves out has the default of the table. */
export async function insertRow<Table extends PgTable>(
	db: DbOrTx,
	table: Table,
	values: Table['$inferInsert'],
): Promise<Table['$inferSelect']> {
	const columns = getTableColumns<PgTable>(table);
	const given = Object.entries(values).flatMap(([name, value]) => {
		const column = columns[name];
		return column === undefined || value === undefined ? [] : [{ column, value }];
	});
	const names = sql.raw(given.map(({ column }) => `"${column.name}"`).join(', '));
	const written = sql.join(
		given.map(({ column, value }) => (value === null ? sql.raw('null') : sql.param(value, column))),
		sql.raw(', '),
	);
	const [row] = await rowsOf<Table['$inferSelect']>(
		db,
		sql`insert into ${table} (${names}) values (${written}) returning ${allOf(table)}`,
	);
	if (row === undefined) throw new Error('the row was not written');
	return row;
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
