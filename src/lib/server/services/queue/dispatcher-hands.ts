/** Connectors for which this process is claiming or sending right now: recovery must not take that for left behind. */
import type { AppContext } from '../../app-context';

const hands = new WeakMap<AppContext, Set<number>>();

function handsOf(ctx: AppContext): Set<number> {
	const known = hands.get(ctx) ?? new Set<number>();
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
	const own = handsOf(ctx);
	if (own.has(connectorId)) return null;
	own.add(connectorId);
	try {
		return await work();
	} finally {
		own.delete(connectorId);
	}
}
