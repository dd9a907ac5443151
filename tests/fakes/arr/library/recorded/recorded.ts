// The preset `recorded`: the library of the applications with which the recorded exchanges were made, ids included.
import type { App } from '../../app.ts';
import { makeProfile } from '../../state/profiles.ts';
import { radarrLibrary } from './movies.ts';
import { whisparr3Library } from './scenes.ts';
import { sonarrLibrary } from './series.ts';
import { whisparr2Library } from './sites.ts';
import type { Library } from './types.ts';

function libraryOf(app: App): Library {
	switch (app.traits.family) {
		case 'sonarr':
			return sonarrLibrary();
		case 'radarr':
			return radarrLibrary();
		case 'whisparr2':
			return whisparr2Library();
		case 'whisparr3':
			return whisparr3Library();
	}
}

export function recordedLibrary(app: App): void {
	const { store } = app;
	const library = libraryOf(app);
	for (const tag of library.tags) store.tags.set(store.nextId('tags'), tag);
	for (const format of library.formats) store.formats.set(store.nextId('formats'), format);
	for (const [id, setup] of Object.entries(library.changedProfiles ?? {})) {
		store.profiles.set(Number(id), makeProfile(store.qualities, Number(id), setup));
	}
	for (const setup of library.profiles) {
		const id = store.nextId('profiles');
		store.profiles.set(id, makeProfile(store.qualities, id, setup));
	}
	for (const series of library.series) {
		store.nextId('series');
		store.addSeries(series);
	}
	for (const episode of library.episodes) {
		store.nextId('episodes');
		store.addEpisode(episode);
	}
	for (const movie of library.movies) {
		store.nextId('movies');
		store.addMovie(movie);
	}
	for (const file of library.files) {
		store.nextId('files');
		store.addFile(file);
	}
	for (const studio of library.studios) store.studios.set(store.nextId('studios'), studio);
	for (const performer of library.performers) store.performers.set(store.nextId('performers'), performer);
}
