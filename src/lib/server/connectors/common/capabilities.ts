/** What can be relied on in which version (arr §16, and the sections named). One line per capability. */
import type { ConnectorKind, Shape } from '$lib/domain/words';
import type { Capabilities } from './types';
import { isAtLeast } from './version';
import type { Version } from './version';

/** `newest`: a Sonarr that serves `/api/v5`; a build from source does not tell by its version. */
export function capabilitiesOf(
	kind: ConnectorKind,
	shape: Shape,
	version: Version,
	newest: boolean,
): Capabilities {
	if (kind === 'sonarr') return sonarr(version, newest);
	if (kind === 'radarr') return radarr(version);
	return shape === 'series' ? whisparr2 : whisparr3;
}

function sonarr(version: Version, newest: boolean): Capabilities {
	const four = isAtLeast(version, '4.0');
	return {
		lastSearchTime: isAtLeast(version, '4.0.9.2332'),
		releaseSource: four,
		commandIdentity: four ? 'UserAgent' : 'User-Agent',
		wantedTotals: true,
		// arr §4.5: reported for 4.0.11
		endedCommandsReadable: !four || isAtLeast(version, '4.0.12'),
		durationProof: false,
		lastSearchTimeWeak: false,
		movieFilesByManyIds: false,
		// arr §5.2
		sameQualityAboveCutoff: four,
		// arr §9.1: version 5 parks
		dropsWhileClientAway: !newest,
	};
}

function radarr(version: Version): Capabilities {
	return {
		lastSearchTime: isAtLeast(version, '5.10.3.9178'),
		releaseSource: isAtLeast(version, '4.5.1.7282'),
		commandIdentity: isAtLeast(version, '4.0') ? 'UserAgent' : 'User-Agent',
		wantedTotals: isAtLeast(version, '5.6.0.8846'),
		endedCommandsReadable: true,
		durationProof: false,
		lastSearchTimeWeak: false,
		movieFilesByManyIds: isAtLeast(version, '5.3.3.8535'),
		sameQualityAboveCutoff: false,
		dropsWhileClientAway: true,
	};
}

/** arr §4.5 */
const whisparr2: Capabilities = {
	lastSearchTime: false,
	releaseSource: true,
	commandIdentity: 'UserAgent',
	wantedTotals: true,
	endedCommandsReadable: false,
	durationProof: true,
	lastSearchTimeWeak: false,
	movieFilesByManyIds: false,
	sameQualityAboveCutoff: false,
	dropsWhileClientAway: true,
};

/** arr §4.6 */
const whisparr3: Capabilities = {
	lastSearchTime: true,
	releaseSource: true,
	commandIdentity: 'UserAgent',
	wantedTotals: true,
	endedCommandsReadable: true,
	durationProof: false,
	lastSearchTimeWeak: true,
	movieFilesByManyIds: true,
	sameQualityAboveCutoff: false,
	dropsWhileClientAway: true,
};
