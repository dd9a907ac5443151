/** The kinds of work that can be asked for: what is done, by whichever process works for the connector. */
import * as v from 'valibot';
import type { AppContext } from '../app-context';
import { AppError } from '../app-error';
import type { SyncReport } from '../services/sync';
import { SYNC_MODES } from '$lib/domain/words';
import { discoverAndPlan, sweep } from './sweep';
import { syncConnector, type Progress } from './sync';

export type Args = Record<string, unknown>;

export interface AskedWork {
	connectorId: number;
	args: Args;
	onProgress: Progress;
	/** Aborted when the process stops. */
	signal: AbortSignal;
}

interface Kind {
	/** Gives what the job's result shall be; an error it throws is what the job failed of. */
	run: (ctx: AppContext, work: AskedWork) => Promise<Args>;
	/** True if a job that is open does what is asked for now as well. */
	covers: (open: Args, asked: Args) => boolean;
}

const modeOf = (args: Args) => v.parse(syncArgs, args).mode;
const syncArgs = v.object({ mode: v.optional(v.picklist(SYNC_MODES), 'incremental') });

/** A sync, then discovery and plan. */
const sync: Kind = {
	run: async (ctx, { connectorId, args, onProgress, signal }) => {
		const report = await syncConnector(ctx, connectorId, modeOf(args), { onProgress, signal });
		mustHaveEnded(report);
		const found = await discoverAndPlan(ctx, connectorId);
		ctx.wake.queueChanged(connectorId);
		return { mode: report.mode, requests: report.requests, changed: report.changed, ...found };
	},
	covers: (open, asked) => modeOf(open) === 'full' || modeOf(open) === modeOf(asked),
};

/** A whole sweep: sync if the last one is older than five minutes, discovery, plan. */
const wholeSweep: Kind = {
	run: async (ctx, { connectorId, onProgress, signal }) => {
		const report = await sweep(ctx, connectorId, { onProgress, signal, asked: true });
		ctx.wake.queueChanged(connectorId);
		if (report.sync !== null) mustHaveEnded(report.sync);
		return { ...report.found };
	},
	covers: () => true,
};

/** A new kind is one line here. */
const KINDS = new Map<string, Kind>([
	['sync', sync],
	['sweep', wholeSweep],
]);

export const ASKED_KINDS: readonly string[] = [...KINDS.keys()];

export function askedKind(name: string): Kind {
	const kind = KINDS.get(name);
	if (kind === undefined) throw new Error(`There is no work of the kind ${name}.`);
	return kind;
}

/** What kept a sync from ending well is what its job failed of. */
function mustHaveEnded({ error }: SyncReport): void {
	if (error !== null) throw new AppError(error.code, 503, error.message);
}
