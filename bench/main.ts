// Runs the sections named, or all: `npm run bench -- sync scenes`.
import { benchDiscovery } from './discovery';
import { benchPages } from './pages';
import { closeReport } from './report';
import { benchStart } from './start';
import { benchScenes, benchSync } from './sync';
import { closeWorld } from './world';

const SECTIONS: Readonly<Record<string, () => Promise<void>>> = {
	start: benchStart,
	discovery: benchDiscovery,
	pages: benchPages,
	scenes: benchScenes,
	sync: benchSync,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in SECTIONS));
if (unknown.length > 0) {
	process.stderr.write(
		`There is no section ${unknown.join(', ')}; choose ${Object.keys(SECTIONS).join(', ')}.\n`,
	);
	process.exit(1);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	process.once(signal, () => void closeWorld().finally(() => process.exit(130)));
}
try {
	for (const [name, run] of Object.entries(SECTIONS))
		if (asked.length === 0 || asked.includes(name)) await run();
} finally {
	await closeWorld();
	closeReport();
}
process.exit(0);
