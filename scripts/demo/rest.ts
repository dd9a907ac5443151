// What the demo asks of the product, over the interface that everybody has.
import * as v from 'valibot';
import type { DemoSite } from './libraries.ts';

const connectorSchema = v.object({ id: v.number() });
const statsSchema = v.object({
	gaps: v.nullable(v.number()),
	qualityUpgrades: v.nullable(v.number()),
	mirrorComplete: v.boolean(),
	searchedToday: v.number(),
});
export type Stats = v.InferOutput<typeof statsSchema>;

const dispatchesSchema = v.object({ items: v.array(v.looseObject({ outcome: v.nullable(v.string()) })) });

export class DemoRest {
	constructor(
		private readonly url: string,
		private readonly apiKey: string,
	) {}

	async addConnector(site: DemoSite, fake: { url: string; apiKey: string }): Promise<number> {
		const { name, kind, mode, settings } = site;
		const answer = await this.#ask('POST', '/connectors', { name, kind, mode, settings, ...fake });
		return v.parse(connectorSchema, answer).id;
	}

	async stats(id: number): Promise<Stats> {
		return v.parse(statsSchema, await this.#ask('GET', `/connectors/${String(id)}/stats`));
	}

	/** How many of the newest searches led to what. */
	async outcomes(): Promise<Map<string, number>> {
		const { items } = v.parse(dispatchesSchema, await this.#ask('GET', '/dispatches?limit=500'));
		const counts = new Map<string, number>();
		for (const { outcome } of items) {
			const name = outcome ?? 'under way';
			counts.set(name, (counts.get(name) ?? 0) + 1);
		}
		return counts;
	}

	async #ask(method: string, path: string, body?: object): Promise<unknown> {
		const response = await fetch(`${this.url}/api/v1${path}`, {
			method,
			headers: { 'x-api-key': this.apiKey, 'content-type': 'application/json' },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} ${path} was answered ${String(response.status)}: ${text}`);
		return JSON.parse(text);
	}
}
