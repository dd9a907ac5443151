/** Whether script runs: false on the server and until the page came alive, so that both render the same. */
class Scripted {
	#on = $state(false);

	get on(): boolean {
		return this.#on;
	}

	/** Said once by the root layout, in the browser. */
	came(): void {
		this.#on = true;
	}
}

export const scripted = new Scripted();
