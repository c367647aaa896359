/** Questions before something that cannot be taken back lightly; one at a time. */
export interface Question {
  readonly title: string;
  readonly text: string;
  /** What is affected, by name; shown as a list. */
  readonly names?: readonly string[];
  readonly confirmLabel: string;
  readonly isDangerous?: boolean;
  /** A tick box beside the question. */
  readonly option?: { readonly label: string; readonly help: string };
}

export interface Answer {
  readonly isConfirmed: boolean;
  readonly isOptionChosen: boolean;
}

class Confirmations {
  #question = $state.raw<Question | undefined>();
  #resolve: ((answer: Answer) => void) | undefined;

  get question(): Question | undefined {
    return this.#question;
  }

  /** Asks and waits; a question asked meanwhile answers the earlier one with no. */
  async ask(question: Question): Promise<Answer> {
    this.answer({ isConfirmed: false, isOptionChosen: false });
    this.#question = question;
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  answer(answer: Answer): void {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    this.#question = undefined;
    resolve?.(answer);
  }
}

export const confirmations = new Confirmations();
