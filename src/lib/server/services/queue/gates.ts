/**
 * The facts that must hold before a search is sent, in the order in which they are asked (design: gates). One
 * definition each, for the explanation of an item and for the choice of the next search: what closes here is what the
 * user is told. Whether an item's own facts hold is computed by the database (`plan-items.ts`); here they get words.
 */
import { inNameOf } from '$lib/domain/application';
import type { GateFact } from '$lib/domain/explanation';
import type { Judgement } from '$lib/domain/wanted';
import { heldWords, isKeyTrouble } from '$lib/domain/trouble';
import { GATES, type Gate, type WantedReason } from '$lib/domain/words';
import type { ItemFacts } from '../../db/queries/plan-items';
import { budgetGate } from './gates-budget';
import { excludedGate, graceGate, inFlightGate, stateGate, wantedGate } from './gates-item';
import { searchIndexers, type ConnectorFacts, type Reading } from './facts';

/** What is asked for: a single search of the item, or one of its season. */
export interface Ask {
	cost: number;
	reason: WantedReason;
	/** Asked for by the user: goes first, and passes over some of the gates. */
	byUser: boolean;
	/** Of an item that discovery left out: why. */
	judgement?: Judgement | null;
}

export type GateAnswer = Omit<GateFact, 'gate'>;
/** All gates but the turn, which is a matter of the others in line. */
export type FactGate = Exclude<Gate, 'turn'>;

/** What a search of the user passes over. */
const PASSED_BY_USER: ReadonlySet<Gate> = new Set<Gate>([
	'kind_enabled',
	'search_window',
	'not_excluded',
	'grace_and_delay',
	'state',
]);

/** Facts of the connector alone: the same for all of its items. */
const CONNECTOR_GATES = {
	connector_enabled: ({ connector }) =>
		connector.enabled
			? open(`${connector.name} is switched on.`)
			: closed(`${connector.name} is switched off.`),
	mode_active: ({ connector }) =>
		connector.mode === 'active'
			? open('Searching is started.')
			: closed('Only observing: nothing is sent until searching is started.'),
	not_paused: ({ connector, pausedGlobally }) => {
		if (pausedGlobally) return closed('All searches are paused.');
		return connector.paused ? closed(`Searches of ${connector.name} are paused.`) : open('Not paused.');
	},
	reachable: reachableGate,
	search_window: () => open('Searches are allowed at any hour.'),
	usable_indexer: (facts) => usableIndexerGate(facts),
	download_client: downloadClientGate,
} satisfies Partial<Record<FactGate, (facts: ConnectorFacts) => GateAnswer>>;

/** Facts of one item. */
const ITEM_GATES = {
	kind_enabled: (_, item, ask) =>
		isKindOpen(item, ask)
			? open(`${KIND_WORDS[item.reason]} are switched on.`)
			: closed(`${KIND_WORDS[ask.judgement?.off ?? item.reason]} are switched off.`),
	wanted: wantedGate,
	not_excluded: (_, item) => excludedGate(item),
	grace_and_delay: (_, item, ask) => graceGate(item, ask),
	not_in_flight: inFlightGate,
	not_covered_by_season: (_, item) =>
		item.coveredBy === null
			? open('No search of its season is under way.')
			: closed('Its season is being searched.'),
	state: (facts, item) => stateGate(item, facts.now),
	usable_indexer: usableIndexerGate,
	budget_and_spacing: budgetGate,
} satisfies Partial<Record<FactGate, (facts: ConnectorFacts, item: ItemFacts, ask: Ask) => GateAnswer>>;

type ConnectorGate = keyof typeof CONNECTOR_GATES;
type ItemGate = keyof typeof ITEM_GATES;

/** Every fact but the turn, in order. */
export function itemGates(facts: ConnectorFacts, item: ItemFacts, ask: Ask): GateFact[] {
	return GATES.filter((gate) => gate !== 'turn').map((gate) => ({ gate, ...answer(gate, facts, item, ask) }));
}

/** The first fact that keeps the whole connector from searching. */
export function closedConnectorGate(facts: ConnectorFacts): GateFact | null {
	const gates = GATES.filter(isConnectorGate).map((gate) => ({
		gate,
		...named(facts, CONNECTOR_GATES[gate](facts)),
	}));
	return gates.find((fact) => !fact.open) ?? null;
}

function answer(gate: FactGate, facts: ConnectorFacts, item: ItemFacts, ask: Ask): GateAnswer {
	if (ask.byUser && PASSED_BY_USER.has(gate)) return open('You asked for it: this is passed over.');
	return named(facts, isItemGate(gate) ? ITEM_GATES[gate](facts, item, ask) : CONNECTOR_GATES[gate](facts));
}

