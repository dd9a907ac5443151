// Tests run in UTC, never see the configuration of the person who runs them, and log only if TEST_LOG is set.
import { logging } from '../../src/lib/server/logger';

process.env.TZ = 'UTC';
for (const name of [
	'DATABASE_URL',
	'SECRET_KEY',
	'ADMIN_USER',
	'ADMIN_PASS',
	'API_KEY',
	'BASE_URL',
	'DATA_DIR',
	'LOG_LEVEL',
]) {
	Reflect.deleteProperty(process.env, name);
	Reflect.deleteProperty(process.env, `${name}_FILE`);
}

if (process.env.TEST_LOG === undefined) logging().write = () => undefined;
