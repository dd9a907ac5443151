/** Version numbers of applications: four parts, compared as numbers (arr §4.1). */
export type Version = readonly number[];

/** `4.0.19.2979` → [4, 0, 19, 2979]; a part that is no number counts as 0. */
export function parseVersion(text: string): Version {
	return text.split(/[.\-+ ]/, 4).map((part) => (/^\d{1,9}$/.test(part) ? Number(part) : 0));
}

export function isAtLeast(version: Version, least: string): boolean {
	const other = parseVersion(least);
	for (let part = 0; part < 4; part += 1) {
		const difference = (version[part] ?? 0) - (other[part] ?? 0);
		if (difference !== 0) return difference > 0;
	}
	return true;
}
