// The source as data: files, what they import, and where that leads. For the architecture test.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** The repository's top folder. */
export const top = resolve(import.meta.dirname, '../..');

/** One import of a file. */
export interface Import {
	/** As written. */
	readonly specifier: string;
	/** Path below the top folder, if it is one of our files. */
	readonly file: string | undefined;
	readonly typeOnly: boolean;
}

/** One source file. */
export interface Source {
	/** Path below the top folder. */
	readonly path: string;
	readonly text: string;
	readonly lines: number;
	readonly imports: readonly Import[];
}

const sourceFile = /\.(ts|js|mjs|svelte)$/;
const importStatement = /(?:^|\n)\s*(import|export)\s+(type\s+)?([^'"`;]*?\bfrom\s+)?['"]([^'"\n]+)['"]/g;
const dynamicImport = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** All source files below the given folders of the repository. */
export function readSources(...folders: string[]): Source[] {
	return folders.flatMap((folder) => walk(join(top, folder))).map(readSource);
}

function walk(path: string): string[] {
	if (!existsSync(path)) return [];
	if (!statSync(path).isDirectory()) return sourceFile.test(path) ? [path] : [];
	return readdirSync(path)
		.filter((name) => name !== 'node_modules' && name !== 'migrations')
		.flatMap((name) => walk(join(path, name)));
}

function readSource(absolute: string): Source {
	const text = readFileSync(absolute, 'utf8');
	const path = relative(top, absolute);
	return { path, text, lines: text.split('\n').length - 1, imports: importsOf(path, withoutComments(text)) };
}

/** The text without comments; strings are left alone. */
export function withoutComments(text: string): string {
	return text.replace(/\/\*[\s\S]*?\*\/|(^|[^:'"`\\])\/\/[^\n]*/g, '$1');
}

function importsOf(path: string, text: string): Import[] {
	const found: Import[] = [];
	for (const [, , type, clause, specifier = ''] of text.matchAll(importStatement)) {
		found.push({
			specifier,
			file: resolveImport(path, specifier),
			typeOnly: type !== undefined || onlyTypes(clause),
		});
	}
	for (const [, specifier = ''] of text.matchAll(dynamicImport)) {
		found.push({ specifier, file: resolveImport(path, specifier), typeOnly: false });
	}
	return found;
}

/** `{ type A, type B } from`. */
function onlyTypes(clause: string | undefined): boolean {
	const names = /^\{([\s\S]*)\}\s*from/.exec(clause?.trim() ?? '')?.[1];
	if (names === undefined) return false;
	const parts = names.split(',').map((part) => part.trim());
	return parts.every((part) => part === '' || part.startsWith('type '));
}

function resolveImport(from: string, specifier: string): string | undefined {
	const target = specifier.startsWith('$lib')
		? join('src/lib', specifier.slice('$lib'.length))
		: specifier.startsWith('.')
			? join(dirname(from), specifier)
			: undefined;
	if (target === undefined) return undefined;
	const endings = ['', '.ts', '.js', '.svelte', '.svelte.ts', '/index.ts', '/index.js'];
	const ending = endings.find((end) =>
		statSync(join(top, target + end), { throwIfNoEntry: false })?.isFile(),
	);
	return ending === undefined ? target : target + ending;
}

/** Circles of imports that exist at run time, each as the list of its files. */
export function findCircles(sources: readonly Source[]): string[][] {
	const next = new Map(
		sources.map((s) => [
			s.path,
			s.imports.flatMap((i) => (i.typeOnly || i.file === undefined ? [] : [i.file])),
		]),
	);
	const circles: string[][] = [];
	const done = new Set<string>();
	const visit = (path: string, trail: readonly string[]): void => {
		const at = trail.indexOf(path);
		if (at >= 0) {
			circles.push([...trail.slice(at), path]);
			return;
		}
		if (done.has(path)) return;
		for (const target of next.get(path) ?? []) visit(target, [...trail, path]);
		done.add(path);
	};
	for (const path of next.keys()) visit(path, []);
	return circles;
}
