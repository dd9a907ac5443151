// What is noted of a connector's health when several of our own tasks read it in the same instant.
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ArrError } from '../../../src/lib/server/connectors/common/errors';
import { connectorHealthHistory, connectors, events } from '../../../src/lib/server/db/schema';
import { noteFailure, noteSuccess } from '../../../src/lib/server/services/connectors/health';
import { addConnector } from '../../setup/connect';
import { createTestContext, type TestContext } from '../../setup/context';

let t: TestContext;
beforeAll(async () => {
	t = await createTestContext();
});
afterAll(() => t.close());

const told = async (connectorId: number): Promise<string[]> => {
	const isOurs = eq(events.connectorId, connectorId);
	const rows = await t.ctx.db
		.select()
		.from(events)
		.where(and(isOurs, eq(events.type, 'connector.health_changed')));
	return rows.map((row) => row.message);
};

test('a complaint that a search and the schedule read at once is told once', async () => {
	const { id } = await addConnector(t.ctx, { kind: 'radarr', url: 'http://127.0.0.1:7878', apiKey: 'key' });
	await noteSuccess(t.ctx, id, { issues: [] });
	const issues = [
		{ source: 'IndexerSearchCheck', type: 'warning', message: 'None is there', fragment: '' },
	] as const;
	await Promise.all(Array.from({ length: 6 }, () => noteSuccess(t.ctx, id, { issues: [...issues] })));
	expect((await told(id)).filter((message) => message.includes('None is there'))).toHaveLength(1);
	const history = await t.ctx.db
		.select()
		.from(connectorHealthHistory)
		.where(eq(connectorHealthHistory.connectorId, id));
	expect(history.filter(({ status }) => status === 'degraded')).toHaveLength(1);
});

test('failures in the same instant all count', async () => {
	const { id } = await addConnector(t.ctx, { kind: 'radarr', url: 'http://127.0.0.1:7878', apiKey: 'key' });
	await noteSuccess(t.ctx, id, { issues: [] });
	const refused = new ArrError('refused', { message: 'Nothing answers.' });
	await Promise.all([1, 2, 3].map(() => noteFailure(t.ctx, id, refused)));
	const [row] = await t.ctx.db.select().from(connectors).where(eq(connectors.id, id));
	expect(row).toMatchObject({ failures: 3, health: 'offline' });
	expect(await told(id)).toHaveLength(1);
});
