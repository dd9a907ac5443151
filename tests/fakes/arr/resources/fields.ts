// The `fields` of providers (indexers, download clients, notifications), with secrets masked where the version does it.
import type { App } from '../app.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';

const MASK = '********';

export interface FieldSpec {
	name: string;
	label: string;
	type: string;
	value?: Json;
	privacy?: 'normal' | 'apiKey' | 'userName' | 'password';
	advanced?: boolean;
	helpText?: string;
	helpLink?: string;
	unit?: string;
	isFloat?: boolean;
	selectOptions?: JsonObject[];
	provider?: string;
}

export function fieldsOf(app: App, specs: FieldSpec[], saved: JsonObject[] | null): JsonObject[] {
	return specs.map((spec, order) => {
		const own = saved?.find((field) => field.name === spec.name);
		const value = own === undefined ? spec.value : own.value;
		const secret = spec.privacy === 'apiKey' || spec.privacy === 'password';
		const masked = secret && app.traits.secretsMasked && typeof value === 'string' && value !== '';
		return {
			order,
			name: spec.name,
			label: spec.label,
			unit: spec.unit,
			helpText: spec.helpText,
			helpLink: spec.helpLink,
			value: masked ? MASK : value,
			type: spec.type,
			advanced: spec.advanced ?? false,
			selectOptions: optionsOf(app, spec),
			selectOptionsProviderAction: spec.provider,
			privacy: spec.privacy ?? 'normal',
			isFloat: spec.isFloat ?? false,
		};
	});
}

function optionsOf(app: App, spec: FieldSpec): JsonObject[] | undefined {
	if (app.traits.shape === 'series') return spec.selectOptions;
	return spec.selectOptions?.map((option) => ({ ...option, dividerAfter: false }));
}

/** Name and value of what was sent; a mask keeps what is stored. */
export function savedFields(body: JsonObject, before: JsonObject[] | null): JsonObject[] {
	const sent = Array.isArray(body.fields) ? body.fields.filter(isObject) : [];
	return sent.map((field) => {
		const old = before?.find((known) => known.name === field.name);
		const value = field.value === MASK && old !== undefined ? old.value : field.value;
		return { name: field.name, value };
	});
}

export function valueOf(fields: JsonObject[], name: string): Json {
	return fields.find((field) => field.name === name)?.value;
}
