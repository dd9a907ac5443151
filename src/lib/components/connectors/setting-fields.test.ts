// A refused setting is named as its page names it, and told what is allowed.
import { expect, test } from 'vitest';
import { completeSettings } from '$lib/server/services/connectors/settings';
import type { AppError } from '$lib/server/app-error';
import { refusedSetting } from './setting-fields';

function refused(settings: unknown) {
	try {
		completeSettings(settings);
	} catch (error) {
		const [issue] = (error as AppError).details?.['issues'] as { field: string; message: string }[];
		return refusedSetting((issue?.field ?? '').replace('settings.', ''), issue?.message ?? '');
	}
	throw new Error('The settings were taken.');
}

test.each<[unknown, string, string]>([
	[{ graceHours: 1000 }, 'Grace time, hours', 'Enter a number from 0 to 720.'],
	[{ maxAttempts: 2.5 }, 'Attempts at most', 'Enter a whole number from 1 to 100.'],
	[{ seasonSearch: { minShare: Number.NaN } }, 'And this share, %', 'Enter a whole number from 1 to 100.'],
	[
		{ schedule: { syncMinutes: 0 } },
		'Read what changed every, minutes',
		'Enter a whole number from 1 to 1440.',
	],
	[{ group: 'x'.repeat(51) }, 'Group', 'At most 50 characters.'],
	[{ filters: { includeTags: ['x'.repeat(501)] } }, 'one of its fields', 'Invalid length'],
	[
		{ connection: { ca: 'my authority' } },
		'Own certificate authority',
		'This is not a certificate: paste the whole',
	],
])('%#', (settings, label, words) => {
	const { problem, error } = refused(settings);
	expect(problem).toBe(`Not saved: ${label}. The old value still applies.`);
	expect(error).toContain(words);
});
