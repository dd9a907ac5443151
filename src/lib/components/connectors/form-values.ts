/** The form of a new connector: shape, limits and words of its errors. */
import * as v from 'valibot';
import { CONNECTOR_KINDS } from '$lib/domain/words';

export const connectorFormSchema = v.object({
	kind: v.optional(v.picklist(CONNECTOR_KINDS), 'sonarr'),
	name: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(60, 'At most 60 characters.')), ''),
	url: v.optional(
		v.pipe(
			v.string(),
			v.trim(),
			v.minLength(1, 'Enter the address, for example http://sonarr:8989.'),
			v.maxLength(500),
		),
		'',
	),
	apiKey: v.optional(
		v.pipe(v.string(), v.trim(), v.minLength(1, 'Enter the API key.'), v.maxLength(500)),
		'',
	),
	timeoutSeconds: v.optional(
		v.pipe(v.number(), v.integer(), v.minValue(5, 'At least 5.'), v.maxValue(300, 'At most 300.')),
		30,
	),
	allowSelfSigned: v.optional(v.boolean(), false),
	ca: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(100_000)), ''),
});
export type ConnectorFormValues = v.InferOutput<typeof connectorFormSchema>;

export const emptyConnectorForm = (): ConnectorFormValues => ({
	kind: 'sonarr',
	name: '',
	url: '',
	apiKey: '',
	timeoutSeconds: 30,
	allowSelfSigned: false,
	ca: '',
});
