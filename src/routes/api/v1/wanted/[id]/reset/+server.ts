import { resetItem } from '../../operations';

export const POST = resetItem.handle;
