import { removeApiKey } from '../operations';

export const DELETE = removeApiKey.handle;
