import { connectorStats } from '../../operations';

export const GET = connectorStats.handle;
