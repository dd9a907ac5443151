// The settings of a connector as a plain form, and what is answered when one is refused.
import { refusedSetting } from '$lib/components/connectors/setting-fields';
import { typedOf, type Refused } from '$lib/components/connectors/typed';
import type { AppError } from '$lib/server/app-error';
import { storable } from '$lib/server/storable';
import type { ConnectorSettingsInput } from '$lib/domain/settings';

const lines = (form: FormData, name: string): string[] =>
	form
		.getAll(name)
		.flatMap((value) => (typeof value === 'string' && value.trim() !== '' ? [storable(value).trim()] : []));

/** Reads what one section sent; fields of other sections stay as they are. Null for a section that is not known. */
export function settingsOfForm(form: FormData): ConnectorSettingsInput | null {
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
	return sections[text('section') ?? '']?.() ?? null;
}

interface RefusedForm extends Refused {
	problem: string;
	code: string;
}

/** The answer to a form whose values were refused: which field, what is allowed, and everything as it was typed. */
export function refusedForm(error: AppError, form: FormData, section: string): RefusedForm {
	const typed = typedOf(form, ['apiKey']);
	const { code, message } = error;
	const [issue] = (error.details?.['issues'] ?? []) as { field: string; message: string }[];
	if (code === 'invalid' && issue !== undefined) {
		const {
			name,
			problem,
			error: words,
		} = refusedSetting(issue.field.replace(/^settings\./, ''), issue.message);
		return { section, typed, errors: { [name]: words }, problem, code };
	}
	const field = fieldsByCode[code];
	return { section, typed, errors: field === undefined ? {} : { [field]: message }, problem: message, code };
}

const fieldsByCode: Readonly<Record<string, string>> = {
	name_taken: 'name',
	bad_name: 'name',
	api_key_required: 'apiKey',
	already_connected: 'url',
};
