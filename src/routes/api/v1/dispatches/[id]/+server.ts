import { getDispatch } from '../operations';

export const GET = getDispatch.handle;
