// The product's promises, checked on what was really sent.
import type { ThrottleProfile } from '../../src/lib/domain/throttle';
import type { ReceivedCommand } from '../fakes/arr/control';
import { DAY, HOUR, MINUTE } from './world';

export interface Sent {
	at: Date;
	cost: number;
	returned: boolean;
	key: string;
	outcome: string | null;
}

/** One line per command that the fake reckons should not have been sent. */
export function checkCommands(commands: readonly ReceivedCommand[]): string[] {
	return commands.flatMap(({ allowed, at, body }) =>
		allowed === null || allowed.allowed
			? []
			: [`${new Date(at).toISOString()} ${JSON.stringify(body)}: ${allowed.against.join(', ')}`],
	);
}

/** One line per window that was exceeded and per pair that came too close. */
export function checkWindows(sent: readonly Sent[], profile: ThrottleProfile): string[] {
	const found: string[] = [];
	const kept = sent.filter((one) => !one.returned);
	const windows = [
		{ name: 'hour', ms: HOUR, limit: profile.costPerHour },
		{ name: 'day', ms: DAY, limit: profile.costPerDay },
	];
	for (const { name, ms, limit } of windows) {
		for (const last of kept) {
			const inside = kept.filter((one) => one.at <= last.at && one.at.getTime() > last.at.getTime() - ms);
			const cost = inside.reduce((sum, one) => sum + one.cost, 0);
			if (cost > limit)
				found.push(`${name} ending ${last.at.toISOString()}: ${String(cost)} of ${String(limit)}`);
		}
	}
	for (let at = 1; at < sent.length; at++) {
		const [before, after] = [sent[at - 1], sent[at]];
		if (before === undefined || after === undefined) continue;
		const gap = after.at.getTime() - before.at.getTime();
		if (gap < Math.min(profile.spacingMs, MINUTE))
			found.push(`only ${String(gap)} ms before ${after.at.toISOString()}`);
	}
	return found.slice(0, 20);
}
