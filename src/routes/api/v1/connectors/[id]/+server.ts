import { changeConnector, getConnector, removeConnector } from '../operations';

export const GET = getConnector.handle;
export const PATCH = changeConnector.handle;
export const DELETE = removeConnector.handle;
