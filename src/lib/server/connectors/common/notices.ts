/** What a user should know about the version and the settings of an application. */
import type { ConnectorKind } from '$lib/domain/words';
import type { Instance, InstanceNotice } from './types';
import { isAtLeast, parseVersion } from './version';

/** Supported in full; one major number below works with weak evidence (design §4.1). */
const supported: Readonly<Record<ConnectorKind, { from: number; to: number; weakFrom: number }>> = {
	sonarr: { from: 4, to: 5, weakFrom: 3 },
	radarr: { from: 4, to: 6, weakFrom: 3 },
	whisparr: { from: 2, to: 3, weakFrom: 2 },
};
/** Builds from source count from here (arr §4.1). */
const FROM_SOURCE = 10;

/** First versions without known holes, by major number: published advisories of the projects. */
const mended: Readonly<Partial<Record<ConnectorKind, Readonly<Record<number, string>>>>> = {
	sonarr: { 4: '4.0.17.2950' },
};

export function noticesOf(instance: Omit<Instance, 'notices'>): InstanceNotice[] {
	return [...versionNotices(instance), ...settingNotices(instance)];
}

function versionNotices({ application, kind, version, major }: Omit<Instance, 'notices'>): InstanceNotice[] {
	const { from, to, weakFrom } = supported[kind];
	const name = `${application} ${version}`;
	if (major >= FROM_SOURCE) return [];
	if (major < weakFrom || major > to) {
		const message = `${name} is not supported: what it answers may be misread. Supported are versions ${from} to ${to}.`;
		return [{ code: 'unsupported_version', message }];
	}
	if (major < from) {
		const message = `${name} is no longer maintained and does not tell which search led to a grab: outcomes are weak evidence.`;
		return [{ code: 'weak_evidence', message }];
	}
	const fixed = mended[kind]?.[major];
	if (fixed === undefined || isAtLeast(parseVersion(version), fixed)) return [];
	const message = `${name} has published security holes. Update it to ${fixed} or later.`;
	return [{ code: 'vulnerable_version', message }];
}

function settingNotices({ application, authentication }: Omit<Instance, 'notices'>): InstanceNotice[] {
	if (authentication?.toLowerCase() !== 'none') return [];
	const message = `${application} has no authentication: everybody who reaches its address can change everything, and read the API key.`;
	return [{ code: 'no_authentication', message }];
}
