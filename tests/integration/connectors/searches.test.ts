// A search from command to history, on every kind: whose command it is, when it ends, what it grabbed.
import { describe, expect, it } from 'vitest';
import type { ArrClient, SearchCommand } from '../../../src/lib/server/connectors/common/types';
import type { FakeInstance } from '../../fakes/arr/control';
import { clientFor, create, failureOf, fakes, readAll, useFakes } from './support';

useFakes();

const kinds = ['sonarr3', 'sonarr4', 'sonarr5', 'whisparr2', 'radarr3', 'radarr6', 'whisparr3'] as const;

/** Something that lacks a file, is monitored and can be searched for. */
async function target(
	client: ArrClient,
	fake: FakeInstance,
): Promise<{ command: SearchCommand; arrId: number }> {
	const gap = (await fake.truth()).items.find((item) => item.gap);
	const arrId = gap?.arrId ?? 0;
	const { shape } = await client.status();
	return {
		arrId,
		command:
			shape === 'series' ? { kind: 'episode', episodeArrId: arrId } : { kind: 'movie', movieArrId: arrId },
	};
}

describe.each(kinds)('%s', (kind) => {
	it('searches, grabs, and tells whose it was', async () => {
		const fake = await create({ kind, searchDefault: 'grab' });
		const client = clientFor(fake);
		const { command, arrId } = await target(client, fake);
		const begin = (await client.status()).now;
		const sent = await client.search(command, 'd-77');
		expect(sent.clientUserAgent).toBe('Comradarr/0.1.0 (d-77)');
		expect(sent.body.episodeIds.concat(sent.body.movieIds)).toEqual([arrId]);
		expect((await client.commands()).map(({ id }) => id)).toContain(sent.id);
		await fakes().clock.advance(60_000);
		expect(await client.command(sent.id)).toMatchObject({ state: 'found', command: { status: 'completed' } });
		const { records, summary } = await readAll(client.historySince(begin));
		expect(summary.whole).toBe(true);
		const grab = records.find(({ event }) => event === 'grabbed');
		expect(grab).toMatchObject({ itemArrId: arrId });
		const { releaseSource } = (await client.status()).capabilities;
		expect(grab?.releaseSource).toBe(releaseSource ? 'UserInvokedSearch' : null);
		expect(JSON.stringify(records)).not.toMatch(/passkey|apikey|https?:/i);
		expect((await client.historyPage(1, 50))[0]?.arrId).toBe(
			Math.max(...records.map(({ arrId: row }) => row)),
		);
		expect(await client.command(sent.id + 500)).toEqual({ state: 'unknown' });
		const received = await fake.commandsReceived();
		expect(received).toHaveLength(1);
	});
});

describe('grabs of one target', () => {
	it('are found by season and by movie', async () => {
		const sonarr = await create({ kind: 'sonarr4', searchDefault: 'grab' });
		const client = clientFor(sonarr);
		const gap = (await sonarr.truth()).items.find((item) => item.gap && item.season > 0);
		const season = { seriesArrId: gap?.seriesId ?? 0, seasonNumber: gap?.season ?? 0 };
		await client.search({ kind: 'season', ...season }, 'd-1');
		await fakes().clock.advance(120_000);
		const rows = await client.historyOfItem(season);
		expect(rows.length).toBeGreaterThan(0);
		expect(
			rows.every(({ event, seriesArrId }) => event === 'grabbed' && seriesArrId === season.seriesArrId),
		).toBe(true);
		expect(await client.historyOfItem({ seriesArrId: 987_654, seasonNumber: 1 })).toEqual([]);
		await fakes().clock.advance(100_000);
		expect((await client.queue()).length).toBeGreaterThan(0);
	});
});

describe('ended commands', () => {
	it('cannot be read in Whisparr 2', async () => {
		const fake = await create({ kind: 'whisparr2' });
		const client = clientFor(fake);
		const { command } = await target(client, fake);
		const { id } = await client.search(command, 'd-1');
		await fakes().clock.advance(30 * 60_000);
		expect(await client.command(id)).toEqual({ state: 'unreadable' });
		expect((await client.status()).capabilities.endedCommandsReadable).toBe(false);
	});
});

describe('a command that fails on its way', () => {
	it.each([
		['reset', 'reset', 'unknown'],
		['500', 'server_error', 'unknown'],
		['502', 'server_error', 'unknown'],
		['401', 'unauthorized', 'no'],
		['429', 'rate_limited', 'no'],
		['503starting', 'starting', 'no'],
		['loginPage', 'proxy_login', 'no'],
		['html', 'not_json', 'unknown'],
	] as const)('%s', async (fault, code, sent) => {
		const fake = await create({ kind: 'sonarr4' });
		const client = clientFor(fake);
		const { command } = await target(client, fake);
		await fake.fault({ kind: fault, match: { method: 'POST' } });
		await fake.clearRequests();
		expect(await failureOf(client.search(command, 'd-1'))).toMatchObject({ code, sent });
		expect((await fake.requests()).filter(({ method }) => method === 'POST')).toHaveLength(1);
	});

	it('provably never left while the application is down', async () => {
		const fake = await create({ kind: 'sonarr4' });
		const client = clientFor(fake);
		const { command } = await target(client, fake);
		await fake.stop();
		expect(await failureOf(client.search(command, 'd-1'))).toMatchObject({ code: 'refused', sent: 'no' });
	});
});
