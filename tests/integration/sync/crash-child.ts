// A process of its own that syncs one connector, for the crash tests: it is killed at the point it was told.
import { buildContext } from '../../../src/lib/server/app-services';
import { virtualClock } from '../../../src/lib/server/clock';
import { openDatabase } from '../../../src/lib/server/db/client';
import { runSync } from '../../../src/lib/server/services/sync';
import type { SyncMode } from '../../../src/lib/domain/words';

const [url, connector, mode, now] = process.argv.slice(2);
if (url === undefined || connector === undefined || mode === undefined) throw new Error('too few arguments');
const clock = virtualClock(Number(now));
const { ctx } = await buildContext({
	database: openDatabase({ url, clock }),
	clock,
	masterKey: 'a master key for tests only',
	version: '0.0.0-test',
});
const report = await runSync(ctx, Number(connector), mode as SyncMode);
process.stdout.write(JSON.stringify({ error: report.error, changed: report.changed }));
process.exit(0);
