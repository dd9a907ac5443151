/** An own certificate authority, checked before it is saved: what cannot be read fails only with the next connection. */
import { X509Certificate } from 'node:crypto';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;
const HOW =
	'paste the whole text of the certificate, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----';

/** What is wrong with a text in PEM, one certificate or several, and what to paste instead; null if nothing is. */
export function certificateProblem(pem: string): string | null {
	if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem))
		return `this holds a private key, which stays secret: ${HOW}`;
	const blocks = pem.match(CERTIFICATE) ?? [];
	if (blocks.length === 0) return `this is not a certificate: ${HOW}`;
	return blocks.every(isReadable) ? null : `this certificate is damaged: ${HOW}`;
}

function isReadable(block: string): boolean {
	try {
		return new X509Certificate(block).raw.length > 0;
	} catch {
		return false;
	}
}
