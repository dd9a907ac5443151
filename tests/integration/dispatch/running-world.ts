// Jobs, services and PostgreSQL against fakes in another process, in virtual time; without the pages, so that a test can
// reach into them.
import type { AppContext } from '../../../src/lib/server/app-context';
import type { ConnectorRow } from '../../../src/lib/server/db/queries/connectors';
import { startProduct, type Product } from '../../../src/lib/server/product';
import { createConnector } from '../../../src/lib/server/services/connectors/save';
import type { ConnectorKind, Mode } from '../../../src/lib/domain/words';
import type { ConnectorSettingsInput } from '../../../src/lib/domain/settings';
import { startFakes, type FakeInstance, type Fakes, type InstanceOptions } from '../../fakes/arr/control';
import { createTestContext, type TestContext } from '../../setup/context';
import { seededRandom } from '../../simulation/world';

export { DAY, HOUR, MINUTE } from '../../simulation/world';

/** Every run begins here, so that seeds mean the same. */
const START = Date.UTC(2026, 2, 2, 6, 0, 0);

export interface Site {
	fake: FakeInstance;
	connector: ConnectorRow;
}

export class SimulatedWorld {
	product: Product | undefined;
	readonly sites: Site[] = [];

	private constructor(
		readonly fakes: Fakes,
		readonly context: TestContext,
	) {}

	get ctx(): AppContext {
		return this.context.ctx;
	}
	get clock(): TestContext['clock'] {
		return this.context.clock;
	}

	static async open(): Promise<SimulatedWorld> {
		const fakes = await startFakes({ start: START });
		const context = await createTestContext({
			start: START,
			beforeFire: async (t) => {
				await fakes.clock.set(t);
			},
		});
		return new SimulatedWorld(fakes, context);
	}

	async add(
		kind: ConnectorKind,
		options: InstanceOptions,
		connect: { mode?: Mode; settings?: ConnectorSettingsInput } = {},
	): Promise<Site> {
		const fake = await this.fakes.create(options);
		const connector = await createConnector(this.ctx, {
			kind,
			name: `${options.kind} ${String(this.sites.length + 1)}`,
			url: fake.url,
			apiKey: fake.apiKey,
			mode: connect.mode ?? 'observe',
			settings: connect.settings ?? {},
		});
		const site = { fake, connector };
		this.sites.push(site);
		return site;
	}

	/** Starts the jobs and waits for the first syncs. */
	async start(seed = 1): Promise<void> {
		this.product = await startProduct({
			ctx: this.ctx,
			timeZone: 'UTC',
			random: seededRandom(seed),
		});
		await this.clock.idle();
	}

	/** Time passes; `each` is called after every piece of it. */
	async pass(ms: number, piece: number, each: () => Promise<void>): Promise<void> {
		const end = this.clock.now() + ms;
		while (this.clock.now() < end) {
			await this.clock.advance(Math.min(piece, end - this.clock.now()));
			await each();
		}
	}

	async close(): Promise<void> {
		await this.product?.stop();
		await this.context.close();
		await this.fakes.stop();
	}
}
