// The baseline: downloads and parses what a sync reads, at the same concurrency, and does nothing with it. Runs in a
// process of its own: `bun bench/bare.ts <series|scenes> <full|incremental> <url> <key>` prints its figures.
const READERS = 2;
const CHUNK = 1_000;
/** Applications take URLs of 8,000 bytes. */
const LONGEST_QUERY = 7_700;

const [shape = 'series', mode = 'full', url = '', key = ''] = process.argv.slice(2);
let requests = 0;
let records = 0;

async function read(path: string, ids?: readonly number[]): Promise<unknown> {
	requests += 1;
	const headers = { 'x-api-key': key, 'accept-encoding': 'gzip', accept: 'application/json' };
	const response = await fetch(
		`${url}/api/v3/${path}`,
		ids === undefined
			? { headers }
			: {
					method: 'POST',
					headers: { ...headers, 'content-type': 'application/json' },
					body: JSON.stringify(ids),
				},
	);
	if (!response.ok) throw new Error(`${path} was answered ${String(response.status)}`);
	const value: unknown = await response.json();
	if (Array.isArray(value)) records += value.length;
	return value;
}

/** Ids of a list of records, or a list of ids as it is. */
function idsOf(list: unknown): number[] {
	if (!Array.isArray(list)) return [];
	return list.map((one: number | { id: number }) => (typeof one === 'number' ? one : one.id));
}

async function readSeries(): Promise<void> {
	const ids = idsOf(await read('series'));
	if (mode !== 'full') return;
	let next = 0;
	const reader = async (): Promise<void> => {
		for (let id = ids[next++]; id !== undefined; id = ids[next++]) {
			await read(`episode?seriesId=${String(id)}`);
			await read(`episodefile?seriesId=${String(id)}`);
		}
	};
	await Promise.all(Array.from({ length: READERS }, reader));
}

async function readScenes(): Promise<void> {
	const ids = idsOf(await read('movie/list'));
	if (mode !== 'full') return;
	const withFile: number[] = [];
	for (let at = 0; at < ids.length; at += CHUNK) {
		const scenes = await read('movie/bulk', ids.slice(at, at + CHUNK));
		if (Array.isArray(scenes))
			for (const { id, hasFile } of scenes as { id: number; hasFile: boolean }[])
				if (hasFile) withFile.push(id);
	}
	await readFiles(withFile);
}

/** Scores stand in another list, which is asked for by ids in the URL. */
async function readFiles(ids: readonly number[]): Promise<void> {
	let query = '';
	for (const id of ids) {
		if (query.length > LONGEST_QUERY) {
			await read(`moviefile?${query}`);
			query = '';
		}
		query += `${query === '' ? '' : '&'}movieId=${String(id)}`;
	}
	if (query !== '') await read(`moviefile?${query}`);
}

const since = performance.now();
for (const path of ['system/status', 'qualityprofile', 'customformat']) await read(path);
await (shape === 'series' ? readSeries() : readScenes());
process.stdout.write(`${JSON.stringify({ ms: performance.now() - since, requests, records })}\n`);

export {};
