/** Why an item is wanted or not: the facts of one item from the mirror, judged by the pure rule. */
import { judgeItem, type Judgement } from '$lib/domain/wanted';
import type { ItemKind } from '$lib/domain/words';
import type { AppContext } from '../../app-context';
import { connectorOfItem, itemFacts } from '../../db/queries/discovery-facts';
import { rulesOf } from './rules';

/** Null if there is no such item. */
export async function whyNotWanted(
	ctx: AppContext,
	{ kind, id }: { kind: ItemKind; id: number },
): Promise<Judgement | null> {
	const connectorId = await connectorOfItem(ctx.sql, kind, id);
	if (connectorId === null) return null;
	const rules = await rulesOf(ctx.sql, connectorId, ctx.clock.date());
	if (rules === null) return null;
	const [facts] = await itemFacts(ctx.sql, rules.statements, kind, [id]);
	return facts === undefined ? null : judgeItem(facts.facts, rules.judgement);
}
