import { getPlan } from '../queue/operations';

export const GET = getPlan.handle;
