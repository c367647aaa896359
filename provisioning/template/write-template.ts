/**
 * The text of a file, as fast as can be: what devices fetch. Of all that stands in a loop only the
 * fields of its rows differ from row to row, so a loop's body is unfolded once, with every other value
 * in its place and inner loops written out, and each row then fills what is left open. A base with 250
 * accounts costs one account and 250 times its own fields.
 */
import { Secret } from '../../system/foundation/secret.ts';
import { CustomPlacement, type CustomLines } from './custom-placement.ts';
import { applyFilters, findValue, holds, toEscapedText } from './expression-value.ts';
import { hiddenText, type RenderedLine } from './rendered-line.ts';
import type { Condition, Expression, LineNode, Template, TemplateNode } from './template.ts';
import type { Row, TemplateValues } from './value.ts';

export interface WriteOptions {
  /** Every line ends with it. */
  readonly lineEnd: string;
  readonly custom?: CustomLines | undefined;
  /** Then it is what people may see: `shown` of the lines, not `text`. */
  readonly hidesSecrets?: boolean;
}

/** What is done part by part, and at the end its result. */
export type InTurns<T> = Generator<undefined, T, undefined>;

/**
 * The lines are those of `renderTemplate`, in UTF-8. A file of megabytes need not hold up everything else: a turn
 * ends whenever some ten kilobytes are written.
 */
export function writeTemplate(
  template: Template,
  values: TemplateValues,
  options: WriteOptions,
): InTurns<Buffer> {
  return new TemplateWriter(template, values, options).write();
}

/** All turns at once. */
export function finish<T>(turns: InTurns<T>): T {
  let turn = turns.next();
  while (turn.done !== true) {
    turn = turns.next();
  }
  return turn.value;
}

/** Lines that need the same open fields; left out where one of them has no value. */
interface Piece {
  /** Places of open fields. */
  readonly needs: number[];
  /** Text, and places of open fields. */
  readonly parts: (string | number)[];
}

/** Neighbouring lines as one piece, which most rows need, and by what they need. */
interface Run extends Piece {
  readonly kind: 'run';
  readonly pieces: Piece[];
}

interface Choice {
  readonly kind: 'choice';
  readonly condition: Condition;
  readonly then: readonly Step[];
  readonly otherwise: readonly Step[];
}

interface Loop {
  readonly kind: 'loop';
  readonly slot: number;
  readonly rows: readonly Row[];
  /** What each row fills in, by place. */
  readonly fields: readonly Expression[];
  readonly steps: readonly Step[];
}

type Step = Run | Choice | Loop | { readonly kind: 'custom' };

/** What the rows of the loop that is being unfolded fill in: each expression once, by place. */
type OpenFields = Map<Expression, number>;

const noSlot = -1;

/**
 * Text is gathered up to this length before it becomes bytes: what is alive when garbage is collected
 * costs, and a text that was put together from small ones is a tree of them until it is read.
 */
const gatheredCharacters = 32_768;

class TemplateWriter {
  readonly #template: Template;
  readonly #values: TemplateValues;
  readonly #lineEnd: string;
  readonly #custom: CustomPlacement | undefined;
  readonly #hidesSecrets: boolean;
  readonly #rows: Row[] = [];
  /** The loop that is being unfolded. */
  #openSlot = noSlot;
  #open: OpenFields = new Map();
  /** Fields of the loop that is being written, by place, and what its present row fills in where it was asked. */
  #fields: readonly Expression[] = [];
  #filled: (string | undefined)[] = [];
  /** Number of the row, counted over all loops, for which a place was last filled. */
  #filledFor: number[] = [];
  #row = 0;
  #text = '';
  readonly #chunks: Buffer[] = [];
  /** Index of #chunks at which additional custom lines go. */
  #customAt: number | undefined;

  constructor(
    template: Template,
    values: TemplateValues,
    { lineEnd, custom, hidesSecrets = false }: WriteOptions,
  ) {
    this.#template = template;
    this.#values = values;
    this.#lineEnd = lineEnd;
    this.#hidesSecrets = hidesSecrets;
    this.#custom =
      custom === undefined ? undefined : new CustomPlacement(custom, template.escaping);
  }

