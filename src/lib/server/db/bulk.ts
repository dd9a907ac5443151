/**
 * Bulk writing for the mirror: rows go by COPY into a temporary table, and from there by one statement that touches
 * only rows that differ and by one that adds the new ones. (A single `on conflict` for all would use up an identity
 * value per unchanged row.) Memory stays bounded: lines are flushed in chunks.
 */
import type { SQL } from 'bun';
import { drizzle } from 'drizzle-orm/bun-sql';
import { checkpoint } from '../checkpoint';
import type { Db } from './client';

/** What a column of a staged row can hold. */
export type Cell = string | number | boolean | Date | null | readonly number[];

/** Where lines go: a table and its columns, in the order of the lines, each with its type. */
export interface CopyTarget {
	readonly name: string;
	readonly columns: Readonly<Record<string, string>>;
}

/** A temporary table. */
export interface Stage extends CopyTarget {
	/** `commit`: emptied by each commit. `session`: kept over several, emptied by `openStage`. */
	readonly kept: 'commit' | 'session';
}

const rowsPerFlush = 1_000;
const special = /[\\\t\n\r\0\ud800-\udfff]/;
const escapes: Readonly<Record<string, string>> = {
	'\\': '\\\\',
	'\t': '\\t',
	'\n': '\\n',
	'\r': '\\r',
	'\0': '',
};

/** One line of COPY's text format. NUL bytes go, since PostgreSQL cannot hold them; lone surrogates are replaced. */
export function copyLine(cells: readonly Cell[]): string {
	let line = '';
	for (let at = 0; at < cells.length; at++) {
		if (at > 0) line += '\t';
		line += copyCell(cells[at] ?? null);
	}
	return line + '\n';
}

function copyCell(cell: Cell): string {
	if (cell === null) return NO_VALUE;
	if (typeof cell === 'string') return escapeText(cell);
	if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : NO_VALUE;
	if (typeof cell === 'boolean') return cell ? 't' : 'f';
	if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? NO_VALUE : cell.toISOString();
	return `{${cell.join(',')}}`;
}

/** How COPY's text format writes null. */
export const NO_VALUE = '\\N';

/** A text as COPY's text format takes it. Whoever writes lines by hand must pass every text through this. */
export function escapeText(text: string): string {
	if (!special.test(text)) return text;
	return text.toWellFormed().replace(/[\\\t\n\r\0]/g, (found) => escapes[found] ?? '');
}

/**
 * Makes the temporary tables of this connection if they are not there yet, and empties them; one round trip. Rows are
 * deleted, not truncated, which costs new files: who leaves many behind calls `emptyStages`.
 */
export async function openStages(sql: SQL, ...stages: readonly Stage[]): Promise<void> {
	const statements = stages.flatMap((stage) => {
		const columns = Object.entries(stage.columns).map(([name, type]) => `${name} ${type}`);
		const kept = stage.kept === 'commit' ? 'delete' : 'preserve';
		const made = `create temp table if not exists ${stage.name} (${columns.join(', ')}) on commit ${kept} rows`;
		return stage.kept === 'session' ? [made, `delete from ${stage.name}`] : [made];
	});
	await sql.unsafe(statements.join(';')).simple();
}

/** Gives back the space of stages that held many rows. */
export async function emptyStages(sql: SQL, ...stages: readonly Stage[]): Promise<void> {
	await sql.unsafe(`truncate ${stages.map((stage) => stage.name).join(', ')}`);
}

/** Tells the planner what is in stages that outlive their transactions. */
export async function analyzeStages(sql: SQL, ...stages: readonly Stage[]): Promise<void> {
	await sql.unsafe(`analyze ${stages.map((stage) => stage.name).join(', ')}`);
}

/** Copies ready lines, alone or several in one text, into a table. */
export async function copyInto(sql: SQL, target: CopyTarget, lines: readonly string[]): Promise<void> {
	if (lines.length === 0) return;
	const columns = Object.keys(target.columns).join(', ');
	const writer = sql.unsafe(`copy ${target.name} (${columns}) from stdin`).writable().getWriter();
	try {
		const half = Math.ceil(lines.length / 2);
		await writer.write(lines.slice(0, half).join(''));
		await checkpoint('sync.mid_copy');
		await writer.write(lines.slice(half).join(''));
		await writer.close();
	} catch (error) {
		await writer.abort(error).catch(() => undefined);
		throw error;
	}
}

