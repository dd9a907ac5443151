import { sweepConnectorNow } from '../../operations';

export const POST = sweepConnectorNow.handle;
