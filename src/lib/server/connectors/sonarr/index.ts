/** The Sonarr connector. */
export { SonarrClient } from './client';
