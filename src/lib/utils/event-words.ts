/** Sentences of the event feed as people say them: one is singular, and nothing is said about none. */

const changes: readonly (readonly [RegExp, string])[] = [
	[/\b1 searches\b/, '1 search'],
	[/: 0 searches put in line, 0 taken out/, ': nothing changed in line'],
	[/: 0 searches put in line, (\S+) taken out/, ': $1 taken out of the line'],
	[/ put in line, 0 taken out/, ' put in line'],
	[/: 0 newly wanted, 0 no longer/, ': nothing new is wanted'],
	[/: 0 newly wanted, (\S+) no longer/, ': $1 no longer wanted'],
	[/ newly wanted, 0 no longer/, ' newly wanted'],
	[/ newly wanted, (\S+) no longer/, ' newly wanted, $1 no longer wanted'],
];

export const eventWords = (message: string): string =>
	changes.reduce((text, [from, to]) => text.replace(from, to), message);
