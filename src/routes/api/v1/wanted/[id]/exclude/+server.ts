import { excludeItem } from '../../operations';

export const POST = excludeItem.handle;
