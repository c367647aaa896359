/**
 * Which names a template can read for one model: what stands behind a condition that the model's facts
 * decide, and decide the other way, is not among them.
 */
import { applyFilters, holds } from './expression-value.ts';
import type { PlainValue } from './filter.ts';
import type { Expression, Template, TemplateNode } from './template.ts';
import type { TemplateValue } from './value.ts';

export interface SettledFacts {
  /** By name without `fact.`; one that is missing here and not open is undefined in every rendering. */
  readonly values: Readonly<Record<string, TemplateValue>>;
  /** Those that another firmware would change: either is possible. */
  readonly open: ReadonlySet<string>;
}

const prefix = 'fact.';

/** Scalars and lists by name, fields of rows as `row.field`. */
export function findNamesRead(template: Template, facts: SettledFacts): ReadonlySet<string> {
  const names = new Set<string>();
  collect(template.nodes, facts, names);
  return names;
}

function collect(nodes: readonly TemplateNode[], facts: SettledFacts, names: Set<string>): void {
  for (const node of nodes) {
    switch (node.kind) {
      case 'line': {
        const expressions = node.parts.filter((part) => typeof part !== 'string');
        // A line with an undefined value is left out.
        if (
          !expressions.some((one) => isSettled(one, facts) && valueOf(one, facts) === undefined)
        ) {
          expressions.forEach(({ label }) => names.add(label));
        }
        break;
      }
      case 'if': {
        const { condition, then, otherwise } = node;
        const { expression } = condition;
        names.add(expression.label);
        if (!isSettled(expression, facts)) {
          collect(then, facts, names);
          collect(otherwise, facts, names);
        } else {
          const isTrue = holds(condition, valueOf(expression, facts));
          collect(isTrue ? then : otherwise, facts, names);
        }
        break;
      }
      case 'for':
        names.add(node.list);
        collect(node.body, facts, names);
        break;
      case 'custom':
        break;
    }
  }
}

function isSettled({ slot, name }: Expression, { open }: SettledFacts): boolean {
  return slot < 0 && name.startsWith(prefix) && !open.has(name.slice(prefix.length));
}

function valueOf(expression: Expression, { values }: SettledFacts): PlainValue {
  return applyFilters(expression, values[expression.name.slice(prefix.length)]);
}
