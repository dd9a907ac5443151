import { syncConnectorNow } from '../../operations';

export const POST = syncConnectorNow.handle;