  *write(): InTurns<Buffer> {
    const steps: Step[] = [];
    this.#unfold(this.#template.nodes, steps);
    for (const step of steps) {
      if (step.kind === 'loop') {
        yield* this.#writeLoop(step);
      } else {
        this.#writeStep(step);
      }
    }
    this.#flush();
    const additional = this.#custom?.additional() ?? [];
    const added = additional.map((line) => Buffer.from(this.#textOf(line)));
    this.#chunks.splice(this.#customAt ?? this.#chunks.length, 0, ...added);
    return Buffer.concat(this.#chunks);
  }

  #unfold(nodes: readonly TemplateNode[], steps: Step[]): void {
    for (const node of nodes) {
      switch (node.kind) {
        case 'line':
          this.#unfoldLine(node, steps);
          break;
        case 'if': {
          const { condition, then, otherwise } = node;
          if (this.#isOpen(condition.expression)) {
            steps.push({
              kind: 'choice',
              condition,
              then: this.#unfoldBranch(then),
              otherwise: this.#unfoldBranch(otherwise),
            });
          } else {
            this.#unfold(this.#holds(condition) ? then : otherwise, steps);
          }
          break;
        }
        case 'for': {
          const rows = this.#values.lists.get(node.list) ?? [];
          if (this.#openSlot === noSlot) {
            steps.push(this.#unfoldLoop(node.slot, rows, node.body));
          } else {
            for (const row of rows) {
              this.#rows[node.slot] = row;
              this.#unfold(node.body, steps);
            }
          }
          break;
        }
        case 'custom':
          steps.push(node);
          break;
      }
    }
  }

  #unfoldBranch(nodes: readonly TemplateNode[]): readonly Step[] {
    const steps: Step[] = [];
    this.#unfold(nodes, steps);
    return steps;
  }

  #unfoldLoop(slot: number, rows: readonly Row[], body: readonly TemplateNode[]): Loop {
    const open: OpenFields = new Map();
    this.#openSlot = slot;
    this.#open = open;
    const steps = rows.length === 0 ? [] : this.#unfoldBranch(body);
    this.#openSlot = noSlot;
    return { kind: 'loop', slot, rows, fields: [...open.keys()], steps };
  }

  #unfoldLine(node: LineNode, steps: Step[]): void {
    const needs: number[] = [];
    const parts: (string | number)[] = [];
    for (const part of node.parts) {
      if (typeof part === 'string') {
        append(parts, part);
      } else if (this.#isOpen(part)) {
        const place = this.#open.get(part) ?? this.#open.size;
        this.#open.set(part, place);
        parts.push(place);
        if (!needs.includes(place)) {
          needs.push(place);
        }
      } else {
        const text = this.#toText(part);
        if (text === undefined) {
          return;
        }
        append(parts, text);
      }
    }
    append(parts, this.#lineEnd);
    const last = steps.at(-1);
    // Where a custom line may replace it, a line stays alone.
    if (this.#custom === undefined && last?.kind === 'run') {
      extend(last, { needs, parts });
    } else {
      steps.push({ kind: 'run', needs: [...needs], parts: [...parts], pieces: [{ needs, parts }] });
    }
  }

  #writeStep(step: Step): void {
    switch (step.kind) {
      case 'run':
        this.#writeRun(step);
        break;
      case 'choice':
        this.#writeSteps(this.#holds(step.condition) ? step.then : step.otherwise);
        break;
      case 'loop':
        finish(this.#writeLoop(step));
        break;
      case 'custom':
        this.#flush();
        this.#customAt = this.#chunks.length;
        break;
    }
  }

  #writeSteps(steps: readonly Step[]): void {
    for (const step of steps) {
      this.#writeStep(step);
    }
  }

  *#writeLoop({ slot, rows, fields, steps }: Loop): InTurns<void> {
    this.#fields = fields;
    for (const row of rows) {
      this.#rows[slot] = row;
      this.#row += 1;
      this.#writeSteps(steps);
      if (this.#text.length > gatheredCharacters) {
        this.#flush();
        yield;
      }
    }
  }

  #writeRun(run: Run): void {
    if (!this.#writePiece(run) && run.pieces.length > 1) {
      for (const piece of run.pieces) {
        this.#writePiece(piece);
      }
    }
  }

  /** False where a field of it has no value: then nothing of it is written. */
  #writePiece({ needs, parts }: Piece): boolean {
    for (const place of needs) {
      if (this.#fill(place) === undefined) {
        return false;
      }
    }
    const before = this.#text;
    let text = this.#custom === undefined ? before : '';
    for (const part of parts) {
      text += typeof part === 'string' ? part : (this.#filled[part] ?? '');
    }
    this.#text = this.#custom === undefined ? text : before + this.#replace(this.#custom, text);
    return true;
  }

  /** Only what a line asks for: most branches of a template are not those of the row. */
  #fill(place: number): string | undefined {
    if (this.#filledFor[place] !== this.#row) {
      const field = this.#fields[place];
      this.#filledFor[place] = this.#row;
      this.#filled[place] = field === undefined ? undefined : this.#toText(field);
    }
    return this.#filled[place];
  }

  #replace(custom: CustomPlacement, text: string): string {
    const replacement = custom.replace(text.slice(0, -this.#lineEnd.length));
    return replacement?.map((line) => this.#textOf(line)).join('') ?? text;
  }

  #textOf({ text, shown }: RenderedLine): string {
    return (this.#hidesSecrets ? shown : text) + this.#lineEnd;
  }

  #flush(): void {
    this.#chunks.push(Buffer.from(this.#text, 'utf8'));
    this.#text = '';
  }

  #isOpen({ slot }: Expression): boolean {
    return slot === this.#openSlot && slot !== noSlot;
  }

  #holds(condition: Condition): boolean {
    const { expression } = condition;
    return holds(
      condition,
      applyFilters(expression, findValue(expression, this.#values, this.#rows)),
    );
  }

  #toText(expression: Expression): string | undefined {
    const found = findValue(expression, this.#values, this.#rows);
    const text = toEscapedText(applyFilters(expression, found), this.#template.escaping);
    return this.#hidesSecrets && text !== undefined && found instanceof Secret ? hiddenText : text;
  }
}

function extend(run: Run, piece: Piece): void {
  join(run, piece);
  const last = run.pieces.at(-1);
  if (last !== undefined && isSame(last.needs, piece.needs)) {
    join(last, piece);
  } else {
    run.pieces.push(piece);
  }
}

function join(target: Piece, { needs, parts }: Piece): void {
  for (const place of needs) {
    if (!target.needs.includes(place)) {
      target.needs.push(place);
    }
  }
  for (const part of parts) {
    append(target.parts, part);
  }
}

/** Neighbouring texts become one. */
function append(parts: (string | number)[], part: string | number): void {
  const last = parts.at(-1);
  if (typeof last === 'string' && typeof part === 'string') {
    parts[parts.length - 1] = last + part;
  } else {
    parts.push(part);
  }
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((place, index) => place === b[index]);
}
