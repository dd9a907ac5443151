// Compares a webhook that the fake delivered with a recorded delivery.
import { compare } from './compare';
import type { Exchange } from './load';
import type { Delivery } from './receiver';

const told = ['content-type', 'accept', 'authorization', 'x-token'] as const;

export function compareDelivery(exchange: Exchange, delivery: Delivery | undefined): string[] {
	if (!delivery) return ['was not delivered'];
	const was = exchange.request;
	const differences: string[] = [];
	if (delivery.method !== was.method) differences.push(`method ${delivery.method} instead of ${was.method}`);
	const agent = productOf(was.headers?.['user-agent']);
	if (productOf(delivery.headers['user-agent']) !== agent) {
		differences.push(`user-agent "${delivery.headers['user-agent'] ?? ''}" instead of ${agent}`);
	}
	for (const name of told) {
		const before = was.headers?.[name];
		const now = delivery.headers[name];
		if (before === undefined) continue;
		const same = name === 'authorization' ? now?.startsWith('Basic ') : now === before;
		if (!same) differences.push(`${name} "${now ?? ''}" instead of "${before}"`);
	}
	const recorded = { status: 200, headers: {}, body: was.body ?? '' };
	const answer = { status: 200, headers: {}, text: delivery.text };
	differences.push(...compare(recorded, answer, { resource: 'delivery' }));
	return differences;
}

/** `Sonarr/10.0.0.17144 (<os>)` is Sonarr with a version and something in brackets. */
function productOf(agent: string | undefined): string {
	const match = /^(\w+)\/[\d.]+ \(.+\)$/.exec(agent ?? '');
	return match?.[1] ?? `"${agent ?? ''}"`;
}
