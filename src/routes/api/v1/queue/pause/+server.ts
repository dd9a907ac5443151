import { pauseSearching } from '../operations';

export const POST = pauseSearching.handle;
