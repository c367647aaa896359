/** A value of something that is saved as a whole, a list for example, while it is edited. */
export class EditedValue<Value> {
  #edited = $state.raw<Value | undefined>();
  #isContested = $state(false);
  /** What was saved when it was last looked at. */
  #saved = '';

  /** Undefined while it is not edited. */
  get value(): Value | undefined {
    return this.#edited;
  }

  get isChanged(): boolean {
    return this.#edited !== undefined;
  }

  /** Edited here, and meanwhile saved otherwise by someone else. */
  get isContested(): boolean {
    return this.isChanged && this.#isContested;
  }

  set(value: Value): void {
    this.#edited = value;
  }

  /** Takes the saved value, whenever it is loaded anew. */
  follow(saved: unknown): void {
    const text = JSON.stringify(saved);
    if (this.isChanged && text !== this.#saved) {
      this.#isContested = true;
    }
    this.#saved = text;
  }

  /** What is saved counts again. */
  drop(): void {
    this.#edited = undefined;
    this.#isContested = false;
  }
}
