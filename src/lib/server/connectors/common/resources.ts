/** The small lists that are alike in all applications: tags, formats, folders, indexers, clients, delays, health (arr §12, §13). */
import * as v from 'valibot';
import { absent, line, orElse, parse, prose, whole, wholes, withoutLinks } from './schema';
import type {
	DelayProfileRecord,
	DownloadClientRecord,
	HealthIssue,
	IndexerRecord,
	LabelRecord,
} from './types';

const yes = v.boolean();

const tag = v.object({ id: whole, label: line });
const format = v.object({ id: whole, name: line });
const folder = v.object({ id: whole, path: line });

export function readTags(endpoint: string, body: unknown): LabelRecord[] {
	return parse(endpoint, v.array(tag), body).map(({ id, label }) => ({ arrId: id, label }));
}

export function readFormats(endpoint: string, body: unknown): LabelRecord[] {
	return parse(endpoint, v.array(format), body).map(({ id, name }) => ({ arrId: id, label: name }));
}

export function readFolders(endpoint: string, body: unknown): LabelRecord[] {
	return parse(endpoint, v.array(folder), body).map(({ id, path }) => ({ arrId: id, label: path }));
}

/** Settings of a provider; most are its own matter, and some are secret: each reader picks what it needs by name. */
const fields = orElse(v.array(v.object({ name: orElse(line, ''), value: v.optional(v.unknown()) })), []);

const indexer = v.object({
	id: whole,
	name: orElse(line, ''),
	enableRss: orElse(yes, false),
	enableAutomaticSearch: orElse(yes, false),
	supportsSearch: orElse(yes, true),
	tags: wholes,
	protocol: orElse(line, 'unknown'),
	priority: orElse(whole, 25),
	fields,
});

/** `automaticSearch` is what a search by API needs; keys among the `fields` are never looked at. */
export function readIndexers(endpoint: string, body: unknown): IndexerRecord[] {
	return parse(endpoint, v.array(indexer), body).map((one) => ({
		arrId: one.id,
		name: one.name,
		automaticSearch: one.enableAutomaticSearch && one.supportsSearch,
		animeSeasonQuery: one.fields.some(
			({ name, value }) => name === 'animeStandardFormatSearch' && value === true,
		),
		rss: one.enableRss,
		tags: one.tags,
		protocol: one.protocol,
		priority: one.priority,
	}));
}

const downloadClient = v.object({
	id: whole,
	name: orElse(line, ''),
	enable: orElse(yes, false),
	protocol: orElse(line, 'unknown'),
	implementation: orElse(line, ''),
	tags: wholes,
	fields,
});

/** The field that holds the category has a name of its own in each application (arr §13). */
const categories = new Set(['tvCategory', 'movieCategory', 'category']);

export function readDownloadClients(endpoint: string, body: unknown): DownloadClientRecord[] {
	return parse(endpoint, v.array(downloadClient), body).map((one) => {
		const category = one.fields.find((field) => categories.has(field.name))?.value;
		return {
			arrId: one.id,
			name: one.name,
			enabled: one.enable,
			protocol: one.protocol,
			implementation: one.implementation,
			tags: one.tags,
			category: typeof category === 'string' && category !== '' ? category.slice(0, 200) : null,
		};
	});
}

const delayProfile = v.object({
	id: whole,
	order: orElse(whole, 0),
	enableUsenet: orElse(yes, true),
	enableTorrent: orElse(yes, true),
	usenetDelay: orElse(whole, 0),
	torrentDelay: orElse(whole, 0),
	tags: wholes,
});

export function readDelayProfiles(endpoint: string, body: unknown): DelayProfileRecord[] {
	return parse(endpoint, v.array(delayProfile), body).map((one) => ({
		arrId: one.id,
		order: one.order,
		enableUsenet: one.enableUsenet,
		enableTorrent: one.enableTorrent,
		usenetDelayMinutes: one.usenetDelay,
		torrentDelayMinutes: one.torrentDelay,
		tags: one.tags,
	}));
}

const health = v.object({
	source: line,
	type: line,
	message: orElse(prose, ''),
	wikiUrl: absent(line),
});

/** `message` is in the language of the application: decide on `source`, `type` and `fragment` (arr §12.3). */
export function readHealth(endpoint: string, body: unknown): HealthIssue[] {
	return parse(endpoint, v.array(health), body).map(({ source, type, message, wikiUrl }) => ({
		source,
		type: severityOf(type),
		message: withoutLinks(message),
		fragment: wikiUrl?.split('#')[1] ?? '',
	}));
}

function severityOf(type: string): HealthIssue['type'] {
	const word = type.toLowerCase();
	return word === 'error' || word === 'warning' ? word : 'notice';
}

const total = v.object({ totalRecords: whole });

/** The count of a paged list. */
export function readTotal(endpoint: string, body: unknown): number {
	return parse(endpoint, total, body).totalRecords;
}

/** Plain ids: `/movie/list` of Whisparr 3. */
export function readIds(endpoint: string, body: unknown): number[] {
	return parse(endpoint, v.array(whole), body);
}
