import { listQueue } from './operations';

export const GET = listQueue.handle;
