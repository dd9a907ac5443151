/** What the progress messages of a search tell: a hint where there is one, never the truth where there is none. */
const SEEN = [/Total of (\d+) reports? (?:was|were) found/, /Processing release \d+\/(\d+)/];

/** How many releases the indexers showed, as far as a progress message told; 0 = it said there were none. */
export function releasesSeen(messages: readonly string[]): number | null {
	const counts = messages.flatMap((message) => SEEN.map((pattern) => pattern.exec(message)?.[1] ?? null));
	const numbers = counts.filter((count) => count !== null).map(Number);
	if (messages.some((message) => message.startsWith('No results found'))) numbers.push(0);
	return numbers.length === 0 ? null : Math.max(...numbers);
}
