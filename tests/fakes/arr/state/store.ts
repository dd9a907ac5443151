// The tables of one instance, with the indexes that answers need. Records are small plain objects: half a million
// episodes and 400,000 files fit into some hundred megabytes.
import type { Traits } from '../kinds.ts';
import type {
	BlocklistRow,
	CustomFormat,
	DelayProfile,
	Download,
	DownloadClient,
	Episode,
	HistoryRow,
	Indexer,
	MediaFile,
	Movie,
	Notification,
	PendingRelease,
	Performer,
	Profile,
	Series,
	Studio,
	Tag,
} from './model.ts';
import { freshProfiles } from './profiles.ts';
import { QualityTable } from './qualities.ts';

export interface RootFolder {
	id: number;
	path: string;
}

export type Table =
	| 'series'
	| 'episodes'
	| 'files'
	| 'movies'
	| 'history'
	| 'commands'
	| 'blocklist'
	| 'profiles'
	| 'formats'
	| 'tags'
	| 'indexers'
	| 'clients'
	| 'notifications'
	| 'rootFolders'
	| 'pending'
	| 'studios'
	| 'performers'
	| 'delayProfiles';

export class Store {
	readonly qualities: QualityTable;
	readonly series = new Map<number, Series>();
	readonly episodes = new Map<number, Episode>();
	readonly movies = new Map<number, Movie>();
	readonly files = new Map<number, MediaFile>();
	readonly profiles = new Map<number, Profile>();
	readonly formats = new Map<number, CustomFormat>();
	readonly tags = new Map<number, Tag>();
	readonly indexers = new Map<number, Indexer>();
	readonly clients = new Map<number, DownloadClient>();
	readonly notifications = new Map<number, Notification>();
	readonly rootFolders = new Map<number, RootFolder>();
	readonly delayProfiles = new Map<number, DelayProfile>();
	readonly studios = new Map<number, Studio>();
	readonly performers = new Map<number, Performer>();
	readonly downloads = new Map<string, Download>();
	readonly pending: PendingRelease[] = [];
	readonly blocklist: BlocklistRow[] = [];
	/** Oldest first. */
	readonly history: HistoryRow[] = [];
	readonly filesByOwner = new Map<number, number[]>();
	/** Changes with every write to library, files or settings; cached answers are keyed by it. */
	version = 1;
	private readonly last = new Map<Table, number>();

	constructor(readonly traits: Traits) {
		this.qualities = new QualityTable(traits.family);
		for (const profile of freshProfiles(this.qualities)) this.profiles.set(profile.id, profile);
		this.last.set('profiles', this.profiles.size);
		this.addDelayProfile();
	}

	nextId(table: Table): number {
		const id = (this.last.get(table) ?? 0) + 1;
		this.last.set(table, id);
		return id;
	}

	lastId(table: Table): number {
		return this.last.get(table) ?? 0;
	}

	touch(): void {
		this.version++;
	}

	addSeries(series: Series): Series {
		this.series.set(series.id, series);
		this.touch();
		return series;
	}

	addEpisode(episode: Episode): Episode {
		this.episodes.set(episode.id, episode);
		this.seriesOf(episode).episodes.push(episode);
		return episode;
	}

	addMovie(movie: Movie): Movie {
		this.movies.set(movie.id, movie);
		this.touch();
		return movie;
	}

	addFile(file: MediaFile): MediaFile {
		this.files.set(file.id, file);
		const known = this.filesByOwner.get(file.ownerId);
		if (known === undefined) this.filesByOwner.set(file.ownerId, [file.id]);
		else known.push(file.id);
		this.version++;
		return file;
	}

	removeFile(id: number): void {
		const file = this.files.get(id);
		if (file === undefined) return;
		this.files.delete(id);
		const known = this.filesByOwner.get(file.ownerId) ?? [];
		this.filesByOwner.set(
			file.ownerId,
			known.filter((other) => other !== id),
		);
		this.touch();
	}

	filesOf(ownerId: number): MediaFile[] {
		const files: MediaFile[] = [];
		for (const id of this.filesByOwner.get(ownerId) ?? []) {
			const file = this.files.get(id);
			if (file !== undefined) files.push(file);
		}
		return files;
	}

	seriesOf(episode: Episode): Series {
		const series = this.series.get(episode.seriesId);
		if (series === undefined) throw new Error(`Series ${episode.seriesId} is not in the store`);
		return series;
	}

	profileOf(owner: Series | Movie): Profile {
		const profile = this.profiles.get(owner.profileId) ?? this.profiles.values().next().value;
		if (profile === undefined) throw new Error('The store has no quality profile');
		return profile;
	}

	profileOfFile(file: MediaFile): Profile {
		const owner =
			this.traits.shape === 'series' ? this.series.get(file.ownerId) : this.movies.get(file.ownerId);
		if (owner === undefined) throw new Error(`Owner ${file.ownerId} of file ${file.id} is not in the store`);
		return this.profileOf(owner);
	}

	tag(label: string): Tag {
		const lower = label.toLowerCase();
		for (const tag of this.tags.values()) if (tag.label === lower) return tag;
		const tag = { id: this.nextId('tags'), label: lower };
		this.tags.set(tag.id, tag);
		return tag;
	}

	labels(ids: readonly number[]): string[] {
		return ids.map((id) => this.tags.get(id)?.label ?? '').filter((label) => label !== '');
	}

	private addDelayProfile(): void {
		this.delayProfiles.set(1, {
			id: this.nextId('delayProfiles'),
			enableUsenet: true,
			enableTorrent: true,
			usenetDelay: 0,
			torrentDelay: 0,
			preferredProtocol: 'usenet',
			bypassIfHighestQuality: true,
			order: 2147483647,
			tags: [],
		});
	}
}
