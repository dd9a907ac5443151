import { getItem } from '../operations';

export const GET = getItem.handle;
