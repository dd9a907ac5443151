/** Short notices with an undo: newest three, 8 seconds each. Errors that need an act are never toasts. */

export interface Toast {
	id: number;
	message: string;
	/** Posts this form action when the user takes it back. */
	undo?: { action: string; fields: Record<string, string | string[]> };
}

const KEEP = 3;

class Toasts {
	#items = $state.raw<readonly Toast[]>([]);
	#next = 1;

	get items(): readonly Toast[] {
		return this.#items;
	}

	show(toast: Omit<Toast, 'id'>): void {
		this.#items = [...this.#items, { ...toast, id: this.#next++ }].slice(-KEEP);
	}

	dismiss(id: number): void {
		this.#items = this.#items.filter((toast) => toast.id !== id);
	}
}

/** Filled by acts of this browser tab only; the server never touches it. */
export const toasts = new Toasts();
