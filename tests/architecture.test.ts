// The rules of the source that no type can show: which way imports point, and what exists in one place only.
import { expect, test } from 'vitest';
import { findCircles, readSources, withoutComments, type Source } from './setup/sources';

const sources = readSources('src', 'server', 'tests', 'scripts', 'bench');
const isTest = ({ path }: Source): boolean => /\.test\.ts$/.test(path) || path.startsWith('tests/');
const product = sources.filter((source) => !isTest(source) && /^(src|server)\//.test(source.path));

/** The parts of the product, by the beginning of a path; the first that fits counts. */
const parts: readonly (readonly [RegExp, string])[] = [
	[/^src\/lib\/domain\//, 'domain'],
	[/^src\/lib\/server\/connectors\//, 'connectors'],
	[/^src\/lib\/server\/db\/queries\//, 'queries'],
	[/^src\/lib\/server\/db\//, 'db'],
	[/^src\/lib\/server\/services\//, 'services'],
	[/^src\/lib\/server\/jobs\//, 'jobs'],
	[/^src\/lib\/server\/api\//, 'api'],
	[/^src\/lib\/server\/views\//, 'views'],
	[/^src\/lib\/server\/(app|app-services|product|switches)\.ts$/, 'root'],
	[/^src\/lib\/server\//, 'base'],
	[/^src\/lib\/utils\/.*\.server\.ts$/, 'routes'],
	[/^src\/lib\/(components|stores|utils)\//, 'ui'],
	[/^src\/(routes\/|hooks|app\.d)/, 'routes'],
	[/^server\//, 'process'],
];
const partOf = (path: string): string => parts.find(([begin]) => begin.test(path))?.[1] ?? 'other';

/** What each part may import besides itself. Nothing points outwards. */
const allowed: Readonly<Record<string, readonly string[]>> = {
	domain: [],
	ui: ['domain'],
	base: ['domain', 'db'],
	db: ['domain', 'base'],
	queries: ['domain', 'db', 'base'],
	connectors: ['domain', 'base'],
	services: ['domain', 'base', 'db', 'queries', 'connectors'],
	jobs: ['domain', 'base', 'db', 'queries', 'connectors', 'services'],
	root: ['domain', 'base', 'db', 'queries', 'connectors', 'services', 'jobs'],
	views: ['domain', 'base', 'db', 'queries', 'services', 'root'],
	// the one place that turns errors of connectors into answers
	api: ['domain', 'base', 'db', 'queries', 'connectors', 'services', 'jobs', 'views', 'root'],
	routes: ['domain', 'base', 'queries', 'services', 'jobs', 'views', 'api', 'root', 'ui'],
	process: ['base'],
};
/** Types that name a neighbour without depending on its code. */
const typesFrom: Readonly<Record<string, readonly string[]>> = {
	// app-context.ts names what is handed to every service
	base: ['connectors', 'services'],
	// bulk statements take what the clients return
	queries: ['connectors'],
	ui: ['base', 'services', 'queries', 'views', 'api'],
};

test('imports point inwards', () => {
	const wrong = product.flatMap((source) => {
		const from = partOf(source.path);
		return source.imports.flatMap(({ file, typeOnly }) => {
			if (file === undefined) return [];
			const to = partOf(file);
			const mayTypes = typeOnly && (typesFrom[from] ?? []).includes(to);
			if (to === from || to === 'other' || mayTypes || (allowed[from] ?? []).includes(to)) return [];
			return [`${source.path} (${from}) imports ${file} (${to})`];
		});
	});
	expect(wrong).toEqual([]);
});

test('services do not import each other', () => {
	const nameOf = (path: string): string | undefined =>
		/^src\/lib\/server\/services\/([^/]+)\//.exec(path)?.[1];
	const shared = ['connectors', 'settings'];
	const wrong = product.flatMap(({ path, imports }) => {
		const own = nameOf(path);
		if (own === undefined) return [];
		const others = imports.map(({ file }) => ({ file, name: nameOf(file ?? '') }));
		return others.flatMap(({ file, name }) =>
			name === undefined || name === own || shared.includes(name) ? [] : [`${path} imports ${String(file)}`],
		);
	});
	expect(wrong).toEqual([]);
});

test('the domain is free of input and output', () => {
	const outside = product
		.filter(({ path }) => partOf(path) === 'domain')
		.flatMap(({ path, imports }) => imports.map(({ specifier }) => ({ path, specifier })))
		.filter(({ specifier }) => !specifier.startsWith('.') && !['valibot'].includes(specifier))
		.filter(({ specifier }) => !specifier.startsWith('$lib/domain/'));
	expect(outside).toEqual([]);
});

test('there are no circles', () => {
	expect(findCircles(product).map((circle) => circle.join(' → '))).toEqual([]);
});

test('fetch has two homes on the server', () => {
	const homes = /^src\/lib\/server\/(connectors\/common|services\/notifications)\//;
	const onServer = (path: string): boolean =>
		path.startsWith('src/lib/server/') ||
		path.startsWith('server/') ||
		/^src\/(hooks|routes\/.*\.server|routes\/.*\+server)/.test(path);
	const wrong = product
		.filter(({ path }) => onServer(path) && !homes.test(path))
		// a method of that name, or the handler of a server, is another thing
		.filter(({ text }) => /(?<![\w.$'"`])fetch\s*\(/.test(withoutComments(text)))
		.map(({ path }) => path);
	expect(wrong).toEqual([]);
});

test('search states are written in one module', () => {
	const home = /^src\/lib\/server\/services\/queue\/states(-moves)?\.ts$/;
	const writes =
		/\.(insert|update|delete)\(\s*(schema\.)?searchRegistry\b|\b(insert into|update|delete from)\s+search_registry\b/i;
	const wrong = product
		.filter(({ path, text }) => !home.test(path) && writes.test(withoutComments(text)))
		.map(({ path }) => path);
	expect(wrong).toEqual([]);
});

test('the fakes know nothing of the product', () => {
	const wrong = sources
		.filter(({ path }) => path.startsWith('tests/fakes/') && !path.endsWith('.test.ts'))
		.flatMap(({ path, imports }) => imports.map(({ file, specifier }) => ({ path, file: file ?? specifier })))
		.filter(({ file }) => /^(src|server)\//.test(file));
	expect(wrong).toEqual([]);
});

test('no file is longer than 400 lines', () => {
	const long = sources.filter(({ lines }) => lines > 400).map(({ path, lines }) => `${path}: ${lines}`);
	expect(long).toEqual([]);
});

test('the check of circles finds one', () => {
	const file = (path: string, to: string): Source => {
		const imports = [{ specifier: to, file: to, typeOnly: false }];
		return { path, text: '', lines: 1, imports };
	};
	expect(findCircles([file('a', 'b'), file('b', 'a')])).toEqual([['a', 'b', 'a']]);
});
