// Only what a connection can be checked with is taken for an own certificate authority.
import { expect, test } from 'vitest';
import { defaultConnectorSettings } from '$lib/domain/settings';
import { certificateProblem } from './certificate';
import { completeSettings, mergeSettings } from './settings';

/** An authority made for this test; its key was thrown away. */
const AUTHORITY = `-----BEGIN CERTIFICATE-----
MIIBejCCAR+gAwIBAgIUQVDMQX+XM2SxJ4D80zyEayFcnwswCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGT3duIENBMCAXDTI2MTEyMTE3MDUxMloYDzIxMjYxMDI4MTcw
NTEyWjARMQ8wDQYDVQQDDAZPd24gQ0EwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AARkjhMnPxPmjyVxwFdPWSAd/sLufr/w31Hm/PisZlzkpuy62P6YGjvHU80TUoUy
+AlQzb8X3B/NDInC5O5j7xjMo1MwUTAdBgNVHQ4EFgQUTD+okZZ7LCFBuwPgkfWf
uDeb+UswHwYDVR0jBBgwFoAUTD+okZZ7LCFBuwPgkfWfuDeb+UswDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA8Iy1A4sk7IoT9lyac+NtqMSNY/WS
PL8P/3gzkkYkPLkCIQDSv8+376EPZn7aUQQrY7OV4wsERRz0seU7g0IYZeoVcg==
-----END CERTIFICATE-----`;

test('one certificate, several, and text around them', () => {
	expect(certificateProblem(AUTHORITY)).toBeNull();
	expect(certificateProblem(`subject=Own CA\n${AUTHORITY}\n${AUTHORITY}\n`)).toBeNull();
});

test.each([
	['some text', 'not a certificate'],
	['/etc/ssl/certs/ca.pem', 'not a certificate'],
	[AUTHORITY.replace('-----END CERTIFICATE-----', ''), 'not a certificate'],
	[AUTHORITY.replace(/\n[\w+/]{20}/, '\n'), 'damaged'],
	[`${AUTHORITY}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`, 'damaged'],
	[`-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n${AUTHORITY}`, 'private key'],
])('%#: what else is pasted is refused, and told what to paste', (text, problem) => {
	expect(certificateProblem(text)).toContain(problem);
	expect(certificateProblem(text)).toContain('-----BEGIN CERTIFICATE-----');
});

test('settings with it are refused by field; one that is saved already hinders no other change', () => {
	expect(() => completeSettings({ connection: { ca: 'some text' } })).toThrow(
		'settings.connection.ca: this is not a certificate',
	);
	expect(completeSettings({ connection: { ca: AUTHORITY } }).connection.ca).toBe(AUTHORITY);
	const before = defaultConnectorSettings();
	before.connection.ca = 'from before';
	expect(mergeSettings(before, { graceHours: 3 }).graceHours).toBe(3);
	expect(() => mergeSettings(before, { connection: { ca: 'some text' } })).toThrow('not a certificate');
});
