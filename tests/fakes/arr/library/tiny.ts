// A handful of items with something of everything: 3 series, 5 movies, or their like.
import type { Profile } from '../state/model.ts';
import { DAY, type Builder } from './builder.ts';
import { addFormats, addGroupProfile, addPlainProfile, type Formats } from './profiles.ts';

export function tinyLibrary(builder: Builder): void {
	const formats = addFormats(builder);
	const plain = addPlainProfile(builder);
	const grouped = addGroupProfile(builder, formats);
	const { family } = builder.app.traits;
	if (family === 'sonarr') tinySeries(builder, plain, grouped, formats);
	else if (family === 'whisparr2') tinySites(builder, plain);
	else if (family === 'radarr') tinyMovies(builder, plain, grouped, formats);
	else tinyScenes(builder, plain);
}

function tinySeries(builder: Builder, plain: Profile, grouped: Profile, formats: Formats): void {
	const { now } = builder;
	const winter = builder.series({
		title: 'The Long Winter',
		profileId: grouped.id,
		tags: [builder.app.store.tag('winter').id],
	});
	builder.season(winter, 0, false);
	const special = builder.episode(winter, 0, {
		number: 1,
		airs: now - 500 * DAY,
		title: 'Behind the Winter',
	});
	builder.fileFor([special], { quality: 'SDTV', group: 'OTHR' });
	builder.episode(winter, 0, { number: 2, airs: now - 400 * DAY, title: 'Cast Talk' });
	const first = builder.weekly(winter, 1, 8, now - 420 * DAY);
	for (const [index, episode] of first.entries()) {
		if (index < 3) builder.fileFor([episode], { group: 'GRPX', formats: [formats.good.id] });
		else if (index === 3) builder.fileFor([episode], { quality: 'HDTV-720p', group: 'OTHR' });
		else if (index === 4) builder.fileFor([episode], { quality: 'WEBRip-1080p', group: 'OTHR' });
	}
	const last = first.at(-1);
	if (last !== undefined) last.finale = 'season';
	const second = builder.weekly(winter, 2, 8, now - 40 * DAY);
	const [one, two] = second;
	if (one !== undefined && two !== undefined)
		builder.fileFor([one, two], { quality: 'WEBDL-720p', group: 'OTHR' });
	const desk = builder.series({ title: 'Evening Desk', kind: 'daily', profileId: plain.id, runtime: 30 });
	const daily = builder.weekly(desk, 2026, 14, now - 10 * DAY, DAY);
	for (const episode of daily.slice(0, 4)) builder.fileFor([episode], { quality: 'Bluray-1080p' });
	const skies = builder.series({ title: 'Paper Skies', kind: 'anime', profileId: grouped.id, runtime: 24 });
	const anime = builder.weekly(skies, 1, 12, now - 300 * DAY);
	for (const episode of anime.slice(0, 6)) builder.fileFor([episode], { quality: 'WEBDL-1080p' });
	builder.weekly(skies, 2, 10, now - 60 * DAY);
}

function tinyMovies(builder: Builder, plain: Profile, grouped: Profile, formats: Formats): void {
	const { now } = builder;
	const released = { inCinemas: now - 400 * DAY, digital: now - 300 * DAY, physical: now - 270 * DAY };
	builder.movie({ title: 'The Long Winter', year: 2019, profileId: grouped.id, ...released });
	const orbit = builder.movie({ title: 'Quiet Orbit', year: 2018, profileId: grouped.id, ...released });
	builder.movieFile(orbit, { quality: 'WEBDL-720p' });
	const harvest = builder.movie({ title: 'Second Harvest', year: 2017, profileId: grouped.id, ...released });
	builder.movieFile(harvest, {
		quality: 'WEBDL-1080p',
		group: 'GRPX',
		formats: [formats.good.id, formats.fine.id],
	});
	const harbour = builder.movie({ title: 'Harbour of Glass', year: 2020, profileId: plain.id, ...released });
	builder.movieFile(harbour, { quality: 'Bluray-1080p' });
	builder.movie({
		title: 'Slow Arrow',
		year: 2026,
		profileId: plain.id,
		status: 'inCinemas',
		inCinemas: now - 5 * DAY,
	});
}

function tinySites(builder: Builder, plain: Profile): void {
	const { now } = builder;
	const year = new Date(now).getUTCFullYear();
	const midnight = now - (now % DAY);
	const club = builder.series({ title: 'Garden Club', profileId: plain.id, year: 2018 });
	const old = Date.UTC(2018, 2, 5);
	const scenes = ['Roses', 'Tulips', 'Daisies', 'Lilies', 'Orchids'].map((title, index) =>
		builder.episode(club, 2018, {
			number: index + 1,
			airs: old + index * 30 * DAY,
			title,
			monitored: title !== 'Lilies',
		}),
	);
	for (const scene of scenes.slice(0, 2)) builder.fileFor([scene], { quality: 'WEBDL-720p', group: 'GRPX' });
	builder.episode(club, 2019, { number: 1, airs: Date.UTC(2019, 1, 2), title: 'Compost' });
	builder.episode(club, year, { number: 1, airs: midnight - DAY, title: 'Yesterday' });
	builder.episode(club, year, { number: 2, airs: midnight + DAY, title: 'Tomorrow' });
	builder.episode(club, year, { number: 3, airs: null, title: 'Undated' });
	const walks = builder.series({ title: 'River Walks', profileId: plain.id, year: 2020 });
	const ford = builder.episode(walks, 2020, { number: 1, airs: Date.UTC(2020, 0, 5), title: 'Ford' });
	builder.fileFor([ford], { quality: 'Bluray-1080p' });
	for (let i = 0; i < 3; i++) {
		builder.episode(walks, 2020, { number: i + 2, airs: Date.UTC(2020, 1 + i, 5), title: `Bend ${i + 1}` });
	}
}

function tinyScenes(builder: Builder, plain: Profile): void {
	const { now } = builder;
	const studio = builder.studio('Harbor Lane Studios', ['HLS']);
	const performer = builder.performer('Ada Marlow');
	const known = {
		isScene: true,
		studio: studio.title,
		studioForeignId: studio.foreignId,
		performer: performer.id,
	};
	const dated = (days: number) => ({ ...known, releaseDate: now - days * DAY });
	const yearOf = (days: number) => new Date(now - days * DAY).getUTCFullYear();
	for (const [index, title] of ['Evening Tide', 'Second Evening', 'Third Evening'].entries()) {
		const days = 400 - index * 10;
		const scene = builder.movie({ title, year: yearOf(days), profileId: plain.id, scene: dated(days) });
		if (index === 1) builder.movieFile(scene, { quality: 'WEBDL-720p' });
		if (index === 2) builder.movieFile(scene, { quality: 'Bluray-1080p' });
	}
	builder.movie({ title: 'No Date', year: 0, profileId: plain.id, scene: known });
	builder.movie({
		title: 'Nobody Knows Them',
		year: yearOf(100),
		profileId: plain.id,
		scene: {
			isScene: true,
			releaseDate: now - 100 * DAY,
			studio: 'Studio Not Added',
			studioForeignId: 'x-unknown',
		},
	});
	builder.movie({
		title: 'The Lighthouse Feature',
		year: yearOf(300),
		profileId: plain.id,
		scene: {
			isScene: false,
			releaseDate: now - 300 * DAY,
			studio: studio.title,
			studioForeignId: studio.foreignId,
		},
	});
}
