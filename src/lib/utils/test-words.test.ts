// Which addresses are worth a try, from what went wrong at the one that was typed.
import { expect, test } from 'vitest';
import { proposalsOf, withScheme } from './test-words';

const problem = (code: string, suggestedUrl: string | null = null) => ({
	code,
	message: '',
	hint: '',
	suggestedUrl,
});

test.each([
	[
		'the one that the application named',
		'http://nas:8989',
		problem('wrong_base', 'http://nas:8989/tv'),
		['http://nas:8989/tv'],
	],
	['http where nobody speaks https', 'https://nas:8989/tv/', problem('tls'), ['http://nas:8989/tv']],
	['the name of its container', 'http://localhost:8989', problem('refused'), ['http://sonarr:8989']],
	[
		'the usual port',
		'http://127.0.0.1:8990',
		problem('refused'),
		['http://127.0.0.1:8989', 'http://sonarr:8989'],
	],
	['none elsewhere', 'http://nas:8990', problem('refused'), []],
	['none for what is no address', 'my sonarr', problem('address_invalid'), []],
])('%s', (_, url, found, proposals) => {
	expect(proposalsOf(found, 'sonarr', url)).toEqual(proposals);
});

test.each([
	['sonarr:8989', 'http://sonarr:8989'],
	[' 192.168.1.5:8989/tv ', 'http://192.168.1.5:8989/tv'],
	['[fd00::5]:8989', 'http://[fd00::5]:8989'],
	['https://sonarr.example', 'https://sonarr.example'],
	['ftp://sonarr', 'ftp://sonarr'],
	['my sonarr', 'my sonarr'],
	['', ''],
])('%s is read as %s', (typed, read) => {
	expect(withScheme(typed)).toBe(read);
});
