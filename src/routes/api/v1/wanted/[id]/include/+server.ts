import { includeItem } from '../../operations';

export const POST = includeItem.handle;
