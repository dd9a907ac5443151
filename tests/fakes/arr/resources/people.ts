// Whisparr 3's `/studio` and `/performer`.
import type { App } from '../app.ts';
import { list, ok, unknownId } from '../http/answer.ts';
import type { Router } from '../http/router.ts';
import type { JsonObject } from '../json.ts';
import { cleanOf, sortOf } from './text.ts';
import type { Movie, Performer, Scene, Studio } from '../state/model.ts';

function counts(app: App, movies: Movie[]): JsonObject {
	const isScene = (movie: Movie) => movie.scene?.isScene === true;
	const scenes = movies.filter(isScene);
	const features = movies.filter((movie) => !isScene(movie));
	const withFile = (group: Movie[]) => group.filter((movie) => movie.fileId > 0).length;
	const size = movies.reduce((sum, movie) => sum + (app.store.files.get(movie.fileId)?.size ?? 0), 0);
	return {
		hasMovies: features.length > 0,
		hasScenes: scenes.length > 0,
		totalMovieCount: features.length,
		totalSceneCount: scenes.length,
		movieCount: withFile(features),
		sceneCount: withFile(scenes),
		sizeOnDisk: size,
	};
}

function studioResource(app: App, studio: Studio): JsonObject {
	const movies = [...app.store.movies.values()].filter(
		(movie) => movie.scene?.studioForeignId === studio.foreignId,
	);
	return {
		title: studio.title,
		sortTitle: sortOf(studio.title),
		searchTitle: studio.title,
		foreignId: studio.foreignId,
		tmdbId: 0,
		images: [],
		monitored: studio.monitored,
		moviesMonitored: false,
		status: 'inactive',
		rootFolderPath: '/data/scenes',
		qualityProfileId: app.store.lastId('profiles'),
		searchOnAdd: false,
		aliases: studio.aliases,
		tags: [],
		years: [...new Set(movies.map((movie) => movie.year))],
		...counts(app, movies),
		id: studio.id,
	};
}

function performerResource(app: App, performer: Performer): JsonObject {
	const movies = [...app.store.movies.values()].filter((movie) => movie.scene?.performer === performer.id);
	return {
		fullName: performer.name,
		gender: 'other',
		status: 'active',
		foreignId: performer.foreignId,
		tmdbId: 0,
		images: [],
		monitored: performer.monitored,
		moviesMonitored: false,
		rootFolderPath: '/data/scenes',
		qualityProfileId: app.store.lastId('profiles'),
		searchOnAdd: false,
		tags: [],
		added: '0001-01-01T00:00:00Z',
		studios: studiosOfAll(movies),
		...counts(app, movies),
		id: performer.id,
	};
}

/** The studios of a performer's scenes, each once. */
function studiosOfAll(movies: Movie[]): JsonObject[] {
	const found = new Map<string, JsonObject>();
	for (const { scene } of movies) {
		if (!scene?.studio) continue;
		found.set(scene.studio, { title: scene.studio, foreignId: scene.studioForeignId ?? undefined });
	}
	return [...found.values()];
}

/** The studios that a scene search asks for: those that bear the name in the scene, or have it as an alias. */
export function studiosOf(app: App, scene: Scene): Studio[] {
	if (scene.studio === null) return [];
	const name = nameOf(scene.studio);
	return [...app.store.studios.values()].filter((studio) =>
		[studio.title, ...studio.aliases].some((one) => nameOf(one) === name),
	);
}

const names = new Map<string, string>();

/** A studio's name as it is compared; there are few of them and many scenes. */
function nameOf(title: string): string {
	const known = names.get(title) ?? cleanOf(title);
	names.set(title, known);
	return known;
}

export function addPeopleRoutes(router: Router): void {
	router.get('studio', ({ app }) =>
		list([...app.store.studios.values()], (studio) => studioResource(app, studio)),
	);
	router.get('studio/{id}', ({ app, id }) => {
		const studio = app.store.studios.get(id);
		if (studio === undefined) throw unknownId(app.traits);
		return ok(studioResource(app, studio));
	});
	router.get('performer', ({ app }) =>
		list([...app.store.performers.values()], (one) => performerResource(app, one)),
	);
	router.get('performer/{id}', ({ app, id }) => {
		const performer = app.store.performers.get(id);
		if (performer === undefined) throw unknownId(app.traits);
		return ok(performerResource(app, performer));
	});
}
