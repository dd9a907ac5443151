import { addApiKey, getApiKeys } from './operations';

export const GET = getApiKeys.handle;
export const POST = addApiKey.handle;
