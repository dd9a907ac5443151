// The route table, read from the files themselves: what can be asked for, by which methods and actions.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { top } from '../setup/sources';

export interface Route {
	/** SvelteKit's id, with groups: `/(app)/items/[ref]`. */
	id: string;
	/** An address of it. */
	path: string;
	isPage: boolean;
	/** Methods of its `+server.ts`. */
	methods: string[];
	/** Names of its form actions, those of shared modules included. */
	actions: string[];
}

const routes = join(top, 'src/routes');
const fillers: Readonly<Record<string, string>> = {
	'[ref]': 'movie-1',
	'[token]': 'a-token',
	'[...rest]': 'nothing',
};

/** Every route of the product. */
export function readRoutes(folder = routes): Route[] {
	const entries = readdirSync(folder, { withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
	const below = entries
		.filter((entry) => entry.isDirectory())
		.flatMap(({ name }) => readRoutes(join(folder, name)));
	const isRoute = files.some((name) => /^\+(page|server)\b/.test(name));
	return isRoute ? [routeOf(folder, files), ...below] : below;
}

function routeOf(folder: string, files: readonly string[]): Route {
	const id = folder === routes ? '/' : folder.slice(routes.length);
	const read = (name: string): string =>
		files.includes(name) ? readFileSync(join(folder, name), 'utf8') : '';
	const parts = id.split('/').filter((part) => part !== '' && !/^\(.*\)$/.test(part));
	const names = read('+server.ts').matchAll(
		/export const (GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|fallback)\b/g,
	);
	return {
		id,
		path: `/${parts.map((part) => (part.startsWith('[') ? (fillers[part] ?? '1') : part)).join('/')}`,
		isPage: files.some((name) => name.startsWith('+page')),
		methods: [...names].map(([, name = '']) => name),
		actions: actionsOf(read('+page.server.ts')),
	};
}

function actionsOf(text: string): string[] {
	const at = text.indexOf('export const actions');
	if (at < 0) return [];
	const own = [...text.slice(at).matchAll(/^\t(\w+): /gm)].map(([, name = '']) => name);
	const shared = text.includes('itemActions') ? ['search', 'reset', 'exclude', 'include', 'giveUp'] : [];
	return [...own, ...shared];
}
