// Titles as libraries have them: words of which a few are in every second title and most are rare, and a fifth of the
// episodes named by their number alone. SQL expressions over a number that differs from row to row.

/** Most common first. The rest is made of syllables. */
const COMMON = [
	'the',
	'of',
	'a',
	'and',
	'part',
	'in',
	'to',
	'night',
	'day',
	'house',
	'man',
	'love',
	'dead',
	'last',
];
const SYLLABLES =
	'ba be bo da de do fa fi ga go ha ho ka ke la le li lo ma me mi mo na ne no pa pe ra re ri ro sa se ta te to va vi wa zo'.split(
		' ',
	);
/** Different words: three syllables each. */
const WORDS = SYLLABLES.length ** 2 * 10;

const pick = (list: readonly string[], at: string): string =>
	`(array[${list.map((word) => `'${word}'`).join(',')}])[1 + (${at}) % ${String(list.length)}]`;

/** A number from 0 to 1, the same for the same seed. */
const chance = (seed: string): string => `((hashint8(${seed}) & 65535) / 65536.0)`;

/** One word: in three of ten cases a common one. */
function word(seed: string): string {
	const rare = `floor(${String(WORDS)} * power(${chance(`${seed} * 31 + 7`)}, 2))::int`;
	const [one, two, three] = [rare, `(${rare} / 40)`, `(${rare} / 1600)`].map((at) => pick(SYLLABLES, at));
	return `case when ${chance(seed)} < 0.3 then ${pick(COMMON, `floor(14 * power(${chance(`${seed} * 17 + 3`)}, 2))::int`)}
		else ${one ?? ''} || ${two ?? ''} || ${three ?? ''} end`;
}

/** The title of the series or movie number `n`, an expression of type bigint. */
export const title = (n: string): string =>
	`initcap(${word(`${n} * 101`)} || ' ' || ${word(`${n} * 103`)} || ' ' || ${word(`${n} * 107`)})`;

/** The title of the episode number `n`, which is the `number`th of its season. */
export const episodeTitle = (n: string, number: string): string =>
	`case when ${n} % 5 = 0 then 'Episode ' || ${number} else initcap(${word(`${n} * 109`)} || ' ' || ${word(`${n} * 113`)}) end`;
