// An embedded database that ends by itself is started again, where the pools look for it.
import { SQL } from 'bun';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { keepEmbedded } from '../../server/embedded-keeper';

const started: { dataDir: string; stop: () => Promise<void> }[] = [];
afterEach(async () => {
	for (const { dataDir, stop } of started.splice(0)) {
		await stop();
		rmSync(dataDir, { recursive: true, force: true });
	}
});

async function kept() {
	const dataDir = mkdtempSync(join(tmpdir(), 'comradarr-again-'));
	const told: string[] = [];
	const server = await keepEmbedded({
		dataDir,
		settings: { fsync: 'off' },
		ended: () => told.push('ended'),
		failed: (error) => told.push(`failed: ${String(error)}`),
		back: () => told.push('back'),
		lost: () => told.push('lost'),
		pauseMs: 10,
	});
	started.push({ dataDir, stop: () => server.stop() });
	return { server, told, dataDir };
}

async function until(isSo: () => boolean): Promise<void> {
	const deadline = performance.now() + 20_000;
	while (!isSo() && performance.now() < deadline) await Bun.sleep(20);
	expect(isSo()).toBe(true);
}

test.each(['SIGQUIT', 'SIGKILL'] as const)('after %s it runs again, with what was stored', async (signal) => {
	const { server, told } = await kept();
	const sql = new SQL(server.url, { max: 2 });
	await sql`create table kept (n int)`;
	await sql`insert into kept values (7)`;
	process.kill(server.pid, signal);
	await until(() => told.includes('back'));
	expect(told).toEqual(['ended', 'back']);
	const ask = (): Promise<{ n: number }[]> => sql`select n from kept`;
	// a connection that was open tells only now that it is not
	const [row] = await ask().catch(ask);
	expect(row?.n).toBe(7);
	await sql.close({ timeout: 0 });
});

test('one that cannot be started is given up, and nothing of it is left', async () => {
	const { server, told, dataDir } = await kept();
	writeFileSync(join(dataDir, 'postgres', 'postgresql.auto.conf'), 'no_such_setting = on\n');
	process.kill(server.pid, 'SIGQUIT');
	await until(() => told.includes('lost'));
	expect(told.filter((word) => word.startsWith('failed'))).toHaveLength(3);
	expect(told.join()).toContain('does not start');
});
