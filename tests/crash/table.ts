// What the rounds of a crash test came to, as a table: written when more rounds than usual were asked for.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { top } from '../setup/sources';

const USUAL_ROUNDS = 3;
/** Rounds of each case; `CRASH_ROUNDS` asks for more. */
export const ROUNDS = Number(process.env.CRASH_ROUNDS ?? USUAL_ROUNDS);
export const MORE_ROUNDS = ROUNDS > USUAL_ROUNDS;

type Cell = string | number | boolean;

/** One line per case. Numbers show the greatest seen, words and truths each one that was seen with its count. */
export class CrashTable {
	private readonly lines = new Map<string, Record<string, Cell>[]>();

	/** `name` is the file's. */
	constructor(private readonly name: string) {}

	/** What one round of the case came to. */
	add(of: { point: string; mode: string; kind: string }, seen: Record<string, Cell>): void {
		const key = `${of.point} | ${of.mode} | ${of.kind}`;
		const rounds = this.lines.get(key) ?? [];
		rounds.push(seen);
		this.lines.set(key, rounds);
	}

	/** The table in Markdown. */
	text(): string {
		const columns = Object.keys([...this.lines.values()][0]?.[0] ?? {});
		const head = ['killed at', 'the application', 'kind', 'rounds', ...columns];
		const rows = [...this.lines].map(([key, rounds]) => [
			...key.split(' | '),
			String(rounds.length),
			...columns.map((column) => summary(rounds.flatMap((round) => round[column] ?? []))),
		]);
		return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
	}

	/** Writes it into `.tmp/`, if more rounds than usual were made. */
	write(): void {
		if (!MORE_ROUNDS) return;
		const folder = join(top, '.tmp');
		mkdirSync(folder, { recursive: true });
		const file = join(folder, `${this.name}.md`);
		writeFileSync(file, this.text());
		process.stdout.write(`The table of ${String(ROUNDS)} rounds each is in ${file}\n`);
	}
}

function summary(cells: readonly Cell[]): string {
	if (cells.every((cell) => typeof cell === 'number')) return String(Math.max(...cells.map(Number)));
	const words = cells.map((cell) => (cell === true ? 'yes' : cell === false ? 'no' : String(cell)));
	const counts = new Map<string, number>();
	for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
	if (counts.size === 1) return words[0] ?? '';
	return [...counts].map(([word, count]) => `${word} ${String(count)}`).join(', ');
}
