// The fakes' process: it can be stopped whatever became of it.
import { expect, test } from 'vitest';
import { startFakes } from '../control.ts';

test('stopping fakes whose process was killed ends at once', { timeout: 5_000 }, async () => {
	const fakes = await startFakes();
	const { pid } = fakes;
	if (pid === undefined) throw new Error('the fakes have no process');
	process.kill(pid, 'SIGKILL');
	while (await fakes.clock.now().catch(() => undefined)) await Bun.sleep(5);
	await fakes.stop();
	await fakes.stop();
	expect(() => process.kill(pid, 0)).toThrow();
});
