/**
 * Walks a compiled template over values. Pure and without failure: every name was checked when the
 * template was compiled, a value that is missing leaves its line out.
 */
import { Secret } from '../../system/foundation/secret.ts';
import type { CustomLine } from '../custom-line.ts';
import { escapeValue } from './escape.ts';
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

class TemplateWalk {
  readonly #template: Template;
  readonly #values: TemplateValues;
  readonly #syntax: AssignmentSyntax | undefined;
  readonly #custom = new Map<string, CustomLine>();
  readonly #usedCustom = new Set<string>();
  readonly #rows: Row[] = [];
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
          const found = this.#find(node.condition.expression);
          const branch = this.#holds(node.condition, found) ? node.then : node.otherwise;
          if (branch.length > 0) {
            if (found !== undefined) {
              this.#reasons.push({
                variable: node.condition.expression.label,
                origin: found.origin,
              });
            }
            this.#walk(branch);
            if (found !== undefined) {
              this.#reasons.pop();
            }
          }
          break;
        }
        case 'for':
          for (const row of this.#values.lists.get(node.list) ?? []) {
            this.#rows[node.slot] = row;
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
    let shown = '';
    let isSecret = false;
    const origins: LineOrigin[] = [];
    let structural: LineOrigin | undefined;
    for (const part of node.parts) {
      if (typeof part === 'string') {
        text += part;
        shown += part;
        continue;
      }
      const found = this.#find(part);
      const value = evaluate(part, found);
      if (value === undefined) {
        return;
      }
      const escaped = escapeValue(toText(value), this.#template.escaping);
      text += escaped;
      if (found?.value instanceof Secret) {
        isSecret = true;
        shown += hiddenText;
      } else {
        shown += escaped;
      }
      if (found !== undefined) {
        if (part.isStructural) {
          structural ??= { variable: part.label, origin: found.origin };
        } else {
          origins.push({ variable: part.label, origin: found.origin });
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
      shown,
      source: node.source,
      origins: reason === undefined ? origins : [reason],
      isSecret,
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

  #find(expression: Expression): SourcedValue | undefined {
    return expression.slot < 0
      ? this.#values.scalars.get(expression.name)
      : this.#rows[expression.slot]?.get(expression.name);
  }

  #holds(condition: Condition, found: SourcedValue | undefined): boolean {
    const value = evaluate(condition.expression, found);
    const isTrue =
      condition.oneOf === undefined
        ? isYes(value)
        : value !== undefined && condition.oneOf.has(toText(value));
    return isTrue !== condition.isNegated;
  }
}

function evaluate(expression: Expression, found: SourcedValue | undefined): PlainValue {
  const raw = found?.value;
  let value: PlainValue = raw instanceof Secret ? raw.reveal() : raw;
  for (const filter of expression.filters) {
    value = filter(value);
  }
  return value;
}
