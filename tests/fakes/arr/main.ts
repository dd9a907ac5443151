// The fake's own process: starts the control server, tells its address in one line of JSON, and ends with its stdin.
import { parseArgs } from 'node:util';
import { startControl } from './control/server.ts';

const { values } = parseArgs({
	options: {
		port: { type: 'string', default: '0' },
		start: { type: 'string' },
		keep: { type: 'boolean', default: false },
	},
});

const start = values.start === undefined ? undefined : Date.parse(values.start);
const control = await startControl(Number(values.port), start);
console.log(JSON.stringify({ control }));

if (!values.keep) {
	process.stdin.on('end', () => process.exit(0));
	process.stdin.on('close', () => process.exit(0));
	process.stdin.resume();
}
