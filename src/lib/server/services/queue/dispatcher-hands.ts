/** Connectors for which this process is claiming or sending right now: recovery must not take that for left behind. */
import type { AppContext } from '../../app-context';

/** For each connector in hand, the moment at which it is put down. */
type Hands = Map<number, Promise<undefined>>;
const hands = new WeakMap<AppContext, Hands>();

function handsOf(ctx: AppContext): Hands {
	const known = hands.get(ctx) ?? new Map<number, Promise<undefined>>();
	hands.set(ctx, known);
	return known;
}

export const isInHand = (ctx: AppContext, connectorId: number): boolean => handsOf(ctx).has(connectorId);

/** Runs `work` with the connector in hand; null if it is in hand already. */
export async function inHand<T>(
	ctx: AppContext,
	connectorId: number,
	work: () => Promise<T>,
): Promise<T | null> {
	return isInHand(ctx, connectorId) ? null : take(ctx, connectorId, work);
}

/** Runs `work` with the connector in hand, after everybody who has it in hand has put it down. */
export async function inHandAfterOthers<T>(
	ctx: AppContext,
	connectorId: number,
	work: () => Promise<T>,
): Promise<T> {
	const own = handsOf(ctx);
	for (let other = own.get(connectorId); other !== undefined; other = own.get(connectorId)) await other;
	return take(ctx, connectorId, work);
}

async function take<T>(ctx: AppContext, connectorId: number, work: () => Promise<T>): Promise<T> {
	const own = handsOf(ctx);
	const down = Promise.withResolvers<undefined>();
	own.set(connectorId, down.promise);
	try {
		return await work();
	} finally {
		own.delete(connectorId);
		down.resolve(undefined);
	}
}
