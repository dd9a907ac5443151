// Quality profiles and definitions, custom formats, tags.
import type { App } from '../app.ts';
import { empty, failure, list, missing, mustNotBeEmpty, ok, unknownId, type Answer } from '../http/answer.ts';
import type { Call, Router } from '../http/router.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { CustomFormat, Profile, ProfileItem, Tag } from '../state/model.ts';

const NEW_SIZES = { minSize: 2, maxSize: 100, preferredSize: 95 };

function itemResource(app: App, item: ProfileItem): JsonObject {
	const sizes = app.traits.kind === 'sonarr5' ? NEW_SIZES : {};
	const plain = (quality: number, allowed: boolean): JsonObject => ({
		quality: app.store.qualities.resource(quality),
		items: [],
		allowed,
		...sizes,
	});
	if (item.quality !== null) return plain(item.quality, item.allowed);
	const items = item.members.map((member) => plain(member, item.allowed));
	return { name: item.name, items, allowed: item.allowed, id: item.group };
}

export function profileResource(app: App, profile: Profile): JsonObject {
	const { traits } = app;
	const formats = [...app.store.formats.values()].reverse();
	const modern = traits.sortWhitelist;
	return {
		name: profile.name,
		upgradeAllowed: profile.upgradeAllowed,
		cutoff: profile.cutoff,
		items: profile.items.map((item) => itemResource(app, item)),
		minFormatScore: traits.nancy ? undefined : profile.minFormatScore,
		cutoffFormatScore: traits.nancy ? undefined : profile.cutoffFormatScore,
		minUpgradeFormatScore: modern ? profile.minUpgradeFormatScore : undefined,
		formatItems: traits.nancy
			? undefined
			: formats.map((format) => ({
					format: format.id,
					name: format.name,
					score: profile.scores[format.id] ?? 0,
				})),
		language: traits.shape === 'movie' ? { id: -1, name: 'Any' } : undefined,
		id: profile.id,
	};
}

function formatResource(app: App, format: CustomFormat): JsonObject {
	const byGroup = format.by === 'group';
	const field = {
		order: 0,
		name: 'value',
		label: 'Regular Expression',
		helpText: 'Custom Format RegEx is Case Insensitive',
		value: format.pattern,
		type: 'textbox',
		advanced: false,
		privacy: 'normal',
		isFloat: false,
	};
	const specification = {
		name: format.name,
		implementation: byGroup ? 'ReleaseGroupSpecification' : 'ReleaseTitleSpecification',
		implementationName: byGroup ? 'Release Group' : 'Release Title',
		infoLink: `https://wiki.servarr.com/${app.traits.appName.toLowerCase()}/settings#custom-formats-2`,
		negate: false,
		required: byGroup,
		fields: [field],
	};
	return {
		id: format.id,
		name: format.name,
		includeCustomFormatWhenRenaming: false,
		specifications: [specification],
	};
}

function usesOf(
	app: App,
	tag: Tag,
): { series: number[]; movies: number[]; indexers: number[]; clients: number[] } {
	const { store } = app;
	const using = (table: Map<number, { id: number; tags: number[] }>) =>
		[...table.values()].filter((one) => one.tags.includes(tag.id)).map((one) => one.id);
	return {
		series: using(store.series),
		movies: using(store.movies),
		indexers: using(store.indexers),
		clients: using(store.clients),
	};
}

function tagDetail(app: App, tag: Tag): JsonObject {
	const uses = usesOf(app, tag);
	const isSeries = app.traits.shape === 'series';
	const restrictions =
		app.traits.family === 'whisparr2' || (app.traits.family === 'sonarr' && app.traits.kind !== 'sonarr3');
	return {
		label: tag.label,
		delayProfileIds: [...app.store.delayProfiles.values()]
			.filter((one) => one.tags.includes(tag.id))
			.map((one) => one.id),
		importListIds: [],
		notificationIds: [...app.store.notifications.values()]
			.filter((one) => one.tags.includes(tag.id))
			.map((one) => one.id),
		restrictionIds: restrictions ? [] : undefined,
		releaseProfileIds: restrictions ? undefined : [],
		excludedReleaseProfileIds: app.traits.kind === 'sonarr5' ? [] : undefined,
		indexerIds: uses.indexers,
		downloadClientIds: uses.clients,
		autoTagIds: [],
		seriesIds: isSeries ? uses.series : undefined,
		movieIds: isSeries ? undefined : uses.movies,
		id: tag.id,
	};
}

function sortedTags(app: App): Tag[] {
	return [...app.store.tags.values()].sort((a, b) => a.label.localeCompare(b.label));
}

