import { addConnector, listConnectors } from './operations';

export const GET = listConnectors.handle;
export const POST = addConnector.handle;
