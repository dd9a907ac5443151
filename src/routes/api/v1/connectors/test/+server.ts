import { tryConnector } from '../operations';

export const POST = tryConnector.handle;
