// What the tests of jobs share.
import { findJob, type JobRow } from '../../../src/lib/server/db/queries/jobs';
import type { Bed } from '../sync/with-fakes';

/** The job once it is over; our clock runs on while its work waits for it. */
export function endedJob(bed: Pick<Bed, 'ctx' | 'run'>, id: string): Promise<JobRow> {
	const over = async (): Promise<JobRow> => {
		for (;;) {
			const job = await findJob(bed.ctx.db, id);
			if (job === undefined) throw new Error(`there is no job ${id}`);
			if (job.status === 'done' || job.status === 'failed') return job;
			await Bun.sleep(5);
		}
	};
	return bed.run(over());
}
