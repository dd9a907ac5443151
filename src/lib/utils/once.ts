/** A form under way is not sent a second time: a double click is one act. */
import type { SubmitFunction } from '@sveltejs/kit';

/** For `use:enhance`: `submit` as it is there, or nothing for what SvelteKit does by itself. */
export function once(submit: SubmitFunction = () => undefined): SubmitFunction {
	let running = false;
	return async (input) => {
		if (running) {
			input.cancel();
			return;
		}
		running = true;
		const after = (await submit(input)) ?? (({ update }) => update());
		return async (answer) => {
			try {
				await after(answer);
			} finally {
				running = false;
			}
		};
	};
}
