// What users, other tools and the world do to an instance.
import type { App } from '../app.ts';
import { definition } from '../commands/definitions.ts';
import type {
	DelayProfileSetup,
	DownloadClientSetup,
	IndexerSetup,
	InstanceOptions,
	NewEpisode,
	NewMovie,
	NewSeries,
	ReleaseSetup,
} from '../control/contract.ts';
import type { JsonObject } from '../json.ts';
import { drive, type Process } from '../process.ts';
import { Builder, DAY } from '../library/builder.ts';
import type { DownloadClient, Episode, Indexer, MediaFile, Movie, Release, Series } from '../state/model.ts';
import { offerByRss } from '../life/rss.ts';
import { makeRelease, type Subject } from '../search/releases.ts';
import { movieBody, seriesBody } from '../webhooks/payload.ts';
import { startDownloads } from '../life/rss.ts';
import {
	addClient,
	addDelayProfile,
	addIndexer,
	changeClient,
	changeIndexer,
	REALISTIC_INDEXERS,
} from './settings.ts';

export class Acts {
	private readonly builder: Builder;

	constructor(private readonly app: App) {
		this.builder = new Builder(app);
	}

	addSettings(options: InstanceOptions): void {
		const realistic = options.library?.preset === 'realistic';
		const indexers =
			options.indexers ?? (realistic ? REALISTIC_INDEXERS : [{ name: 'Alpha' }, { name: 'Beta' }]);
		for (const setup of indexers) addIndexer(this.app, setup);
		for (const setup of options.downloadClients ?? [{}]) addClient(this.app, setup);
		if (realistic) startDownloads(this.app);
		for (const setup of options.delayProfiles ?? []) addDelayProfile(this.app, setup);
		for (let i = 0; i < (options.removedMovies ?? 0); i++) this.removeUpstream(i);
	}

	addIndexer(setup: IndexerSetup): Indexer {
		return addIndexer(this.app, setup);
	}

	setIndexer(id: number, setup: IndexerSetup): void {
		changeIndexer(this.app, required(this.app.store.indexers.get(id), `indexer ${id}`), setup);
	}

	removeIndexer(id: number): void {
		this.app.store.indexers.delete(id);
		this.app.health.settingsChanged();
	}

	addDownloadClient(setup: DownloadClientSetup): DownloadClient {
		return addClient(this.app, setup);
	}

	setDownloadClient(id: number, setup: DownloadClientSetup): void {
		changeClient(this.app, required(this.app.store.clients.get(id), `download client ${id}`), setup);
	}

	addDelayProfile(setup: DelayProfileSetup): void {
		addDelayProfile(this.app, setup);
	}

	setMonitored(
		item: { seriesId?: number; season?: number; episodeId?: number; movieId?: number },
		monitored: boolean,
	): void {
		if (item.episodeId !== undefined) this.episode(item.episodeId).monitored = monitored;
		else if (item.movieId !== undefined) this.movie(item.movieId).monitored = monitored;
		else if (item.seriesId !== undefined) {
			const series = this.series(item.seriesId);
			if (item.season === undefined) series.monitored = monitored;
			else this.setSeason(series, item.season, monitored);
		}
		this.app.store.touch();
	}

	/** As the interface does it: the season's flag and that of its episodes. */
	private setSeason(series: Series, number: number, monitored: boolean): void {
		for (const season of series.seasons) if (season.number === number) season.monitored = monitored;
		for (const episode of series.episodes) if (episode.season === number) episode.monitored = monitored;
	}

	addSeries(setup: NewSeries): Series {
		const series = this.builder.series({
			title: setup.title ?? 'A New Series',
			kind: setup.kind ?? 'standard',
			monitored: setup.monitored ?? true,
			profileId: this.profileNamed(setup.profile),
			tags: (setup.tags ?? []).map((label) => this.app.store.tag(label).id),
			...(setup.tvdbId === undefined ? {} : { tvdbId: setup.tvdbId }),
			...(setup.runtime === undefined ? {} : { runtime: setup.runtime }),
		});
		let first = setup.firstAired ?? this.app.clock.now() - 200 * DAY;
		for (const season of setup.seasons ?? [{ number: 1, episodes: 8 }]) {
			this.builder.season(series, season.number, season.monitored ?? true);
			const episodes = this.builder.weekly(series, season.number, season.episodes, first);
			for (const episode of episodes) episode.monitored = season.monitored ?? true;
			first += season.episodes * 7 * DAY;
		}
		void this.tell('Added', { ownerId: series.id });
		return series;
	}

