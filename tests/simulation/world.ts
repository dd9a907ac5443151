// The real composition (pages and REST, jobs, services, PostgreSQL) against fakes in another process, in virtual time.
import { virtualClock, type VirtualClock } from '../../src/lib/server/clock';
import type { ConnectorKind, Mode } from '../../src/lib/domain/words';
import type { ConnectorSettingsInput } from '../../src/lib/domain/settings';
import { startFakes, type FakeInstance, type Fakes, type InstanceOptions } from '../fakes/arr/control';
import { restClient, type RestClient } from '../integration/rest/client';
import { Browser } from '../security/browser';
import { startInProcess, type InProcess } from '../setup/in-process';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Every run begins here, so that seeds mean the same. */
const START = Date.UTC(2026, 2, 2, 6, 0, 0);

export interface Site {
	fake: FakeInstance;
	connector: { id: number; name: string };
}

export class SimulatedWorld {
	readonly sites: Site[] = [];

	private constructor(
		readonly fakes: Fakes,
		readonly clock: VirtualClock,
		readonly product: InProcess,
		readonly rest: RestClient,
	) {}

	static async open(seed = 1): Promise<SimulatedWorld> {
		const fakes = await startFakes({ start: START });
		const clock = virtualClock(START, {
			beforeFire: async (t) => {
				await fakes.clock.set(t);
			},
		});
		const product = await startInProcess({ clock, random: seededRandom(seed) });
		const rest = await restClient(product.url, product.apiKey);
		return new SimulatedWorld(fakes, clock, product, rest);
	}

	/** Adds an application by REST, as a script would, or by the form of its page; what else is to be set, by REST. */
	async add(
		kind: ConnectorKind,
		options: InstanceOptions,
		{
			by = 'rest',
			...connect
		}: { by?: 'rest' | 'page'; mode?: Mode; settings?: ConnectorSettingsInput } = {},
	): Promise<Site> {
		const fake = await this.fakes.create({ prerender: true, ...options });
		const name = `${options.kind} ${String(this.sites.length + 1)}`;
		const form = { kind, name, url: fake.url, apiKey: fake.apiKey };
		const id = by === 'rest' ? await this.addByRest({ ...form, ...connect }) : await this.addByPage(form);
		if (by === 'page' && Object.keys(connect).length > 0) {
			const { status } = await this.rest.patch(`/connectors/${String(id)}`, connect);
			if (status !== 200) throw new Error(`The connector ${name} could not be set.`);
		}
		const site = { fake, connector: { id, name } };
		this.sites.push(site);
		return site;
	}

	private async addByRest(wanted: Readonly<Record<string, unknown>>): Promise<number> {
		const { status, body } = await this.rest.post<{ id: number }>('/connectors', wanted);
		if (status !== 201) throw new Error(`The connector was not added: ${JSON.stringify(body)}`);
		return body.id;
	}

	/** As somebody without script: logs in, sends the form, and is led to the page of what was added. */
	private async addByPage(form: Record<string, string>): Promise<number> {
		const browser = new Browser(this.product);
		await browser.login();
		const answer = await browser.form('/connectors?/add', form);
		const id = /\/connectors\/(\d+)$/.exec(answer.headers.get('location') ?? '')?.[1];
		if (id === undefined) throw new Error(`The connector was not added: ${await answer.text()}`);
		return Number(id);
	}

	/** Rows of the product's database, as they are. */
	async rows<Row>(query: string, values: readonly (string | number | Date)[] = []): Promise<Row[]> {
		return Array.from((await this.product.database.sql.unsafe(query, [...values])) as Row[]);
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
		await this.product.stop();
		await this.fakes.stop();
	}
}

/** Mulberry32: small, and the same everywhere. */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
}
