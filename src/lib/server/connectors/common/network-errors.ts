/** Turns what the runtime throws for a failed connection into our causes. */
import { ArrError } from './errors';
import type { ArrErrorCode } from './errors';

/** `connect`: no answer yet. `body`: the answer had begun. */
export type Phase = 'connect' | 'body';

const codes: Readonly<Record<string, ArrErrorCode>> = {
	ECONNREFUSED: 'refused',
	ConnectionRefused: 'refused',
	EHOSTUNREACH: 'unreachable',
	ENETUNREACH: 'unreachable',
	EHOSTDOWN: 'unreachable',
	ENETDOWN: 'unreachable',
	EADDRNOTAVAIL: 'unreachable',
	FailedToOpenSocket: 'unreachable',
	ETIMEDOUT: 'timeout',
	ENOTFOUND: 'dns',
	EAI_AGAIN: 'dns',
	EPROTO: 'tls',
	Malformed_HTTP_Response: 'not_application',
	InvalidHTTPResponse: 'not_application',
	ZlibError: 'cut_off',
};

const certificates: Readonly<Record<string, string>> = {
	DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate is self-signed.',
	SELF_SIGNED_CERT_IN_CHAIN: 'The certificate comes from an authority that is not known here.',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'The certificate comes from an authority that is not known here.',
	UNABLE_TO_GET_ISSUER_CERT: 'The certificate comes from an authority that is not known here.',
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'The certificate comes from an authority that is not known here.',
	CERT_HAS_EXPIRED: 'The certificate has expired.',
	CERT_NOT_YET_VALID: 'The certificate is not valid yet: is the clock right?',
	ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate belongs to another host name.',
};

export function explainNetworkError(error: unknown, phase: Phase, endpoint: string): ArrError {
	if (error instanceof ArrError) return error;
	const code = codeOf(error);
	const certificate = certificates[code];
	if (certificate !== undefined) return new ArrError('tls', { message: certificate, endpoint, cause: error });
	if (phase === 'body') return new ArrError('cut_off', { endpoint, cause: error });
	if (code === 'EPROTO' || /^ERR_(SSL|TLS)_|^CERT_|_CERT/.test(code)) return tlsError(error, endpoint);
	return new ArrError(codes[code] ?? 'reset', { endpoint, cause: error });
}

function tlsError(error: unknown, endpoint: string): ArrError {
	const handshake = error instanceof Error && /handshake/i.test(error.message);
	return new ArrError('tls', {
		endpoint,
		cause: error,
		// only a failed handshake proves that no request was written
		sent: handshake ? 'no' : 'unknown',
		...(handshake && {
			message: 'The server did not answer the secure handshake.',
			hint: 'This port may speak plain http: try the address with http instead of https.',
		}),
	});
}

function codeOf(error: unknown): string {
	if (typeof error !== 'object' || error === null) return '';
	const code: unknown = 'code' in error ? error.code : undefined;
	return typeof code === 'string' ? code : '';
}