/** Collects lines for one stage and copies them in chunks, so that a list of any length fits. */
export class StageWriter {
	#lines: string[] = [];
	count = 0;

	constructor(
		private readonly sql: SQL,
		private readonly stage: Stage,
		private readonly chunk = rowsPerFlush,
	) {}

	add(line: string): void {
		this.#lines.push(line);
		this.count++;
	}

	/** Copies what was collected, if that is enough. To be called every few hundred lines. */
	async flushIfFull(): Promise<void> {
		if (this.#lines.length >= this.chunk) await this.flush();
	}

	async flush(): Promise<void> {
		const lines = this.#lines;
		this.#lines = [];
		await copyInto(this.sql, this.stage, lines);
	}
}

/** How staged rows become rows of a table. Expressions may name `t` (the table) and `s` (the stage). */
export interface Merge {
	readonly table: string;
	readonly stage: string;
	/** Condition that joins a staged row to its row. */
	readonly match: string;
	/** Columns of the same name in both. */
	readonly columns: readonly string[];
	/** Further columns and their values, compared and written like the others. */
	readonly values?: Readonly<Record<string, string>>;
	/** Columns written on insert only. */
	readonly keys: Readonly<Record<string, string>>;
	readonly where?: string;
	/** Nothing of it is in the table yet: only added. */
	readonly isNew?: boolean;
	/** Values of `$1`, `$2`, … in the expressions. Each must be used in both statements. */
	readonly parameters?: readonly (string | number | Date)[];
}

/** Updates rows that differ, then inserts the missing ones. Returns how many were touched. */
export async function mergeStage(tx: SQL, merge: Merge): Promise<{ updated: number; inserted: number }> {
	const { table, stage, match, columns, values = {}, keys, where = 'true', parameters = [] } = merge;
	const names = [...columns, ...Object.keys(values)];
	const news = [...columns.map((column) => `s.${column}`), ...Object.values(values)];
	const sets = names.map((name, at) => `${name} = ${news[at] ?? 'null'}`);
	const olds = names.map((name) => `t.${name}`);
	const updated: unknown =
		merge.isNew === true
			? null
			: await tx.unsafe(
					`update ${table} t set ${sets.join(', ')} from ${stage} s
					where ${match} and ${where} and (${olds.join(', ')}) is distinct from (${news.join(', ')})`,
					[...parameters],
				);
	const inserted: unknown = await tx.unsafe(
		`insert into ${table} (${[...Object.keys(keys), ...names].join(', ')})
		select ${[...Object.values(keys), ...news.map((value) => value.replaceAll(/\bt\.(\w+)/g, 'null'))].join(', ')}
		from ${stage} s where ${where} and not exists (select 1 from ${table} t where ${match})`,
		[...parameters],
	);
	return { updated: countOf(updated), inserted: countOf(inserted) };
}

/** Rows touched by a statement. */
export function countOf(result: unknown): number {
	const count = (result as { count?: number | null } | null)?.count;
	return typeof count === 'number' ? count : 0;
}

/** Drizzle on a bulk transaction, for what is written beside the rows (events, cursors). */
export const drizzleOn = (tx: SQL): Db => drizzle(tx);

/** A list of ids as a parameter, to be cast to `int[]`. */
export const intList = (ids: Iterable<number>): string => `{${[...ids].join(',')}}`;

/** A list of texts as a parameter, to be read by `jsonb_array_elements_text($n::text::jsonb)`. */
export const textList = (texts: readonly string[]): string => JSON.stringify(texts);

/** Whether PostgreSQL refused a row because its key is taken. */
export function isKeyTaken(error: unknown): boolean {
	// what the driver calls `errno` is the SQLSTATE
	return error instanceof Error && 'errno' in error && error.errno === '23505';
}
