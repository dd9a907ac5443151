/** Rows of a statement that drizzle's builder cannot say. The caller's type is the select list it wrote. */
import type { SQL } from 'drizzle-orm';
import type { DbOrTx } from './client';

export async function rowsOf<Row extends object>(db: DbOrTx, query: SQL): Promise<Row[]> {
	const result: Iterable<unknown> = await db.execute(query);
	return Array.from(result) as Row[];
}
