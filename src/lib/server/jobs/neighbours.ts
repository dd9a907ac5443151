/**
 * Processes that share a database tell each other that there is something to do for a connector, so that the one that
 * works for it looks at once. Nothing rests on it: whoever was not told finds the same at its next look.
 */
import type { AppContext } from '../app-context';

const CHANNEL = 'comradarr_work';

/** There is something to do for the connector, for whoever works for it. */
export async function tellOthers(ctx: AppContext, connectorId: number): Promise<void> {
	try {
		await ctx.clock.busy(ctx.sql.notify(CHANNEL, String(connectorId)), 'notify');
	} catch (error) {
		ctx.log.warn('Other processes could not be told of work.', { connector: connectorId, error });
	}
}

export interface Listener {
	/** Another process, or this one, said that there is something to do. */
	told: (connectorId: number) => Promise<void>;
	/** Listening begins, or begins again after a loss: what was said meanwhile was not heard. */
	began: () => Promise<void>;
}

/** Listens until the returned act is called. */
export async function listenToOthers(ctx: AppContext, listener: Listener): Promise<() => Promise<void>> {
	const calmly = (work: Promise<void>): void => {
		work.catch((error: unknown) => ctx.log.warn('Work that was told of could not be begun.', { error }));
	};
	try {
		const subscription = await ctx.sql.listen(
			CHANNEL,
			(payload) => calmly(listener.told(Number(payload))),
			() => calmly(listener.began()),
		);
		return () => subscription.unlisten();
	} catch (error) {
		ctx.log.warn('Other processes cannot be heard; their work is seen once a minute.', { error });
		return () => Promise.resolve();
	}
}