	addEpisode(setup: NewEpisode): Episode {
		const series = this.series(setup.seriesId);
		const numbers = series.episodes.filter((one) => one.season === setup.season).map((one) => one.number);
		const episode = this.builder.episode(series, setup.season, {
			number: setup.number ?? Math.max(0, ...numbers) + 1,
			airs: setup.airs === undefined ? this.app.clock.now() - DAY : setup.airs,
			monitored: setup.monitored ?? true,
			title: setup.title ?? null,
		});
		if (setup.withFile !== undefined) this.builder.fileFor([episode], { quality: setup.withFile });
		this.app.store.touch();
		return episode;
	}

	addMovie(setup: NewMovie): Movie {
		const now = this.app.clock.now();
		const { scene } = setup;
		const studio = [...this.app.store.studios.values()].find((one) => one.title === scene?.studio);
		const movie = this.builder.movie({
			title: setup.title ?? 'A New Movie',
			year: setup.year ?? new Date(now - 400 * DAY).getUTCFullYear(),
			status: setup.status ?? 'released',
			minimumAvailability: setup.minimumAvailability ?? 'released',
			monitored: setup.monitored ?? true,
			inCinemas: setup.inCinemas === undefined ? now - 400 * DAY : setup.inCinemas,
			digital: setup.digital === undefined ? now - 300 * DAY : setup.digital,
			physical: setup.physical ?? null,
			profileId: this.profileNamed(setup.profile),
			tags: (setup.tags ?? []).map((label) => this.app.store.tag(label).id),
			...(setup.tmdbId === undefined ? {} : { tmdbId: setup.tmdbId }),
			scene: {
				isScene: scene !== undefined,
				releaseDate: scene?.releaseDate === undefined ? now - 300 * DAY : scene.releaseDate,
				studio: scene?.studio ?? null,
				studioForeignId:
					studio?.foreignId ??
					(scene?.studio === undefined || scene.studio === null ? null : `unknown-${scene.studio}`),
			},
		});
		if (setup.withFile !== undefined) this.builder.movieFile(movie, { quality: setup.withFile });
		void this.tell('Added', { ownerId: movie.id });
		return movie;
	}

	deleteSeries(id: number): void {
		const { store } = this.app;
		const series = this.series(id);
		const owner = { series: seriesBody(this.app, series) };
		for (const episode of series.episodes) store.episodes.delete(episode.id);
		for (const file of store.filesOf(id)) store.removeFile(file.id);
		store.series.delete(id);
		this.forgetHistory((row) => row.seriesId === id);
		store.touch();
		void this.tell('Deleted', { ownerId: id, owner });
	}

	async deleteMovie(id: number): Promise<void> {
		const { store } = this.app;
		const movie = this.movie(id);
		const owner = { movie: movieBody(this.app, movie) };
		if (movie.fileId > 0) store.removeFile(movie.fileId);
		store.movies.delete(id);
		this.forgetHistory((row) => row.movieId === id);
		store.touch();
		this.app.health.moviesChanged();
		await this.tell('Deleted', { ownerId: id, owner });
	}

	deleteSeason(seriesId: number, number: number): void {
		const series = this.series(seriesId);
		for (const episode of series.episodes.filter((one) => one.season === number))
			this.deleteEpisode(episode.id);
		series.seasons = series.seasons.filter((season) => season.number !== number);
		this.app.store.touch();
	}

