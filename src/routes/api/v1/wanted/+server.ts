import { listWantedItems } from './operations';

export const GET = listWantedItems.handle;
