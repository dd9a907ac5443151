import { listDispatches } from './operations';

export const GET = listDispatches.handle;
