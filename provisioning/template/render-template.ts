/**
 * Walks a compiled template over values and explains every line of the file: what people may see of
 * it, which template line wrote it, where its values come from. `write-template.ts` gives the same
 * text without all that. Pure and without failure: every name was checked when the template was
 * compiled, a value that is missing leaves its line out.
 */
import { Secret } from '../../system/foundation/secret.ts';
import { CustomPlacement, type CustomLines } from './custom-placement.ts';
import { applyFilters, findValue, holds, toEscapedText } from './expression-value.ts';
import type { PlainValue } from './filter.ts';
import { hiddenText, type LineOrigin, type RenderedLine } from './rendered-line.ts';
import type { Expression, LineNode, Template, TemplateNode } from './template.ts';
import type { Row, TemplateValue, TemplateValues } from './value.ts';

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
  readonly found: TemplateValue;
  readonly origin: LineOrigin | undefined;
  /** Escaped; undefined where the value is. */
  readonly text: string | undefined;
}

class TemplateWalk {
  readonly #template: Template;
  readonly #values: TemplateValues;
  readonly #custom: CustomPlacement | undefined;
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
    this.#custom =
      custom === undefined ? undefined : new CustomPlacement(custom, template.escaping);
  }

  run(): RenderedLine[] {
    this.#walk(this.#template.nodes);
    const additional = this.#custom?.additional() ?? [];
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
      if (found instanceof Secret) {
        shown = (shown ?? text) + hiddenText;
      } else if (shown !== undefined) {
        shown += escaped;
      }
      text += escaped;
      if (origin !== undefined) {
        if (part.isStructural) {
          // What the model can is no reason for a line without a value.
          structural ??= part.slot < 0 ? undefined : origin;
        } else {
          origins.push(origin);
        }
      }
    }
    const replacement = this.#custom?.replace(text);
    if (replacement !== undefined) {
      this.#lines.push(...replacement);
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
    const found = findValue(expression, this.#values, this.#rows);
    const value = applyFilters(expression, found);
    return {
      value,
      found,
      origin: this.#findOrigin(expression, found),
      text: toEscapedText(value, this.#template.escaping),
    };
  }

  /** A field without a value has none; a scalar has that of the scope that took its value away. */
  #findOrigin({ slot, name, label }: Expression, found: TemplateValue): LineOrigin | undefined {
    const row = this.#rows[slot];
    const origin =
      slot < 0
        ? this.#values.scalars.get(name)?.origin
        : found === undefined
          ? undefined
          : (row?.origins?.[name] ?? row?.origin);
    return origin === undefined ? undefined : { variable: label, origin };
  }
}
