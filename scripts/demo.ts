// The demo: the real product against stand-ins of Sonarr, Radarr and Whisparr, in virtual time. `npm run demo`.
//
//   --rate 60    how many times as fast as real time (also: type a number and Enter while it runs)
//   --port 3000  where the pages are; PORT does the same
//   --keep       leave the data directory and the log behind
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startFakes, type Fakes } from '../tests/fakes/arr/control.ts';
import { DemoClocks } from './demo/clocks.ts';
import { createSite, SITES } from './demo/libraries.ts';
import { DemoProduct } from './demo/process.ts';
import { DemoRest } from './demo/rest.ts';

const SLOWEST = 1;
/** Beyond this a request takes minutes of virtual time, and the checks before a search are always too late. */
const FASTEST = 600;
/** A key may ask 600 times a minute, and every application is asked about. */
const POLL_MS = 1_000;
const FAKES_WITHIN_MS = 1_000;
const CORRECT_EVERY_MS = 15_000;

const { values } = parseArgs({
	options: {
		rate: { type: 'string', default: '60' },
		port: { type: 'string', default: process.env.PORT ?? '3000' },
		keep: { type: 'boolean', default: false },
	},
});
const say = (text = ''): void => void process.stdout.write(`${text}\n`);
const secret = (): string => randomBytes(12).toString('base64url');

const folder = mkdtempSync(join(tmpdir(), 'comradarr-demo-'));
const password = secret();
const apiKey = `${secret()}${secret()}`;
let rate = bounded(Number(values.rate));
let ending: Promise<void> | undefined;

say('Building the libraries …');
const start = Date.now();
const fakes: Fakes = await startFakes({ start });
const product = new DemoProduct({
	...{
		host: process.env.HOST ?? '127.0.0.1',
		port: Number(values.port),
		folder,
		rate,
		start,
		password,
		apiKey,
	},
	onError: (message) => say(`The product logged an error: ${message}`),
	onExit: (code) => {
		say(`The product has ended (${String(code)}). Its log is ${join(folder, 'product.log')}.`);
		void end(1, true);
	},
});
const clocks = new DemoClocks(product, fakes);
const rest = new DemoRest(product.url, apiKey);
process.on('SIGINT', () => void end(0));
process.on('SIGTERM', () => void end(0));

try {
	await run();
} catch (error) {
	say(`The demo could not be started: ${error instanceof Error ? error.message : String(error)}`);
	say(`The product's log is ${join(folder, 'product.log')}.`);
	await end(1, true);
}

async function run(): Promise<void> {
	await product.ready();
	await clocks.join();
	const ids: number[] = [];
	for (const site of SITES) ids.push(await rest.addConnector(site, addressOf(await createSite(fakes, site))));
	say('Reading them …');
	await Promise.all(ids.map((id) => mirrored(id)));
	greet();
	listen();
	void keepTogether();
}

function addressOf({ url, apiKey: key }: { url: string; apiKey: string }) {
	return { url, apiKey: key };
}

async function mirrored(id: number): Promise<void> {
	while (!(await rest.stats(id)).mirrorComplete) await sleep(POLL_MS);
}

function greet(): void {
	say(`
  Comradarr   ${product.url}
  Login       admin / ${password}
  API key     ${apiKey}
  Log         ${join(folder, 'product.log')}

  Time runs ${String(rate)} times as fast. Type and press Enter:
    a number, + or -   another speed
    s                  what the searches led to so far
    q                  end (Ctrl-C does the same)
`);
}

function listen(): void {
	const lines = createInterface({ input: process.stdin });
	lines.on('line', (line) => void obey(line.trim()).catch((error: unknown) => say(String(error))));
}

async function obey(word: string): Promise<void> {
	if (word === 'q') return end(0);
	if (word === 's') return tell();
	const wanted = word === '+' ? rate * 2 : word === '-' ? rate / 2 : Number(word);
	if (word === '' || !(wanted > 0)) return;
	rate = bounded(wanted);
	await clocks.setRate(rate);
	say(`Time runs ${String(rate)} times as fast.`);
}

async function tell(): Promise<void> {
	const { now, ms } = await clocks.difference();
	const counts = [...(await rest.outcomes())].map(([name, count]) => `${name} ${String(count)}`);
	say(`It is ${new Date(now).toISOString()} (the clocks differ by ${String(Math.round(ms))} ms).`);
	say(`Searches: ${counts.length === 0 ? 'none yet' : counts.join(', ')}.`);
}

/** Asked again after each wait. */
function isEnding(): boolean {
	return ending !== undefined;
}

async function keepTogether(): Promise<void> {
	while (!isEnding()) {
		await sleep(CORRECT_EVERY_MS);
		if (!isEnding()) await clocks.correct().catch((error: unknown) => say(String(error)));
	}
}

function bounded(wanted: number): number {
	return Number.isFinite(wanted) ? Math.min(FASTEST, Math.max(SLOWEST, wanted)) : 60;
}

async function end(code: number, keep = values.keep): Promise<void> {
	ending ??= (async () => {
		say('Stopping …');
		await product.stop();
		// Ctrl-C has ended them already
		await Promise.race([fakes.stop(), sleep(FAKES_WITHIN_MS)]);
		if (!keep) rmSync(folder, { recursive: true, force: true });
		process.exit(code);
	})();
	await ending;
}