function addTag(call: Call): Answer {
	const { app, body, prefix } = call;
	const label = isObject(body) ? body.label : undefined;
	if (typeof label !== 'string' || label === '') {
		if (app.traits.tagWithoutLabel === 500 && label === undefined) {
			throw failure(
				500,
				'Object reference not set to an instance of an object.',
				'System.NullReferenceException',
			);
		}
		throw mustNotBeEmpty('Label', label ?? null, true);
	}
	if ([...app.store.tags.values()].some((tag) => tag.label === label.toLowerCase())) {
		const onPostgres = app.options.database === 'postgreSQL';
		const text = onPostgres
			? '23505: duplicate key value violates unique constraint "IX_Tags_Label"\n\nDETAIL: Detail redacted as it may contain sensitive data. Specify \'Include Error Detail\' in the connection string to include this information.'
			: 'constraint failed\nUNIQUE constraint failed: Tags.Label';
		throw failure(
			onPostgres ? 500 : 409,
			text,
			onPostgres ? 'Npgsql.PostgresException (0x80004005)' : 'System.Data.SQLite.SQLiteException',
		);
	}
	const tag = app.store.tag(label);
	return {
		status: 201,
		headers: { location: `${prefix}/tag/${tag.id}` },
		json: { label: tag.label, id: tag.id },
	};
}

function deleteTag({ app, id }: Call): Answer {
	const tag = app.store.tags.get(id);
	if (tag === undefined) throw missing('Tag', id);
	const uses = usesOf(app, tag);
	if (Object.values(uses).some((ids) => ids.length > 0)) {
		const text = `Tag with ID ${id} '${tag.label}' cannot be deleted since it's still in use`;
		throw failure(409, text, 'NzbDrone.Core.Datastore.ModelConflictException');
	}
	app.store.tags.delete(id);
	return empty(200);
}

function deleteProfile({ app, id }: Call): Answer {
	const profile = app.store.profiles.get(id);
	if (profile === undefined) throw missing('QualityProfile', id);
	const owners = [...app.store.series.values(), ...app.store.movies.values()];
	if (owners.some((owner) => owner.profileId === id)) {
		const shown = app.traits.profileInUse === 400 ? profile.name : String(id);
		const exception = 'NzbDrone.Core.Profiles.Qualities.QualityProfileInUseException';
		throw failure(app.traits.profileInUse, `QualityProfile [${shown}] is in use.`, exception);
	}
	app.store.profiles.delete(id);
	return ok({});
}

function definitions(app: App): JsonObject[] {
	const isNew = app.traits.kind === 'sonarr5';
	return app.store.qualities.all().map((quality, index) => ({
		quality: app.store.qualities.resource(quality.id),
		title: quality.name,
		weight: index + 1,
		...(isNew ? {} : NEW_SIZES),
		id: index + 1,
	}));
}

export function addProfileRoutes(router: Router): void {
	router.get('qualityprofile', ({ app }) =>
		list(app.inDatabaseOrder(app.store.profiles), (profile) => profileResource(app, profile)),
	);
	router.get('qualityprofile/{id}', ({ app, id }) => {
		const profile = app.store.profiles.get(id);
		if (profile === undefined) throw unknownId(app.traits);
		return ok(profileResource(app, profile));
	});
	router.delete('qualityprofile/{id}', deleteProfile);
	router.get('qualitydefinition', ({ app }) => ok(definitions(app)));
	router.get('customformat', ({ app }) =>
		list([...app.store.formats.values()], (format) => formatResource(app, format)),
	);
	router.get('customformat/{id}', ({ app, id }) => {
		const format = app.store.formats.get(id);
		if (format !== undefined) return ok(formatResource(app, format));
		if (app.traits.family !== 'sonarr') throw unknownId(app.traits);
		const text = `The given key '${id}' was not present in the dictionary.`;
		throw failure(500, text, 'System.Collections.Generic.KeyNotFoundException');
	});
	addTagRoutes(router);
}

function addTagRoutes(router: Router): void {
	router.get('tag', ({ app }) => list(sortedTags(app), (tag) => ({ label: tag.label, id: tag.id })));
	router.get('tag/detail', ({ app }) => list(sortedTags(app), (tag) => tagDetail(app, tag)));
	router.get('tag/detail/{id}', ({ app, id }) => {
		const tag = app.store.tags.get(id);
		if (tag === undefined) throw unknownId(app.traits);
		return ok(tagDetail(app, tag));
	});
	router.get('tag/{id}', ({ app, id }) => {
		const tag = app.store.tags.get(id);
		if (tag === undefined) throw unknownId(app.traits);
		return ok({ label: tag.label, id: tag.id });
	});
	router.post('tag', addTag);
	router.put('tag', ({ app, body }) => renameTag(app, Number(isObject(body) ? body.id : 0), body));
	router.put('tag/{id}', ({ app, id, body }) => renameTag(app, id, body));
	router.delete('tag/{id}', deleteTag);
}

function renameTag(app: App, id: number, body: unknown): Answer {
	const tag = app.store.tags.get(id);
	if (tag === undefined) throw missing('Tag', id);
	if (isObject(body) && typeof body.label === 'string') tag.label = body.label.toLowerCase();
	return { status: 202, headers: {}, json: { label: tag.label, id: tag.id } };
}
