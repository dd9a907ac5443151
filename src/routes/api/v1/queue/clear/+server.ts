import { clearSearches } from '../operations';

export const POST = clearSearches.handle;
