// One process per data directory. The kernel's file lock ends with the process and is seen from other
// containers on the same volume; where it cannot be had, the process named in the file decides.
import { dlopen, FFIType } from 'bun:ffi';
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { explainWriteFailure, StartError } from './start-error';

/** A lock that is held. */
export interface InstanceLock {
	release(): void;
}

const fileName = 'comradarr.lock';
const lockExclusive = 2;
const lockNonBlocking = 4;

/** Takes the lock of a data directory, or throws a StartError that names the process holding it. */
export function takeInstanceLock(dataDir: string): InstanceLock {
	const file = join(dataDir, fileName);
	let descriptor: number;
	try {
		mkdirSync(dataDir, { recursive: true });
		descriptor = openSync(file, 'a+', 0o644);
	} catch (error) {
		throw explainWriteFailure(error, dataDir);
	}
	const holder = readHolder(file);
	if (!lock(descriptor, holder)) {
		closeSync(descriptor);
		const who = holder === undefined ? 'another process' : `process ${holder.pid}`;
		throw new StartError(
			`Comradarr is already running with the data directory ${dataDir} (${who}); stop it first, or set DATA_DIR to another place.`,
		);
	}
	try {
		ftruncateSync(descriptor);
		writeSync(descriptor, `${JSON.stringify({ pid: process.pid, started: startTime(process.pid) })}\n`, 0);
	} catch (error) {
		closeSync(descriptor);
		throw explainWriteFailure(error, dataDir);
	}
	return { release: () => closeSync(descriptor) };
}

interface Holder {
	readonly pid: number;
	/** When that process started, so that a number used again is not taken for it. */
	readonly started: string;
}

function lock(descriptor: number, holder: Holder | undefined): boolean {
	const flock = systemLock();
	if (flock !== undefined) return flock(descriptor, lockExclusive | lockNonBlocking) === 0;
	return holder === undefined || holder.pid === process.pid || startTime(holder.pid) !== holder.started;
}

function systemLock(): ((descriptor: number, operation: number) => number) | undefined {
	const musl = process.arch === 'arm64' ? 'libc.musl-aarch64.so.1' : 'libc.musl-x86_64.so.1';
	const names = process.platform === 'darwin' ? ['libSystem.B.dylib'] : ['libc.so.6', musl];
	for (const name of names) {
		try {
			return dlopen(name, { flock: { args: [FFIType.i32, FFIType.i32], returns: FFIType.i32 } }).symbols
				.flock;
		} catch {
			// not this C library
		}
	}
	return undefined;
}

function readHolder(file: string): Holder | undefined {
	try {
		return JSON.parse(readFileSync(file, 'utf8')) as Holder;
	} catch {
		return undefined;
	}
}

/** Start of a process in clock ticks since boot; empty if there is no such process or no such file. */
function startTime(pid: number): string {
	try {
		return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
	} catch {
		return '';
	}
}
