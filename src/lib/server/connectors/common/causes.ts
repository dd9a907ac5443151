/**
 * Everything that can go wrong between us and an application, with the words the user reads and what to do about it.
 * A new cause is one entry here.
 */

/**
 * `retry_later`: passes by itself. `hold_connector`: nothing can be asked of this connector until it answers again.
 * `give_up_item`: this one thing cannot be had, the rest can. `ask_user`: a setting must be changed first.
 */
export type Decision = 'retry_later' | 'hold_connector' | 'give_up_item' | 'ask_user';

/** `no`: the application provably did nothing; the request never left, or an answer refused it. */
export type Sent = 'no' | 'unknown';

export type ArrErrorCode =
	| 'address_invalid'
	| 'address_forbidden'
	| 'dns'
	| 'refused'
	| 'unreachable'
	| 'timeout'
	| 'tls'
	| 'reset'
	| 'not_started'
	| 'cancelled'
	| 'redirected'
	| 'proxy_login'
	| 'not_json'
	| 'bad_json'
	| 'not_application'
	| 'wrong_application'
	| 'wrong_base'
	| 'unauthorized'
	| 'starting'
	| 'server_error'
	| 'database_locked'
	| 'rate_limited'
	| 'not_found'
	| 'bad_request'
	| 'bad_record'
	| 'record_too_large'
	| 'list_too_large'
	| 'cut_off'
	| 'unsupported'
	| 'not_this_shape'
	| 'command_rejected';

export interface Cause {
	readonly decision: Decision;
	readonly sent: Sent;
	readonly message: string;
	readonly hint: string;
}

const container =
	'If Comradarr runs in a container, "localhost" is that container: use the service name or the address of the host.';

