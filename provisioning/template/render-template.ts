/**
 * Walks a compiled template over values. Pure and without failure: every name was checked when the
 * template was compiled, a value that is missing leaves its line out.
 */
import { Secret } from '../../system/foundation/secret.ts';
import type { CustomLine } from '../custom-line.ts';
import { escapeValue, type Escaping } from './escape.ts';
import { isYes, toText, type PlainValue } from './filter.ts';
import { hiddenText, type LineOrigin, type RenderedLine } from './rendered-line.ts';
import type { Condition, Expression, LineNode, Template, TemplateNode } from './template.ts';
import type { Row, SourcedValue, TemplateValues } from './value.ts';

/** How a file format writes and recognises an assignment; needed for custom lines only. */
export interface AssignmentSyntax {
  /** The name that a line assigns to, or undefined. */
  findKey(text: string): string | undefined;
  /** The line that assigns `value`, already escaped, to `key`. */
  write(key: string, value: string): string;
}

export interface CustomLines {
  readonly lines: readonly CustomLine[];
  readonly syntax: AssignmentSyntax;
}

export function renderTemplate(
  template: Template,
  values: TemplateValues,
  custom?: CustomLines,
): RenderedLine[] {
  return new TemplateWalk(template, values, custom).run();
}

/** The value of an expression, found once for its row or, of a scalar, once for the file. */
interface Piece {
  readonly value: PlainValue;
  readonly found: SourcedValue | undefined;
  readonly origin: LineOrigin | undefined;
  /** Escaped; undefined where the value is. */
  readonly text: string | undefined;
}

class TemplateWalk {
  readonly #template: Template;
  readonly #values: TemplateValues;
  readonly #syntax: AssignmentSyntax | undefined;
  readonly #custom = new Map<string, CustomLine>();
  readonly #usedCustom = new Set<string>();
  readonly #rows: Row[] = [];
  /** By depth of the loop, scalars first: a base with 250 accounts asks for the same values 250 times. */
  readonly #pieces: Map<Expression, Piece>[] = [new Map<Expression, Piece>()];
  readonly #lines: RenderedLine[] = [];
  /** Conditions and loops around the current node: the origin of lines without a value. */
  readonly #reasons: LineOrigin[] = [];
  /** Index of #lines at which additional custom lines go. */
  #customAt: number | undefined;

  constructor(template: Template, values: TemplateValues, custom: CustomLines | undefined) {
    this.#template = template;
    this.#values = values;
    this.#syntax = custom?.syntax;
    for (const line of custom?.lines ?? []) {
      this.#custom.set(line.key.toLowerCase(), line);
    }
  }

  run(): RenderedLine[] {
    this.#walk(this.#template.nodes);
    const additional: RenderedLine[] = [];
    for (const [key, line] of this.#custom) {
      if (!this.#usedCustom.has(key)) {
        additional.push(this.#writeCustom(line));
      }
    }
    this.#lines.splice(this.#customAt ?? this.#lines.length, 0, ...additional);
    return this.#lines;
  }

  #walk(nodes: readonly TemplateNode[]): void {
    for (const node of nodes) {
      switch (node.kind) {
        case 'line':
          this.#renderLine(node);
          break;
        case 'if': {
          const piece = this.#evaluate(node.condition.expression);
          const branch = holds(node.condition, piece.value) ? node.then : node.otherwise;
          if (branch.length > 0) {
            if (piece.origin !== undefined) {
              this.#reasons.push(piece.origin);
            }
            this.#walk(branch);
            if (piece.origin !== undefined) {
              this.#reasons.pop();
            }
          }
          break;
        }
        case 'for':
          for (const row of this.#values.lists.get(node.list) ?? []) {
            this.#rows[node.slot] = row;
            this.#pieces[node.slot + 1] = new Map();
            this.#walk(node.body);
          }
          break;
        case 'custom':
          this.#customAt = this.#lines.length;
          break;
      }
    }
  }

  #renderLine(node: LineNode): void {
    let text = '';
    /** Only of lines that hold a secret: of all others it is the text. */
    let shown: string | undefined;
    const origins: LineOrigin[] = [];
    let structural: LineOrigin | undefined;
    for (const part of node.parts) {
      if (typeof part === 'string') {
        text += part;
        shown = shown === undefined ? undefined : shown + part;
        continue;
      }
      const { text: escaped, found, origin } = this.#evaluate(part);
      if (escaped === undefined) {
        return;
      }
      if (found?.value instanceof Secret) {
        shown = (shown ?? text) + hiddenText;
      } else if (shown !== undefined) {
        shown += escaped;
      }
      text += escaped;
      if (origin !== undefined) {
        if (part.isStructural) {
          structural ??= origin;
        } else {
          origins.push(origin);
        }
      }
    }
    const key = this.#custom.size === 0 ? undefined : this.#syntax?.findKey(text)?.toLowerCase();
    const override = key === undefined ? undefined : this.#custom.get(key);
    if (override !== undefined && key !== undefined) {
      if (!this.#usedCustom.has(key)) {
        this.#usedCustom.add(key);
        this.#lines.push(this.#writeCustom(override));
      }
      return;
    }
    const reason = origins.length === 0 ? (this.#reasons.at(-1) ?? structural) : undefined;
    this.#lines.push({
      text,
      shown: shown ?? text,
      source: node.source,
      origins: reason === undefined ? origins : [reason],
      isSecret: shown !== undefined,
    });
  }

  #writeCustom(line: CustomLine): RenderedLine {
    const write = (value: string): string =>
      this.#syntax?.write(line.key, escapeValue(value, this.#template.escaping)) ?? '';
    const isSecret = line.value instanceof Secret;
    return {
      text: write(line.value instanceof Secret ? line.value.reveal() : line.value),
      shown: write(line.value instanceof Secret ? hiddenText : line.value),
      source: 'custom',
      origins: [{ variable: line.key, origin: line.origin }],
      isSecret,
    };
  }

  #evaluate(expression: Expression): Piece {
    const known = this.#pieces[expression.slot + 1];
    let piece = known?.get(expression);
    if (piece === undefined) {
      piece = this.#toPiece(expression);
      known?.set(expression, piece);
    }
    return piece;
  }

  #toPiece(expression: Expression): Piece {
    const values = expression.slot < 0 ? this.#values.scalars : this.#rows[expression.slot];
    const found = values?.get(expression.name);
    const raw = found?.value;
    let value: PlainValue = raw instanceof Secret ? raw.reveal() : raw;
    for (const filter of expression.filters) {
      value = filter(value);
    }
    return {
      value,
      found,
      origin:
        found === undefined ? undefined : { variable: expression.label, origin: found.origin },
      text: toEscaped(value, this.#template.escaping),
    };
  }
}

function holds(condition: Condition, value: PlainValue): boolean {
  const isTrue =
    condition.oneOf === undefined
      ? isYes(value)
      : value !== undefined && condition.oneOf.has(toText(value));
  return isTrue !== condition.isNegated;
}

function toEscaped(value: PlainValue, escaping: Escaping): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  return typeof value === 'number' ? String(value) : escapeValue(toText(value), escaping);
}
