/** Which columns of a table are shown; remembered in this browser. */
export class ColumnChoice {
  readonly #storageKey: string;
  readonly #hiddenAtFirst: readonly string[];
  #hidden = $state.raw<readonly string[]>([]);

  /** `table` names the table; `hiddenAtFirst` are shown only when asked for. */
  constructor(table: string, hiddenAtFirst: readonly string[] = []) {
    this.#storageKey = `campanile.columns.${table}`;
    this.#hiddenAtFirst = hiddenAtFirst;
    this.#hidden = parseHidden(localStorage.getItem(this.#storageKey)) ?? hiddenAtFirst;
  }

  isShown(key: string): boolean {
    return !this.#hidden.includes(key);
  }

  get isChanged(): boolean {
    return (
      this.#hidden.length !== this.#hiddenAtFirst.length ||
      this.#hiddenAtFirst.some((key) => this.isShown(key))
    );
  }

  show(key: string, isShown: boolean): void {
    const others = this.#hidden.filter((hidden) => hidden !== key);
    this.#hidden = isShown ? others : [...others, key];
    localStorage.setItem(this.#storageKey, JSON.stringify(this.#hidden));
  }

  reset(): void {
    localStorage.removeItem(this.#storageKey);
    this.#hidden = this.#hiddenAtFirst;
  }
}

/** What the browser kept; undefined when it is nothing of ours. */
export function parseHidden(text: string | null): readonly string[] | undefined {
  if (text === null) {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((key) => typeof key === 'string')
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}
