/** The applications' own names, and sentences that are said of one of them. */
import type { ConnectorKind } from './words';

export const APPLICATION_NAMES: Readonly<Record<ConnectorKind, string>> = {
	sonarr: 'Sonarr',
	radarr: 'Radarr',
	whisparr: 'Whisparr',
};

/** A general sentence with the name of the application that is meant: "Sonarr refuses this API key." */
export const inNameOf = (text: string, kind: ConnectorKind): string =>
	text.replace(/\b(?:the|this) application\b/gi, APPLICATION_NAMES[kind]);