	/** A metadata refresh no longer knows it. */
	deleteEpisode(id: number): void {
		const { store } = this.app;
		const episode = this.episode(id);
		const series = store.seriesOf(episode);
		series.episodes = series.episodes.filter((one) => one !== episode);
		store.episodes.delete(id);
		const shared = series.episodes.some((one) => one.fileId === episode.fileId);
		if (episode.fileId > 0 && !shared) store.removeFile(episode.fileId);
		this.forgetHistory((row) => row.episodeId === id);
		store.touch();
	}

	/** By hand (`Manual`), or found missing by a scan (`MissingFromDisk`). */
	async deleteFile(fileId: number, reason: 'Manual' | 'MissingFromDisk'): Promise<void> {
		await this.run(
			this.deleteFileSteps(required(this.app.store.files.get(fileId), `file ${fileId}`), reason),
		);
	}

	private *deleteFileSteps(file: MediaFile, reason: 'Manual' | 'MissingFromDisk'): Process {
		const { app } = this;
		const covered =
			app.store.series.get(file.ownerId)?.episodes.filter((one) => one.fileId === file.id) ?? [];
		const webhookReason = reason === 'Manual' ? 'manual' : 'missingFromDisk';
		yield* app.webhooks.send('FileDelete', { file, ownerId: file.ownerId, reason: webhookReason });
		const ids = app.traits.shape === 'series' ? covered.map((one) => one.id) : [0];
		app.history.fileDeleted(file, ids, reason);
		for (const episode of covered) {
			episode.fileId = 0;
			if (app.options.unmonitorDeleted) episode.monitored = false;
		}
		const movie = app.traits.shape === 'movie' ? app.store.movies.get(file.ownerId) : undefined;
		if (movie !== undefined) {
			movie.fileId = 0;
			if (app.options.unmonitorDeleted) movie.monitored = false;
		}
		app.store.removeFile(file.id);
	}

	changeProfile(change: {
		profile: string;
		upgradeAllowed?: boolean;
		cutoff?: string;
		cutoffFormatScore?: number;
		minFormatScore?: number;
		scores?: Record<string, number>;
	}): void {
		const profile = required(
			[...this.app.store.profiles.values()].find((one) => one.name === change.profile),
			`profile ${change.profile}`,
		);
		if (change.upgradeAllowed !== undefined) profile.upgradeAllowed = change.upgradeAllowed;
		if (change.cutoffFormatScore !== undefined) profile.cutoffFormatScore = change.cutoffFormatScore;
		if (change.minFormatScore !== undefined) profile.minFormatScore = change.minFormatScore;
		if (change.cutoff !== undefined) {
			const item = profile.items.find((one) => one.name === change.cutoff);
			profile.cutoff = item?.group ?? this.builder.quality(change.cutoff);
		}
		for (const [name, score] of Object.entries(change.scores ?? {})) {
			const format = [...this.app.store.formats.values()].find((one) => one.name === name);
			if (format !== undefined) profile.scores[format.id] = score;
		}
		this.app.store.touch();
	}

	assignProfile(item: { seriesId?: number; movieId?: number }, profile: string): void {
		const owner = item.seriesId === undefined ? this.movie(item.movieId ?? 0) : this.series(item.seriesId);
		owner.profileId = this.profileNamed(profile);
		this.app.store.touch();
	}

	editTags(item: { seriesId?: number; movieId?: number }, labels: string[]): void {
		const owner = item.seriesId === undefined ? this.movie(item.movieId ?? 0) : this.series(item.seriesId);
		owner.tags = labels.map((label) => this.app.store.tag(label).id);
		this.app.store.touch();
	}

	/** The air date becomes now (or the given moment), as a metadata refresh may find. */
	airEpisode(id: number, at?: number | null): void {
		this.episode(id).airs = at === undefined ? this.app.clock.now() : at;
		this.app.store.touch();
	}

	/** Facts of an item that a metadata refresh may change. */
	edit(item: { seriesId?: number; episodeId?: number; movieId?: number }, change: JsonObject): void {
		const target =
			item.episodeId !== undefined
				? this.episode(item.episodeId)
				: item.movieId !== undefined
					? this.movie(item.movieId)
					: this.series(item.seriesId ?? 0);
		Object.assign(target, change);
		this.app.store.touch();
	}

