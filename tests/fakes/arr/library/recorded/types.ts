// The library that the recordings presuppose, in the terms of the fake's tables.
import type {
	CustomFormat,
	Episode,
	MediaFile,
	Movie,
	Performer,
	Series,
	Studio,
	Tag,
} from '../../state/model.ts';
import type { ProfileSetup } from '../../state/profiles.ts';

export interface Library {
	tags: Tag[];
	formats: CustomFormat[];
	/** added to the profiles of a fresh installation, with the next ids */
	profiles: ProfileSetup[];
	/** replaces profiles of a fresh installation, by id */
	changedProfiles?: Record<number, ProfileSetup>;
	rootFolder: string;
	series: Series[];
	episodes: Episode[];
	movies: Movie[];
	files: MediaFile[];
	studios: Studio[];
	performers: Performer[];
}

/** The day on which the recordings were made. */
export const today = Date.parse('2026-11-21T09:00:00Z');
export const day = 86_400_000;

export function emptyLibrary(rootFolder: string): Library {
	return {
		tags: [],
		formats: [],
		profiles: [],
		rootFolder,
		series: [],
		episodes: [],
		movies: [],
		files: [],
		studios: [],
		performers: [],
	};
}

export function addFile(
	library: Library,
	file: Partial<MediaFile> & { ownerId: number; quality: number },
): number {
	const id = library.files.length + 1;
	library.files.push({
		id,
		season: 0,
		revision: 1,
		repack: false,
		group: 'OTHR',
		size: 1_984_005_952,
		added: Date.parse('2026-05-01T10:11:12Z'),
		formats: [],
		name: null,
		...file,
	});
	return id;
}
