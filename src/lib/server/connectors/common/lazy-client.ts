/** Stands in for a client whose shape is not known yet: asks for it when first used, and again if it has changed. */
import type { ConnectorKind, Shape } from '$lib/domain/words';
import type { ClientContext } from './base-client';
import { chained } from './reading';
import type * as t from './types';

export class LazyClient implements t.ArrClient {
	private inner: { shape: Shape; client: t.ArrClient } | null = null;

	constructor(
		private readonly context: ClientContext,
		private readonly shape: (signal?: AbortSignal) => Promise<Shape>,
		private readonly make: (shape: Shape) => t.ArrClient,
	) {}

	get kind(): ConnectorKind {
		return this.context.kind;
	}
	get requestCount(): number {
		return this.context.http.requestCount;
	}

	private async client(signal?: AbortSignal): Promise<t.ArrClient> {
		const shape = await this.shape(signal);
		if (this.inner?.shape !== shape) this.inner = { shape, client: this.make(shape) };
		return this.inner.client;
	}

	/** A list of the client that is not known yet. */
	private list<T>(
		signal: AbortSignal | undefined,
		open: (client: t.ArrClient) => t.ListReading<T>,
	): t.ListReading<T> {
		const client = (): Promise<t.ArrClient> => this.client(signal);
		return chained(async function* () {
			yield open(await client());
		});
	}

	status(signal?: AbortSignal) {
		return this.context.status(signal);
	}
	async wantedTotals(signal?: AbortSignal) {
		return (await this.client(signal)).wantedTotals(signal);
	}
	async health(signal?: AbortSignal) {
		return (await this.client(signal)).health(signal);
	}
	async qualityProfiles(signal?: AbortSignal) {
		return (await this.client(signal)).qualityProfiles(signal);
	}
	async customFormats(signal?: AbortSignal) {
		return (await this.client(signal)).customFormats(signal);
	}
	async tags(signal?: AbortSignal) {
		return (await this.client(signal)).tags(signal);
	}
	async indexers(signal?: AbortSignal) {
		return (await this.client(signal)).indexers(signal);
	}
	async downloadClients(signal?: AbortSignal) {
		return (await this.client(signal)).downloadClients(signal);
	}
	async delayProfiles(signal?: AbortSignal) {
		return (await this.client(signal)).delayProfiles(signal);
	}
	async rootFolders(signal?: AbortSignal) {
		return (await this.client(signal)).rootFolders(signal);
	}
	async queue(signal?: AbortSignal) {
		return (await this.client(signal)).queue(signal);
	}
	historySince(date: Date, signal?: AbortSignal) {
		return this.list(signal, (client) => client.historySince(date, signal));
	}
	async historyPage(page: number, pageSize: number, signal?: AbortSignal) {
		return (await this.client(signal)).historyPage(page, pageSize, signal);
	}
	async historyOfItem(item: Parameters<t.ArrClient['historyOfItem']>[0], signal?: AbortSignal) {
		return (await this.client(signal)).historyOfItem(item, signal);
	}
	async commands(signal?: AbortSignal) {
		return (await this.client(signal)).commands(signal);
	}
	async command(id: number, signal?: AbortSignal) {
		return (await this.client(signal)).command(id, signal);
	}
	async search(command: t.SearchCommand, dispatchId: string, signal?: AbortSignal) {
		return (await this.client(signal)).search(command, dispatchId, signal);
	}
	listSeries(signal?: AbortSignal, known?: string) {
		return this.list(signal, (client) => client.listSeries(signal, known));
	}
	async getSeries(arrId: number, signal?: AbortSignal) {
		return (await this.client(signal)).getSeries(arrId, signal);
	}
	listEpisodes(seriesArrId: number, signal?: AbortSignal, known?: string) {
		return this.list(signal, (client) => client.listEpisodes(seriesArrId, signal, known));
	}
	listEpisodeFiles(seriesArrId: number, signal?: AbortSignal, known?: string) {
		return this.list(signal, (client) => client.listEpisodeFiles(seriesArrId, signal, known));
	}
	async getEpisode(arrId: number, signal?: AbortSignal) {
		return (await this.client(signal)).getEpisode(arrId, signal);
	}
	listMovies(signal?: AbortSignal, known?: string) {
		return this.list(signal, (client) => client.listMovies(signal, known));
	}
	async listMovieIds(signal?: AbortSignal) {
		return (await this.client(signal)).listMovieIds(signal);
	}
	getMovies(arrIds: number[], signal?: AbortSignal) {
		return this.list(signal, (client) => client.getMovies(arrIds, signal));
	}
	async getMovie(ref: Parameters<t.ArrClient['getMovie']>[0], signal?: AbortSignal) {
		return (await this.client(signal)).getMovie(ref, signal);
	}
	listMovieFiles(movieArrIds: number[], signal?: AbortSignal) {
		return this.list(signal, (client) => client.listMovieFiles(movieArrIds, signal));
	}
}
