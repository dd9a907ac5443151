import { searchItem } from '../../operations';

export const POST = searchItem.handle;
