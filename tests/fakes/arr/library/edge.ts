// The cases that break naive clients, one of each.
import type { Profile } from '../state/model.ts';
import { DAY, HOUR, type Builder } from './builder.ts';
import { addFormats, addGroupProfile, addPlainProfile, type Formats } from './profiles.ts';
import { tinyLibrary } from './tiny.ts';

export function edgeLibrary(builder: Builder): void {
	const { family } = builder.app.traits;
	if (family === 'whisparr2') {
		edgeSites(builder);
		return;
	}
	if (family === 'whisparr3') {
		edgeScenes(builder);
		return;
	}
	const formats = addFormats(builder);
	const plain = addPlainProfile(builder);
	const off = builder.profile({
		name: 'No Upgrades',
		allowed: [1002, 7],
		cutoff: 1002,
		upgradeAllowed: false,
		cutoffFormatScore: 100,
	});
	const grouped = addGroupProfile(builder, formats);
	if (family === 'sonarr') edgeSeries(builder, plain, off, grouped, formats);
	else edgeMovies(builder, plain, off, grouped, formats);
}

function edgeSeries(
	builder: Builder,
	plain: Profile,
	off: Profile,
	grouped: Profile,
	formats: Formats,
): void {
	const { now } = builder;
	const store = builder.app.store;
	const undated = builder.series({ title: 'Without Dates', profileId: plain.id });
	for (let i = 1; i <= 4; i++) builder.episode(undated, 1, { number: i, airs: null, title: 'TBA' });
	const coming = builder.series({ title: "Tomorrow's Coast", profileId: plain.id, runtime: 60 });
	builder.weekly(coming, 1, 3, now - 20 * DAY);
	builder.episode(coming, 1, { number: 4, airs: now + 10 * DAY, monitored: false });
	builder.episode(coming, 1, { number: 5, airs: now + 17 * DAY, monitored: false });
	const justNow = builder.series({ title: 'Just Aired', profileId: plain.id, runtime: 45 });
	builder.episode(justNow, 1, { number: 1, airs: now - 30 * 60_000, title: 'Still Running' });
	builder.episode(justNow, 1, { number: 2, airs: now - 2 * HOUR, title: 'Within Grace' });
	builder.episode(justNow, 1, { number: 3, airs: now - 20 * HOUR, title: 'Past Grace' });
	const double = builder.series({ title: 'Double Bill', profileId: grouped.id });
	builder.fileFor(builder.weekly(double, 1, 2, now - 200 * DAY), { quality: 'WEBDL-720p' });
	const strange = builder.weekly(double, 2, 3, now - 150 * DAY);
	if (strange[0] !== undefined) builder.fileFor([strange[0]], { quality: 'Bluray-2160p' });
	if (strange[1] !== undefined) builder.fileFor([strange[1]], { quality: 'DVD' });
	const still = builder.series({ title: 'Nothing Better', profileId: off.id });
	const files = builder.weekly(still, 1, 3, now - 300 * DAY);
	for (const [index, episode] of files.entries()) {
		builder.fileFor([episode], { quality: ['HDTV-720p', 'WEBDL-1080p', 'Bluray-1080p'][index] ?? 'SDTV' });
	}
	const sleeping = builder.series({ title: 'Not Watched', profileId: plain.id, monitored: false });
	builder.weekly(sleeping, 1, 3, now - 100 * DAY);
	const half = builder.series({ title: 'Half Watched', profileId: plain.id });
	builder.season(half, 1, false);
	builder.weekly(half, 1, 2, now - 100 * DAY);
	builder.episode(half, 1, { number: 3, airs: now - 80 * DAY, monitored: false });
	for (const tvdbId of [911_001, 911_002]) {
		builder.weekly(
			builder.series({ title: 'Two Sisters', tvdbId, profileId: plain.id }),
			1,
			2,
			now - 90 * DAY,
		);
	}
	const shut = builder.series({
		title: 'Tagged Away',
		profileId: plain.id,
		tags: [store.tag('noindexer').id],
	});
	builder.weekly(shut, 1, 2, now - 90 * DAY);
	const empty = builder.series({ title: 'Empty Page', profileId: plain.id });
	builder.season(empty, 1);
	const scored = builder.weekly(
		builder.series({ title: 'Scores', profileId: grouped.id, status: 'ended' }),
		1,
		4,
		now - 700 * DAY,
	);
	const sets = [[], [formats.good.id], [formats.good.id, formats.fine.id], [formats.bad.id]];
	for (const [index, episode] of scored.entries()) builder.fileFor([episode], { formats: sets[index] ?? [] });
	builder.weekly(builder.series({ title: 'Specials Only', profileId: plain.id }), 0, 3, now - 60 * DAY);
	const daily = builder.series({ title: 'Morning Paper', kind: 'daily', profileId: plain.id, runtime: 25 });
	builder.weekly(daily, 2025, 20, now - 45 * DAY, 2 * DAY);
	builder.episode(daily, 2025, { number: 21, airs: null });
	const anime = builder.series({
		title: 'Kite and Anchor',
		kind: 'anime',
		profileId: grouped.id,
		runtime: 24,
	});
	for (const [index, episode] of builder.weekly(anime, 1, 11, now - 200 * DAY).entries()) {
		if (index % 2 === 0) builder.fileFor([episode]);
	}
}

