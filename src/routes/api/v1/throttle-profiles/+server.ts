import { getThrottleProfiles } from './operations';

export const GET = getThrottleProfiles.handle;
