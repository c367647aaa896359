/** Short notices at the edge of the page. A failure stays until it is closed. */
import { session } from './session.svelte.ts';

export interface ToastAction {
  readonly label: string;
  readonly run: () => void | Promise<void>;
}

export interface Toast {
  readonly id: number;
  readonly kind: 'success' | 'failure';
  readonly text: string;
  readonly action: ToastAction | undefined;
}

/** More than this at once is noise: the oldest goes. */
const maxToasts = 4;
const shortMs = 6_000;
/** Long enough to read the sentence and to reach the button. */
const withActionMs = 15_000;

class Toasts {
  #items = $state.raw<readonly Toast[]>([]);
  #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #nextId = 1;

  get items(): readonly Toast[] {
    return this.#items;
  }

  success(text: string, action?: ToastAction): void {
    const id = this.#add('success', text, action);
    this.#timers.set(
      id,
      setTimeout(
        () => {
          this.close(id);
        },
        action === undefined ? shortMs : withActionMs,
      ),
    );
  }

  failure(text: string): void {
    // That the session has ended is said by the login page, once.
    if (session.hasExpired) {
      return;
    }
    this.#add('failure', text, undefined);
  }

  close(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#items = this.#items.filter((toast) => toast.id !== id);
  }

  #add(kind: Toast['kind'], text: string, action: ToastAction | undefined): number {
    const id = this.#nextId;
    this.#nextId += 1;
    // The same failure twice (a retry without success) is told once.
    const others = this.#items.filter((toast) => kind === 'success' || toast.text !== text);
    this.#items = [...others, { id, kind, text, action }].slice(-maxToasts);
    return id;
  }
}

export const toasts = new Toasts();