function edgeMovies(
	builder: Builder,
	plain: Profile,
	off: Profile,
	grouped: Profile,
	formats: Formats,
): void {
	const { now } = builder;
	const released = { inCinemas: now - 400 * DAY, digital: now - 300 * DAY };
	builder.movie({ title: 'Year Unknown', year: 0, profileId: plain.id, minimumAvailability: 'announced' });
	builder.movie({ title: 'Without Dates', year: 2026, profileId: plain.id });
	builder.movie({
		title: 'To Be Announced',
		year: 2027,
		profileId: plain.id,
		status: 'tba',
		minimumAvailability: 'tba',
	});
	builder.movie({
		title: 'Only Cinema',
		year: 2026,
		profileId: plain.id,
		status: 'inCinemas',
		inCinemas: now - 20 * DAY,
	});
	builder.movie({
		title: 'Cinema Will Do',
		year: 2026,
		profileId: plain.id,
		minimumAvailability: 'inCinemas',
		inCinemas: now - 20 * DAY,
	});
	builder.movie({ title: 'Old Cinema', year: 2025, profileId: plain.id, inCinemas: now - 100 * DAY });
	builder.movie({
		title: 'Coming Soon',
		year: 2027,
		profileId: plain.id,
		digital: now + 3 * DAY,
		status: 'announced',
	});
	builder.movie({ title: 'Hours Old', year: 2026, profileId: plain.id, digital: now - 3 * HOUR });
	builder.movie({ title: 'Not Wanted', year: 2020, profileId: plain.id, monitored: false, ...released });
	builder.movie({
		title: 'Deleted Upstream',
		year: 2008,
		profileId: plain.id,
		status: 'deleted',
		...released,
	});
	builder.movie({
		title: 'Die Blaue Stunde',
		originalTitle: 'Die blaue Stunde (Original)',
		year: 2015,
		profileId: plain.id,
		...released,
	});
	const file = (title: string, profileId: number, quality: string, ids: number[] = []) =>
		builder.movieFile(builder.movie({ title, year: 2016, profileId, ...released }), {
			quality,
			formats: ids,
		});
	file('Below Group', grouped.id, 'WEBDL-720p');
	file('At Group', grouped.id, 'WEBRip-1080p');
	file('Score Reached', grouped.id, 'WEBDL-1080p', [formats.good.id, formats.fine.id]);
	file('Score Below', grouped.id, 'WEBDL-1080p', [formats.good.id]);
	file('Bad Score', grouped.id, 'Bluray-1080p', [formats.bad.id]);
	file('Not Allowed', grouped.id, 'DVD');
	file('No Upgrades Low', off.id, 'HDTV-720p');
	file('No Upgrades Fine', off.id, 'WEBDL-1080p');
	builder.movie({
		title: 'Tagged Away',
		year: 2016,
		profileId: plain.id,
		tags: [builder.app.store.tag('noindexer').id],
		...released,
	});
}

function edgeSites(builder: Builder): void {
	tinyLibrary(builder);
	const { now } = builder;
	const plain = [...builder.app.store.profiles.values()].find((profile) => profile.name === 'Plain');
	const profileId = plain?.id ?? 1;
	const empty = builder.series({ title: 'Empty Page', profileId, year: 2024 });
	builder.season(empty, 2024);
	const tea = builder.series({ title: 'Tea House', profileId, monitored: false });
	builder.episode(tea, 2017, { number: 1, airs: Date.UTC(2017, 0, 5), title: 'Green' });
	const path = builder.series({ title: 'Long Path', profileId });
	builder.season(path, 2021, false);
	builder.episode(path, 2021, { number: 1, airs: Date.UTC(2021, 0, 5), title: 'Hollow' });
	builder.episode(path, 2022, { number: 1, airs: Date.UTC(2022, 0, 5), title: 'Hill' });
	builder.episode(path, 2022, { number: 2, airs: now - 3 * HOUR, title: 'Hours Old' });
	const same = builder.series({ title: 'samename', profileId });
	builder.episode(same, 2023, { number: 1, airs: Date.UTC(2023, 4, 14), title: 'Only One Query' });
	builder.series({ title: 'Year Nought', profileId }).seasons.push({ number: 0, monitored: true });
}

function edgeScenes(builder: Builder): void {
	tinyLibrary(builder);
	const { now } = builder;
	const studio = builder.studio('North Pier', ['NP', 'N Pier', 'Northpier']);
	const year = new Date(now).getUTCFullYear();
	const scene = { isScene: true, studio: studio.title, studioForeignId: studio.foreignId };
	builder.movie({ title: 'Many Names', year, scene: { ...scene, releaseDate: now - 50 * DAY } });
	builder.movie({ title: 'Studioless', year, scene: { isScene: true, releaseDate: now - 50 * DAY } });
	builder.movie({
		title: 'Future Scene',
		year,
		status: 'announced',
		scene: { ...scene, releaseDate: now + 20 * DAY },
	});
	builder.movie({
		title: 'Unmonitored Scene',
		year,
		monitored: false,
		scene: { ...scene, releaseDate: now - 20 * DAY },
	});
	builder.movie({ title: 'Undated Too', year: 0, scene });
	builder.movie({ title: 'Movie Without Year', year: 0, scene: { isScene: false, releaseDate: null } });
	builder.movie({ title: 'Announced Feature', year: 2027, status: 'announced', scene: { isScene: false } });
	// its studio was added anew under another id: found by one of its names
	const renamed = { isScene: true, studio: 'N-Pier', studioForeignId: 'gone' };
	builder.movie({ title: 'Known By Name', year, scene: { ...renamed, releaseDate: now - 60 * DAY } });
	const tpdb = { isScene: false, foreignId: 'tpdbId:77', releaseDate: now - 70 * DAY };
	builder.movie({ title: 'Film Of Another Source', year, tmdbId: 0, scene: tpdb });
}
