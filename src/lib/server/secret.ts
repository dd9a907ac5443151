// A value that must not be printed by accident.
import { inspect } from 'node:util';

/** Shows as "[secret]" in templates, JSON and logs; `reveal()` is the only way in. */
export class Secret {
	readonly #value: string;

	constructor(value: string) {
		this.#value = value;
	}

	/** The value itself. */
	reveal(): string {
		return this.#value;
	}

	toString(): string {
		return '[secret]';
	}

	toJSON(): string {
		return '[secret]';
	}

	[inspect.custom](): string {
		return '[secret]';
	}
}
