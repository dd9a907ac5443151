/** Why the totals of the application and ours differ, in words; counted by each full sync. */
import * as v from 'valibot';
import type { ConnectorSettings } from './settings';

const detailSchema = v.object({
	comparison: v.object({ reasons: v.record(v.string(), v.number()) }),
});

export interface ArrDifference {
	missing: string[];
	cutoffUnmet: string[];
}

const MISSING: Readonly<Record<string, (count: string) => string>> = {
	specials: (count) => `${count} specials`,
	notAvailable: (count) => `${count} not available yet`,
	inGrace: (count) => `${count} too new`,
	notSearchable: (count) => `${count} that cannot be searched`,
	unconfirmed: (count) => `${count} not listed the last time`,
	yearless: (count) => `it leaves out ${count} without a year`,
};
const CUTOFF_UNMET: typeof MISSING = {
	upgradesNotAllowed: (count) => `${count} in profiles without upgrades`,
};

const OFF = 'not searched here';
const FILTERED = 'some left out by your filters';

/** `detail`: of the last full sync; where it tells nothing, only the settings do. */
export function arrDifference(detail: unknown, settings: ConnectorSettings): ArrDifference {
	const parsed = v.safeParse(detailSchema, detail);
	const reasons = parsed.success ? parsed.output.comparison.reasons : {};
	const isFiltered = Object.values(settings.filters).some((chosen) => chosen.length > 0);
	const told = (words: typeof MISSING): string[] =>
		Object.entries(words).flatMap(([name, say]) => {
			const count = reasons[name] ?? 0;
			return count === 0 ? [] : [say(new Intl.NumberFormat('en-US').format(count))];
		});
	const of = (words: typeof MISSING, { enabled }: { enabled: boolean }): string[] =>
		enabled ? [...told(words), ...(isFiltered ? [FILTERED] : [])] : [OFF];
	return {
		missing: of(MISSING, settings.kinds.gap),
		cutoffUnmet: of(CUTOFF_UNMET, settings.kinds.quality),
	};
}
