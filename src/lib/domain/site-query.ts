/** How Whisparr 2 asks for a site: once by its title, once by its slug, and once in all where the two come to the same. */

/** A name as it stands in a query, capitals kept. */
function asQuery(name: string): string {
	return name
		.replace(/^the\s/i, '')
		.replaceAll('&', 'and')
		.replace(/['.`´‘’]/g, '')
		.replace(/[^\p{L}\p{M}\p{N}_]+/gu, '+')
		.normalize('NFD')
		.replace(/\p{M}/gu, '')
		.replace(/^\++|\++$/g, '');
}

/** Two queries stand 2 s apart, so that the time of a search tells whether both were answered; one tells nothing. */
export const isAskedOnce = (title: string, slug: string): boolean => asQuery(title) === asQuery(slug);