/** The sentences are general; told is the name of the application that is meant. */
const named = ({ connector }: ConnectorFacts, answer: GateAnswer): GateAnswer => ({
	...answer,
	detail: inNameOf(answer.detail, connector.kind),
});

const isConnectorGate = (gate: Gate): gate is ConnectorGate => gate in CONNECTOR_GATES;
const isItemGate = (gate: FactGate): gate is ItemGate => gate in ITEM_GATES;

/** Of an item that discovery left out its judgement decides: it may be left out for another reason. */
const isKindOpen = (item: ItemFacts, { judgement }: Ask): boolean =>
	item.wantedId === null && judgement !== undefined && judgement !== null
		? judgement.why !== 'kind_off'
		: item.kindOpen;

const KIND_WORDS: Readonly<Record<WantedReason, string>> = {
	gap: 'Searches for missing items',
	quality: 'Searches for a better quality',
	format: 'Searches for a better format score',
};

function reachableGate({ connector }: ConnectorFacts): GateAnswer {
	if (connector.heldReason !== null)
		return closed(`${connector.name} is held until you decide: ${heldWords(connector.heldReason)}.`);
	if (connector.health === 'offline' || connector.health === 'unhealthy') {
		if (isKeyTrouble(connector.lastError?.code)) return closed(keyWords(connector));
		const reason = connector.healthReason ?? connector.lastError?.message ?? 'it does not answer';
		const probe = connector.nextProbeAt === null ? {} : { until: connector.nextProbeAt };
		return { ...closed(`${connector.name} cannot be reached: ${reason}`), ...probe };
	}
	if (!connector.mirrorComplete) return closed(`${connector.name} is still being read for the first time.`);
	return open(`${connector.name} answers.`);
}

/** Time alone mends neither, so there is no moment until which it is closed. */
const keyWords = ({ name, lastError }: ConnectorFacts['connector']): string =>
	lastError?.code === 'key_missing'
		? `The API key of ${name} has to be entered again.`
		: `The application refuses the API key of ${name}. Enter the new key there.`;

/** With an item: also whether the indexers' tags meet the item's. */
function usableIndexerGate(facts: ConnectorFacts, item?: ItemFacts): GateAnswer {
	const half = halfOpen(facts, 'indexer');
	if (half !== null) return half;
	const stale = staleness(facts.health, 'health') ?? staleness(facts.indexers, 'indexers');
	if (stale !== null) return stale;
	if (facts.indexerComplaint !== null)
		return closed('The application says that no indexer can be asked now.');
	const usable = searchIndexers(facts.indexers.value ?? []).length;
	if (usable === 0) return closed('No indexer is set up for automatic searches.');
	if (item?.indexerOpen === false)
		return closed('No indexer takes it: their tags do not meet those of the title.');
	return {
		...open(`${usable} ${usable === 1 ? 'indexer' : 'indexers'} can be asked.`),
		...asOf(facts.health),
	};
}

function downloadClientGate(facts: ConnectorFacts): GateAnswer {
	const half = halfOpen(facts, 'download_client');
	if (half !== null) return half;
	const stale = staleness(facts.health, 'health');
	if (stale !== null) return stale;
	return facts.clientComplaint === null
		? { ...open('A download client takes what is found.'), ...asOf(facts.health) }
		: closed('No download client takes what is found.');
}

/** Causes that are read of the application: nothing need have been sent. */
const CLOSED_WORDS: Readonly<Record<string, string>> = {
	no_indexer: 'The application says that no indexer can be asked',
	indexers_failed: 'The application says that its indexers fail',
	client_away: 'The application says that no download client is available',
};
const LAST_TIME = {
	indexer: 'no indexer could be asked',
	download_client: 'no download client took what was found',
} as const;

/** A gate that an outcome or a complaint closed lets one search through when its term is over. */
function halfOpen(facts: ConnectorFacts, name: 'indexer' | 'download_client'): GateAnswer | null {
	const row = facts.gates.get(name);
	if (row === undefined) return null;
	const why = CLOSED_WORDS[row.cause] ?? `Last time ${LAST_TIME[name]}`;
	if (row.until <= facts.now) return open(`${why}; one search is let through to see.`);
	return { ...closed(`${why}; the next try comes later.`), until: row.until };
}

function staleness(reading: Reading<unknown>, what: string): GateAnswer | null {
	if (reading.fresh) return null;
	if (reading.readAt === null) return closed(`The ${what} of the application was not read yet.`);
	return {
		...closed(`The ${what} of the application was not read since ${told(reading.readAt)}.`),
		...asOf(reading),
	};
}

const asOf = (reading: Reading<unknown>): { asOf?: Date } =>
	reading.readAt === null ? {} : { asOf: reading.readAt };

const told = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function open(detail: string): GateAnswer {
	return { open: true, detail };
}

function closed(detail: string): GateAnswer {
	return { open: false, detail };
}
