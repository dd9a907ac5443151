// Which sites Whisparr 2 asks for with a single query.
import { expect, it } from 'vitest';
import { isAskedOnce } from './site-query';

it.each([
	['Gammasite', 'gammasite', false],
	['Alpha Site', 'alpha-site', false],
	['alpha site', 'alpha-site', true],
	['the alpha & beta', 'alpha-and-beta', true],
	['beta.site', 'betasite', true],
	['épsilon', 'epsilon', true],
	['site', 'site', true],
])('%s with the slug %s', (title, slug, once) => {
	expect(isAskedOnce(title, slug)).toBe(once);
});
