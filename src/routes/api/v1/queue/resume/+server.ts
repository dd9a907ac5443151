import { resumeSearching } from '../operations';

export const POST = resumeSearching.handle;
