/** The Whisparr connector, both generations. */
export { whisparrClient } from './client';
