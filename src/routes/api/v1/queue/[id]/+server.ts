import { removeQueued } from '../operations';

export const DELETE = removeQueued.handle;
