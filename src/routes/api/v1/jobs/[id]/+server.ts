import { getJob } from '../operations';

export const GET = getJob.handle;
