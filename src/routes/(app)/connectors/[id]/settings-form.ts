// The settings of a connector as a plain form: read, checked, and only then handed on.
import * as v from 'valibot';
import { storable } from '$lib/server/storable';
import { connectorSettingsSchema, type ConnectorSettingsInput } from '$lib/domain/settings';

const lines = (form: FormData, name: string): string[] =>
	form
		.getAll(name)
		.flatMap((value) => (typeof value === 'string' && value.trim() !== '' ? [storable(value).trim()] : []));

/** Reads what one section sent; fields of other sections stay as they are. */
export function settingsOfForm(form: FormData): ConnectorSettingsInput | { problem: string; code: string } {
	const text = (name: string) => {
		const value = form.get(name);
		return typeof value === 'string' ? storable(value).trim() : undefined;
	};
	const number = (name: string) => {
		const value = text(name);
		return value === undefined || value === '' ? undefined : Number(value);
	};
	const flag = (name: string) => form.get(name) === 'on';
	const sections: Record<string, () => Record<string, unknown>> = {
		pace: () => ({ throttle: text('throttle') }),
		searching: () => ({
			kinds: {
				gap: { enabled: flag('gap') },
				quality: { enabled: flag('quality') },
				format: { enabled: flag('format') },
			},
			specials: flag('specials'),
			graceHours: number('graceHours'),
			maxAttempts: number('maxAttempts'),
			exhaustedRestDays: number('exhaustedRestDays'),
			seasonSearch: {
				enabled: flag('seasonSearch'),
				minWanted: number('minWanted'),
				minShare: number('minShare'),
				orMoreThan: number('orMoreThan'),
			},
		}),
		filters: () => ({
			filters: {
				includeTags: lines(form, 'includeTags'),
				excludeTags: lines(form, 'excludeTags'),
				qualityProfiles: lines(form, 'qualityProfiles'),
				rootFolders: lines(form, 'rootFolders'),
			},
			group: text('group') === '' ? null : text('group'),
		}),
		connection: () => ({
			connection: {
				timeoutSeconds: number('timeoutSeconds'),
				allowSelfSigned: flag('allowSelfSigned'),
				ca: text('ca') === '' ? null : text('ca'),
			},
		}),
		schedule: () => ({
			schedule: { syncMinutes: number('syncMinutes'), sweepMinutes: number('sweepMinutes') },
		}),
	};
	const section = sections[text('section') ?? ''];
	if (section === undefined) return { problem: 'This form is not known.', code: 'bad_section' };
	const given = v.safeParse(connectorSettingsSchema, section());
	if (given.success) return section();
	const [issue] = given.issues;
	const where = issue.path?.map((part) => String(part.key)).join(', ') ?? 'a field';
	return {
		problem: `Not saved: ${where}. ${issue.message} The old value still applies.`,
		code: 'bad_settings',
	};
}
