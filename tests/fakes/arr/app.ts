// One application: its tables, its clock, its engine, and its coming and going.
import type { Clock, Timer } from './clock.ts';
import { CommandEngine } from './commands/engine.ts';
import { definition } from './commands/definitions.ts';
import type { InstanceOptions, RestartOptions } from './control/contract.ts';
import { Acts } from './acts/acts.ts';
import { Downloads } from './downloads/downloads.ts';
import { Grabber } from './downloads/grabber.ts';
import { HistoryWriter } from './downloads/history.ts';
import { Importer } from './downloads/importer.ts';
import { Health } from './health/health.ts';
import type { JsonObject } from './json.ts';
import { traitsOf, type Traits } from './kinds.ts';
import { fillLibrary } from './library/library.ts';
import { startHousekeeping } from './life/housekeeping.ts';
import { Moments } from './state/moments.ts';
import { hash, Random } from './random.ts';
import { Indexers } from './search/indexers.ts';
import { Scripts } from './search/scripts.ts';
import type { Release } from './state/model.ts';
import { Store } from './state/store.ts';
import { resolveOptions, type Resolved } from './options.ts';
import { Webhooks } from './webhooks/webhooks.ts';
import type { Found } from './search/searcher.ts';

export class App {
	readonly traits: Traits;
	readonly options: Resolved;
	readonly store: Store;
	readonly random: Random;
	readonly commands: CommandEngine;
	readonly indexers: Indexers;
	readonly scripts: Scripts;
	readonly grabber: Grabber;
	readonly downloads: Downloads;
	readonly importer: Importer;
	readonly history: HistoryWriter;
	readonly health: Health;
	readonly webhooks: Webhooks;
	readonly acts: Acts;
	private readonly moments = new Moments(this);
	/** Releases that the next RSS sync will see. */
	readonly feed: Release[] = [];
	/** Whisparr 3's cache of single movies. */
	readonly movieCache = new Map<number, JsonObject>();
	/** Results of interactive searches that can still be grabbed. */
	readonly offers = new Map<string, { until: number; found: Found['releases'][number] }>();
	version: string;
	startTime: number;
	/** Counts starts: what an earlier start had planned is dead. */
	epoch = 1;
	running = true;
	/** False for the moment after a start in which commands are not yet in order. */
	settled = true;
	databaseLocked = false;

	constructor(
		readonly clock: Clock,
		options: InstanceOptions,
	) {
		this.traits = traitsOf(options.kind);
		this.options = resolveOptions(this.traits, options);
		this.version = options.version ?? this.traits.version;
		this.startTime = clock.now() - this.options.startedAgoMs;
		this.store = new Store(this.traits);
		this.random = new Random(this.options.seed);
		this.commands = new CommandEngine(this);
		this.indexers = new Indexers(this);
		this.scripts = new Scripts(this);
		this.grabber = new Grabber(this);
		this.downloads = new Downloads(this);
		this.importer = new Importer(this);
		this.history = new HistoryWriter(this);
		this.health = new Health(this);
		this.webhooks = new Webhooks(this);
		this.acts = new Acts(this);
		fillLibrary(this, options.library ?? {});
		this.acts.addSettings(options);
		this.health.checkAll();
		startHousekeeping(this);
	}

	/** In this start's time: dies with the process. */
	later(delay: number, run: () => void | Promise<void>): Timer {
		const { epoch } = this;
		return this.clock.after(delay, () => {
			if (this.epoch === epoch && this.running) return run();
		});
	}

	/** A command of the application's own. */
	own(name: string, props: JsonObject = {}): number {
		const found = definition(this.traits, name);
		if (found === null) throw new Error(`No command ${name}`);
		const isSearch = found.isSearch === true;
		const isFollowUp = isSearch || name === 'ProcessMonitoredDownloads';
		const trigger = isFollowUp ? 'unspecified' : 'scheduled';
		const high = name === 'RefreshMonitoredDownloads' || name === 'ProcessMonitoredDownloads';
		return this.commands.send(found, props, { trigger, priority: high ? 'high' : 'normal' }).command.id;
	}

	/** Unpaged lists have an order of their own, which changes with updates. */
	inDatabaseOrder<T extends { id: number }>(table: Map<number, T>): T[] {
		const rows = [...table.values()];
		const moved = this.options.seed % 7;
		if (rows.length < 4) return rows;
		const later = rows.filter((row) => hash(row.id, moved, 13) % 5 === 0);
		return [...rows.filter((row) => hash(row.id, moved, 13) % 5 !== 0), ...later];
	}

	/** Key of a rendered list whose content changes with time: it is another after each moment at which it changes. */
	timedKey(name: string): string {
		return `${name}@${this.moments.passed(this.clock.now())}`;
	}

	/** The process ends: nothing in memory survives. */
	stop(options: RestartOptions): void {
		this.running = false;
		this.settled = false;
		this.epoch++;
		this.commands.die(options.loseCommands ?? false);
		this.downloads.forget();
		this.offers.clear();
	}

	/** The process is up and answers at once, but its commands are put in order only `settleMs` later. */
	start(options: RestartOptions): void {
		this.running = true;
		this.epoch++;
		this.startTime = this.clock.now();
		if (options.version !== undefined) this.version = options.version;
		this.health.forget();
		const settle = () => {
			this.settled = true;
			this.commands.recover();
			this.own('RefreshMonitoredDownloads');
			startHousekeeping(this);
		};
		const delay = options.settleMs ?? 100;
		if (delay === 0) settle();
		else this.later(delay, settle);
	}
}
