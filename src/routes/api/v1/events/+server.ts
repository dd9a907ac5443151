import { listEvents } from './operations';

export const GET = listEvents.handle;
