/**
 * What the server says in English sentences (errors, reasons, what is wrong with a part), in the
 * language of the page. The table has the English sentence with `{}` for what is filled in, and the
 * same in the language: `{}` takes the first, second … of these, `{1}` the second.
 */
export type ServerTextTable = Readonly<Record<string, string>>;

interface Pattern {
  readonly expression: RegExp;
  readonly text: string;
  /** Characters that are the same in every such sentence: what fits best is tried first. */
  readonly fixedLength: number;
}

const special = /[$()*+.?[\\\]^{|}]/g;

/** Longer ones are no sentences of ours. */
const maximumLength = 2_000;
const maximumDepth = 3;

export class ServerTexts {
  readonly #whole: ReadonlyMap<string, string>;
  readonly #patterns: readonly Pattern[];

  constructor(table: ServerTextTable) {
    const entries = Object.entries(table);
    this.#whole = new Map(entries.filter(([english]) => !english.includes('{}')));
    this.#patterns = entries
      .filter(([english]) => english.includes('{}'))
      .map(([english, text]) => ({
        expression: new RegExp(`^${english.split('{}').map(escape).join('(.*?)')}$`),
        text,
        fixedLength: english.replaceAll('{}', '').length,
      }))
      .sort((a, b) => b.fixedLength - a.fixedLength);
  }

  /** Line by line; what is in no table stays as it is. */
  tell(text: string): string {
    return text
      .split('\n')
      .map((line) => this.find(line) ?? line)
      .join('\n');
  }

  /** One sentence; undefined where the table does not have it. */
  find(sentence: string, depth = 0): string | undefined {
    const whole = this.#whole.get(sentence);
    if (whole !== undefined || sentence.length > maximumLength || depth > maximumDepth) {
      return whole;
    }
    for (const { expression, text } of this.#patterns) {
      const match = expression.exec(sentence);
      if (match !== null) {
        const filled = match.slice(1).map((part) => this.find(part, depth + 1) ?? part);
        let next = 0;
        return text.replace(/\{(\d*)\}/g, (_, index: string) => {
          const place = index === '' ? next++ : Number(index);
          return filled[place] ?? '';
        });
      }
    }
    return this.#behindColon(sentence, depth);
  }

  /** `Yealink: The service was asked too often.` */
  #behindColon(sentence: string, depth: number): string | undefined {
    const colon = sentence.indexOf(': ');
    const rest = colon < 0 ? undefined : this.find(sentence.slice(colon + 2), depth + 1);
    return rest === undefined ? undefined : `${sentence.slice(0, colon)}: ${rest}`;
  }
}

function escape(text: string): string {
  return text.replace(special, '\\$&');
}
