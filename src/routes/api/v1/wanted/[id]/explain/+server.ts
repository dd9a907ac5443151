import { explainItem } from '../../operations';

export const GET = explainItem.handle;
