/** Which dialogs are open, in the order they were opened: everything behind the last one is inert. */
class OpenDialogs {
  #keys = $state.raw<readonly string[]>([]);

  /** The dialog in front; undefined when none is open. */
  get front(): string | undefined {
    return this.#keys.at(-1);
  }

  /** Until the returned function is called. */
  add(key: string): () => void {
    this.#keys = [...this.#keys, key];
    return () => {
      this.#keys = this.#keys.filter((other) => other !== key);
    };
  }
}

export const openDialogs = new OpenDialogs();
