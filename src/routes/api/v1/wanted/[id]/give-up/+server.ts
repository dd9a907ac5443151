import { giveUpItem } from '../../operations';

export const POST = giveUpItem.handle;
