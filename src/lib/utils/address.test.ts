import { expect, test } from 'vitest';
import { cursorHref, grownHref } from './address';

test('a list that begins at a cursor grows from there', () => {
	const second = new URL('http://app.test/wanted?state=done&limit=100&cursor=a%2Bb');
	expect(grownHref(second, 150)).toBe('?state=done&limit=150&cursor=a%2Bb');
	expect(cursorHref(second, 'c+d')).toBe('?state=done&limit=100&cursor=c%2Bd');
	expect(grownHref(new URL('http://app.test/wanted'), 100)).toBe('?limit=100');
});