	/** The episode gets another id, as after a renumbering. */
	renumber(id: number): Episode {
		const { store } = this.app;
		const episode = this.episode(id);
		store.episodes.delete(id);
		episode.id = store.nextId('episodes');
		store.episodes.set(episode.id, episode);
		store.touch();
		return episode;
	}

	async rssGrab(item: { episodeId?: number; movieId?: number }): Promise<string> {
		return this.grabNow(this.releaseFor(item), 'Rss');
	}

	/** The feed has a release that the next RSS sync sees; a delay profile may hold it back. */
	feed(
		item: { episodeId?: number; movieId?: number },
		setup: ReleaseSetup,
		delayMinutes: number | null,
	): void {
		const release = required(offerByRss(this.app, this.subjectOf(item), setup) ?? undefined, 'release');
		if (delayMinutes !== null) release.delayUntil = this.app.clock.now() + delayMinutes * 60_000;
	}

	async interactiveGrab(item: { episodeId?: number; movieId?: number }): Promise<string> {
		const release = this.releaseFor(item);
		const now = this.app.clock.now();
		for (const id of release.episodeIds) this.episode(id).searched = now;
		return this.grabNow(release, 'InteractiveSearch');
	}

	/** A search command by somebody else. */
	otherToolSearch(
		name: string,
		props: JsonObject,
		userAgent: string | null,
	): { commandId: number; merged: boolean } {
		const found = required(definition(this.app.traits, name) ?? undefined, `command ${name}`);
		const { command, merged } = this.app.commands.send(found, props, { trigger: 'manual', userAgent });
		return { commandId: command.id, merged };
	}

	removeUpstream(index: number): void {
		const movie = [...this.app.store.movies.values()][index];
		if (movie !== undefined) movie.status = 'deleted';
		this.app.store.touch();
	}

	private async grabNow(release: Release, source: string): Promise<string> {
		let result = 'dropped';
		const { grabber } = this.app;
		release.indexerId ||= [...this.app.store.indexers.keys()][0] ?? 0;
		await this.run(
			(function* (): Process {
				result = yield* grabber.grab(release, source, () => undefined);
			})(),
		);
		return result;
	}

	/** Runs steps at once, without waiting for virtual time. */
	private async run(process: Process): Promise<void> {
		for (let step = process.next(); step.done !== true; step = process.next()) {
			if (typeof step.value !== 'number') await step.value;
		}
	}

	private tell(event: 'Added' | 'Deleted', subject: { ownerId: number; owner?: JsonObject }): Promise<void> {
		return drive(this.app.clock, this.app.webhooks.send(event, subject), () => this.app.running);
	}

	private releaseFor(item: { episodeId?: number; movieId?: number }): Release {
		return required(makeRelease(this.app, this.subjectOf(item), {}) ?? undefined, 'release');
	}

	private subjectOf(item: { episodeId?: number; movieId?: number }): Subject {
		return item.movieId === undefined
			? { episode: this.episode(item.episodeId ?? 0) }
			: { movie: this.movie(item.movieId) };
	}

	private profileNamed(name: string | undefined): number {
		if (name === undefined) return this.app.store.lastId('profiles');
		return required(
			[...this.app.store.profiles.values()].find((profile) => profile.name === name),
			`profile ${name}`,
		).id;
	}

	private forgetHistory(gone: (row: App['store']['history'][number]) => boolean): void {
		const { history } = this.app.store;
		const kept = history.filter((row) => !gone(row));
		history.splice(0, history.length, ...kept);
	}

	private series(id: number): Series {
		return required(this.app.store.series.get(id), `series ${id}`);
	}

	private episode(id: number): Episode {
		return required(this.app.store.episodes.get(id), `episode ${id}`);
	}

	private movie(id: number): Movie {
		return required(this.app.store.movies.get(id), `movie ${id}`);
	}
}

function required<T>(value: T | undefined, what: string): T {
	if (value === undefined) throw new Error(`The fake has no ${what}`);
	return value;
}
