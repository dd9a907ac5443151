/** The Radarr connector. */
export { RadarrClient } from './client';
