// The scenes of all recorded kinds.
import type { Kind } from '../load';
import { radarr6Scenes } from './radarr';
import { sonarr4Scenes } from './sonarr4';
import { sonarr5Scenes } from './sonarr5';
import type { Scenes } from './types';
import { whisparr2Scenes } from './whisparr2';
import { whisparr3Scenes } from './whisparr3';

export const scenesOf: Readonly<Record<Kind, Scenes>> = {
	sonarr4: sonarr4Scenes,
	sonarr5: sonarr5Scenes,
	radarr6: radarr6Scenes,
	whisparr2: whisparr2Scenes,
	whisparr3: whisparr3Scenes,
};