export const CAUSES: Readonly<Record<ArrErrorCode, Cause>> = {
	address_invalid: {
		decision: 'ask_user',
		sent: 'no',
		message: 'This is not an address.',
		hint: 'Write it as http://host:port, with the base path behind it if the application has one.',
	},
	address_forbidden: {
		decision: 'ask_user',
		sent: 'no',
		message: 'This address leads to a network that is never asked.',
		hint: 'Link-local, metadata, multicast and unspecified addresses are refused. Use the real address of the application.',
	},
	dns: {
		decision: 'hold_connector',
		sent: 'no',
		message: 'The host name is not known.',
		hint: 'Check the spelling. Container names are only known inside a network that both containers share.',
	},
	refused: {
		decision: 'hold_connector',
		sent: 'no',
		message: 'Nothing listens on this port.',
		hint: `Check the port and that the application is running. ${container}`,
	},
	unreachable: {
		decision: 'hold_connector',
		sent: 'no',
		message: 'The host cannot be reached.',
		hint: 'Check the address, the network and the firewall between here and there.',
	},
	timeout: {
		decision: 'retry_later',
		sent: 'unknown',
		message: 'The application did not answer in time.',
		hint: 'It may be busy, or a firewall drops the connection. The timeout can be raised for this connector.',
	},
	tls: {
		decision: 'ask_user',
		sent: 'no',
		message: 'The secure connection could not be made.',
		hint: 'Check https and port. For a certificate of your own, add its authority or allow self-signed certificates.',
	},
	reset: {
		decision: 'retry_later',
		sent: 'unknown',
		message: 'The connection was closed before an answer came.',
		hint: 'The application may be restarting. If it never works, the port may want https instead of http.',
	},
	not_started: {
		decision: 'retry_later',
		sent: 'no',
		message: 'The request could not be begun in time and was not sent.',
		hint: 'Other requests to this application took too long.',
	},
	cancelled: {
		decision: 'retry_later',
		sent: 'unknown',
		message: 'The request was given up on our side.',
		hint: 'Nothing needs to be done.',
	},
	redirected: {
		decision: 'ask_user',
		sent: 'no',
		message: 'The address leads on to another one.',
		hint: 'Enter the address at which the application itself answers.',
	},
	proxy_login: {
		decision: 'ask_user',
		sent: 'no',
		message: 'A login page in front of the application answered.',
		hint: 'Let the reverse proxy pass requests to /api without its own login, or use the internal address.',
	},
	not_json: {
		decision: 'hold_connector',
		sent: 'unknown',
		message: 'The answer is a page, not data of the application.',
		hint: 'Check address, port and base path: something else may answer there.',
	},
	bad_json: {
		decision: 'hold_connector',
		sent: 'unknown',
		message: 'The answer could not be read: it is damaged.',
		hint: 'A proxy in between may change or cut answers.',
	},
	not_application: {
		decision: 'hold_connector',
		sent: 'unknown',
		message: 'Something else than the application answered.',
		hint: 'Check address, port and base path, and what a reverse proxy in between does with /api.',
	},
	wrong_application: {
		decision: 'ask_user',
		sent: 'no',
		message: 'Another application answers at this address.',
		hint: 'Check host and port.',
	},
	wrong_base: {
		decision: 'ask_user',
		sent: 'no',
		message: 'The base path of the address is not right.',
		hint: 'Look at "URL Base" under Settings, General in the application and put it behind the port.',
	},
	unauthorized: {
		decision: 'ask_user',
		sent: 'no',
		message: 'The application refuses this API key.',
		hint: 'Copy the key from Settings, General in the application, and enter it in Comradarr.',
	},
	starting: {
		decision: 'retry_later',
		sent: 'no',
		message: 'The application is starting up.',
		hint: 'Try again in a minute.',
	},
	server_error: {
		decision: 'retry_later',
		sent: 'unknown',
		message: 'The application had an error of its own.',
		hint: 'Its log under System, Logs tells more.',
	},
	database_locked: {
		decision: 'retry_later',
		sent: 'unknown',
		message: 'The database of the application is locked.',
		hint: 'It is busy writing. If this stays, its database may be on a network drive.',
	},
	rate_limited: {
		decision: 'retry_later',
		sent: 'no',
		message: 'Too many requests: a proxy in front of the application slows us down.',
		hint: 'The application itself has no such limit. Raise the limit of the proxy, or use the internal address.',
	},
	not_found: {
		decision: 'give_up_item',
		sent: 'no',
		message: 'The application does not have this.',
		hint: 'It was removed there, or this version does not offer it.',
	},
	bad_request: {
		decision: 'give_up_item',
		sent: 'no',
		message: 'The application did not understand the request.',
		hint: 'This version may be too old or too new for Comradarr.',
	},
	bad_record: {
		decision: 'give_up_item',
		sent: 'unknown',
		message: 'A record of the application has an unexpected form.',
		hint: 'This version may be newer than Comradarr knows. Please report it.',
	},
	record_too_large: {
		decision: 'give_up_item',
		sent: 'unknown',
		message: 'An answer is larger than it can sensibly be.',
		hint: 'Check what answers at this address.',
	},
	list_too_large: {
		decision: 'ask_user',
		sent: 'unknown',
		message: 'A list is larger than 2 GB.',
		hint: 'Check what answers at this address.',
	},
	cut_off: {
		decision: 'retry_later',
		sent: 'unknown',
		message: 'The answer broke off before its end.',
		hint: 'The application may have restarted, or a proxy in between limits long answers.',
	},
	unsupported: {
		decision: 'ask_user',
		sent: 'no',
		message: 'This version of the application is not supported.',
		hint: 'Supported are Sonarr 3 to 5, Radarr 3 to 6, Whisparr 2 and 3.',
	},
	not_this_shape: {
		decision: 'give_up_item',
		sent: 'no',
		message: 'This application does not have such items.',
		hint: 'Sonarr and Whisparr 2 have series, Radarr and Whisparr 3 have movies.',
	},
	command_rejected: {
		decision: 'give_up_item',
		sent: 'no',
		message: 'The application refused the search command.',
		hint: 'This version may not know the command.',
	},
};
