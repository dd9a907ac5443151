/** Words for what keeps a whole connector from being asked. */

const HELD_WORDS: Readonly<Record<string, string>> = {
	other_instance: 'another instance answers at its address',
	shrink: 'its list has become much shorter',
};

/** Why a connector is held until the user decides; `reason` is the kind of the open question. */
export const heldWords = (reason: string): string => HELD_WORDS[reason] ?? 'a question is open';

/** True if entering an API key mends it; `code` is that of the newest error. */
export const isKeyTrouble = (code: string | null | undefined): boolean =>
	code === 'unauthorized' || code === 'key_missing';
