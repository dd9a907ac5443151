/** One line about a connector's health: how it is, or what is wrong, in its tone. */
import Eye from '@lucide/svelte/icons/eye';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import { healthSigns, type Icon } from '$lib/components/shared/vocabulary';
import type { Tone } from '$lib/components/ui/variants';
import { heldWords } from '$lib/domain/trouble';
import type { ConnectorView } from '$lib/domain/views';
import type { Format } from './format';

export interface HealthLine {
	icon: Icon;
	text: string;
	tone: Tone;
}

export function healthLine(connector: ConnectorView, format: Format, now: Date): HealthLine {
	const sign = healthSigns[connector.enabled ? connector.health : 'disabled'];
	if (!connector.enabled) return { icon: sign.icon, text: 'Disabled', tone: 'neutral' };
	if (connector.health === 'unhealthy' || connector.health === 'offline') {
		const since = connector.healthSince === null ? '' : ` since ${format.moment(connector.healthSince, now)}`;
		return {
			icon: sign.icon,
			text: `${briefTrouble(connector)}${since}`,
			tone: 'destructive',
		};
	}
	if (connector.syncing !== null && !connector.stats.mirrorComplete) {
		return { icon: RefreshCw, text: readingLine(connector, format), tone: 'neutral' };
	}
	if (connector.health === 'degraded') {
		return { icon: sign.icon, text: connector.lastError?.message ?? 'Degraded', tone: 'warning' };
	}
	if (connector.mode === 'observe') return { icon: Eye, text: 'Observe · sends nothing', tone: 'info' };
	return { icon: sign.icon, text: `${sign.word} · ${syncLine(connector, format, now)}`, tone: 'neutral' };
}

/** What is wrong, in half a sentence, with the application's own name. */
export function troubleLine(connector: ConnectorView): string {
	const { lastError, heldReason } = connector;
	if (lastError !== null) return withoutStop(lastError.message);
	if (heldReason !== null) return `Held until you decide: ${heldWords(heldReason)}`;
	return healthSigns[connector.health].word;
}

/** The same for a narrow place. */
function briefTrouble(connector: ConnectorView): string {
	if (connector.lastError?.code === 'unauthorized') return 'Key refused';
	if (connector.lastError?.code === 'key_missing') return 'Needs its key again';
	return troubleLine(connector);
}

/** The same with a capital. */
export const sentence = (words: string): string => words.replace(/^./, (first) => first.toUpperCase());

/** A sentence that goes on. */
const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '');

/** "synced 3 min ago" */
export function syncLine(connector: ConnectorView, format: Format, now: Date): string {
	const sync = connector.stats.lastSync;
	if (sync === null) return 'not read yet';
	if (sync.error !== null) return `last sync failed: ${withoutStop(sync.error.message)}`;
	return sync.endedAt === null ? 'reading now' : `synced ${format.ago(sync.endedAt, now)}`;
}

/** "Reading 12,400 of 38,214" */
export function readingLine(connector: ConnectorView, format: Format): string {
	const progress = connector.syncing?.progress;
	if (progress === undefined || progress.total === 0) return 'Reading the library';
	return `Reading ${format.count(progress.done)} of ${format.count(progress.total)}`;
}

/** "Next search 14:38", "Would search: 712": what comes next there. */
export function nextSearchLine(c: ConnectorView, format: Format, now: Date): string {
	if (!c.enabled) return 'Disabled';
	if (c.mode === 'observe' && !c.stats.mirrorComplete) return 'Would search: counting';
	if (c.mode === 'observe')
		return `Would search: ${format.count(c.stats.gaps + c.stats.qualityUpgrades + c.stats.formatUpgrades)}`;
	if (c.next.at !== null) return `Next search ${format.moment(c.next.at, now)}`;
	return c.next.word === 'now' ? 'Searching now' : 'Next search: none';
}
