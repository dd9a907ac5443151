/** What the fields of a refused form held: without script the page comes anew, and nobody types twice. */

export interface Refused {
	/** Which form of the page. */
	section: string;
	/** All its fields but secrets. */
	typed: Record<string, string[]>;
	/** By field. */
	errors: Record<string, string>;
}

const refusedIn = (answer: object | null, section: string): Refused | null =>
	answer !== null && 'typed' in answer && 'section' in answer && answer.section === section
		? (answer as Refused)
		: null;

/** What is wrong with the fields of a form. */
export const errorsIn = (answer: object | null, section: string): Record<string, string | undefined> =>
	refusedIn(answer, section)?.errors ?? {};

/** Values for the fields of a form: as typed, where it was refused; else as saved. */
export function typedIn(answer: object | null, section: string) {
	const typed = refusedIn(answer, section)?.typed ?? null;
	return {
		text: (name: string, saved: string | number): string => typed?.[name]?.[0] ?? String(saved),
		flag: (name: string, saved: boolean): boolean => (typed === null ? saved : name in typed),
		list: (name: string, saved: string[]): string[] => (typed === null ? saved : (typed[name] ?? [])),
	};
}

/** The fields of a form as they were sent, secrets left out. */
export function typedOf(form: FormData, secrets: readonly string[] = []): Refused['typed'] {
	const names = [...new Set(form.keys())].filter((name) => !secrets.includes(name));
	return Object.fromEntries(
		names.map((name) => [name, form.getAll(name).filter((value) => typeof value === 'string')]),
	);
}
