/** Texts from outside that a database column takes: no NUL character, no half of a pair of surrogates. */

export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** The text without what no column takes. */
export const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed();
