// What /health tells. Parts of the product add themselves; the word is the worst of theirs.
import { databaseTrouble } from './database-trouble';
import { runtime } from './runtime';

/** From best to worst. A degraded product still serves; a failing one is not ready. */
export type HealthWord = 'ok' | 'degraded' | 'failing';

/** The state of one part; further fields are shown to those who may see details. */
export interface PartHealth {
	readonly status: HealthWord;
	readonly [detail: string]: unknown;
}

/** The whole. */
export interface HealthReport {
	readonly status: HealthWord | 'starting' | 'stopping';
	readonly parts: Readonly<Record<string, PartHealth>>;
}

type Check = () => Promise<PartHealth> | PartHealth;

const checks = new Map<string, Check>();
const order: readonly HealthWord[] = ['ok', 'degraded', 'failing'];

/** Adds or replaces a part. A check that throws counts as failing. */
export function registerHealthPart(name: string, check: Check): void {
	checks.set(name, check);
}

/** Asks all parts. */
export async function healthReport(): Promise<HealthReport> {
	const { phase } = runtime();
	if (phase !== 'ready') return { status: phase, parts: {} };
	const parts = await Promise.all(
		[...checks].map(async ([name, check]) => [name, await ask(check)] as const),
	);
	const worst = Math.max(0, ...parts.map(([, part]) => order.indexOf(part.status)));
	return { status: order[worst] ?? 'failing', parts: Object.fromEntries(parts) };
}

async function ask(check: Check): Promise<PartHealth> {
	try {
		return await check();
	} catch (error) {
		return { status: 'failing', ...databaseTrouble(error) };
	}
}

/** Memory of the process, in bytes. */
export function memoryUse(): { rss: number; heapUsed: number } {
	const { rss, heapUsed } = process.memoryUsage();
	return { rss, heapUsed };
}
