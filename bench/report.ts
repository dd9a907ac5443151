// Figures as they come in, the table at the end, and the file that keeps them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { sizes } from './options';

export interface Figure {
	section: string;
	name: string;
	value: number;
	unit: string;
	/** Not above this. */
	target?: number;
}

const figures: Figure[] = [];
let section = '';

export function beginSection(name: string): void {
	section = name;
	process.stdout.write(`\n${name}\n`);
}

/** Notes a figure and shows it at once. */
export function figure(name: string, value: number | null, unit: string, target?: number): void {
	if (value === null) return;
	const noted: Figure = {
		section,
		name,
		value: rounded(value),
		unit,
		...(target === undefined ? {} : { target }),
	};
	figures.push(noted);
	process.stdout.write(`${line(noted)}\n`);
}

/** Something to know about the figures that follow. */
export function remark(text: string): void {
	process.stdout.write(`  ${text}\n`);
}

function line({ name, value, unit, target }: Figure): string {
	const shown = `${value.toLocaleString('en')} ${unit}`;
	const verdict =
		target === undefined
			? ''
			: `  ${value <= target ? 'ok' : 'MISSED'} (at most ${target.toLocaleString('en')})`;
	return `  ${name.padEnd(62)} ${shown.padStart(16)}${verdict}`;
}

function rounded(value: number): number {
	if (value >= 100) return Math.round(value);
	return value >= 1 ? Math.round(value * 100) / 100 : Math.round(value * 1000) / 1000;
}

/** Shows what missed its target and writes everything to `bench/results`. */
export function closeReport(): void {
	const missed = figures.filter(({ value, target }) => target !== undefined && value > target);
	process.stdout.write(
		missed.length === 0 ? '\nAll targets reached.\n' : `\nMissed:\n${missed.map(line).join('\n')}\n`,
	);
	const at = new Date().toISOString();
	const machine = {
		cpu: cpus()[0]?.model ?? 'unknown',
		cores: cpus().length,
		memoryMb: Math.round(totalmem() / 2 ** 20),
	};
	const folder = join(import.meta.dirname, 'results');
	mkdirSync(folder, { recursive: true });
	const file = join(folder, `${at.replaceAll(':', '-').slice(0, 19)}.json`);
	writeFileSync(file, `${JSON.stringify({ at, machine, sizes, figures }, null, '\t')}\n`);
	process.stdout.write(`Written to bench/results/${file.split('/').at(-1) ?? ''}\n`);
}
