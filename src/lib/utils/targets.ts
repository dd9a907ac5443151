/** Pages of search targets. */
import { resolve } from '$app/paths';
import type { TargetView } from '$lib/domain/views';

/** The page of an item or season; null where the library lost it. */
export function targetHref({ ref, seasonId }: Pick<TargetView, 'ref' | 'seasonId'>): string | null {
	if (ref !== null) return resolve('/(app)/items/[ref]', { ref });
	return seasonId === null ? null : seasonHref(seasonId);
}

export const seasonHref = (id: number): string => resolve('/(app)/seasons/[id]', { id: String(id) });
