/** REST: work that was asked for and can be followed. */
import * as v from 'valibot';
import { notFound } from '$lib/server/app-error';
import { operation } from '$lib/server/api/operation';
import { instant, nullableInstant } from '$lib/server/api/schemas';
import { findJob } from '$lib/server/db/queries/jobs';
import { JOB_STATUSES } from '$lib/domain/words';

const jobSchema = v.object({
	id: v.string(),
	kind: v.string(),
	connectorId: v.nullable(v.number()),
	status: v.picklist(JOB_STATUSES),
	progress: v.object({ done: v.number(), total: v.number() }),
	result: v.nullable(v.looseObject({})),
	error: v.nullable(v.object({ code: v.string(), message: v.string() })),
	createdAt: instant,
	startedAt: nullableInstant,
	endedAt: nullableInstant,
});

export const getJob = operation({
	method: 'GET',
	path: '/jobs/{id}',
	summary: 'How far a job is. Kept for seven days.',
	tag: 'Jobs',
	params: v.object({ id: v.pipe(v.string(), v.uuid()) }),
	answers: { 200: jobSchema },
	errors: ['not_found'],
	run: async ({ ctx, params }) => {
		const row = await findJob(ctx.db, params.id);
		if (row === undefined) throw notFound('job');
		const { progressDone, progressTotal, runner: _, args: __, ...rest } = row;
		return { body: { ...rest, progress: { done: progressDone, total: progressTotal } } };
	},
});
