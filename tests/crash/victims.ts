// Processes that are about to be killed: started ahead of their turn, since that is what takes the time.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export class Victim {
	private readonly lines: unknown[] = [];
	private readonly waiting: ((line: unknown) => void)[] = [];
	readonly ended: Promise<{ signal: string | null; code: number | null }>;

	constructor(private readonly child: ChildProcess) {
		if (child.stdout === null) throw new Error('the runner has no stdout');
		createInterface({ input: child.stdout }).on('line', (line) => this.push(JSON.parse(line)));
		this.ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
	}

	private push(line: unknown): void {
		const next = this.waiting.shift();
		if (next === undefined) this.lines.push(line);
		else next(line);
	}

	read(): Promise<unknown> {
		const line = this.lines.shift();
		return line === undefined ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve(line);
	}

	order(order: object): void {
		this.child.stdin?.write(`${JSON.stringify(order)}\n`);
	}

	kill(): void {
		this.child.kill('SIGKILL');
	}
}

/** Keeps `ahead` runners warm. */
export class Victims {
	private readonly warm: Promise<Victim>[] = [];
	constructor(
		private readonly args: string[],
		private readonly ahead = 2,
	) {}

	async next(): Promise<Victim> {
		while (this.warm.length <= this.ahead) this.warm.push(this.start());
		const victim = await this.warm.shift();
		if (victim === undefined) throw new Error('no runner');
		return victim;
	}

	private async start(): Promise<Victim> {
		const main = fileURLToPath(new URL('./runner.ts', import.meta.url));
		const child = spawn(process.execPath, [main, ...this.args], {
			stdio: ['pipe', 'pipe', 'inherit'],
			env: { ...process.env, LOG_LEVEL: 'error' },
		});
		const victim = new Victim(child);
		await victim.read();
		return victim;
	}

	async close(): Promise<void> {
		for (const warm of this.warm) (await warm).kill();
	}
}
