// When a whole library is read anew is the user's choice, within what an application can bear.
import { expect, test } from 'vitest';
import { completeSettings } from './settings';

const withCron = (fullSyncCron: string) => () => completeSettings({ schedule: { fullSyncCron } });

test.each(['30 4 * * *', '0 * * * *', '0 3 * * 0', '15 4 29 2 *', '0 30 4 * * *', '@weekly'])(
	'%s',
	(cron) => {
		expect(withCron(cron)().schedule.fullSyncCron).toBe(cron);
	},
);

test.each(['* * * * * *', '* * * * *', '0,30 4 * * *'])('too often: %s', (cron) => {
	expect(withCron(cron)).toThrow('an hour');
});

test.each(['0 0 31 2 *', '2030-01-01T00:00:00'])('comes once at most: %s', (cron) => {
	expect(withCron(cron)).toThrow('never comes again');
});

test.each(['', 'soon', '99 * * * *'])('no pattern: %s', (cron) => {
	expect(withCron(cron)).toThrow('must be a cron pattern');
});
