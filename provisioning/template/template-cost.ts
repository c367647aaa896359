/**
 * How much a template may write at most: of loops within loops every line counts once for each row of each.
 * Known before any device asks, so that a template that would write without end is never used. Pure.
 */
import type { TemplateNode } from './template.ts';

/** Rows that a loop is taken to have: keys with expansion modules, accounts of a base. */
const rowsOfLoop = 100;

/** In characters of the template. Of branches both count. */
export function costOf(nodes: readonly TemplateNode[]): number {
  let cost = 0;
  for (const node of nodes) {
    switch (node.kind) {
      case 'line':
        cost += 1;
        for (const part of node.parts) {
          cost += typeof part === 'string' ? part.length : part.label.length;
        }
        break;
      case 'if':
        cost += 1 + costOf(node.then) + costOf(node.otherwise);
        break;
      case 'for':
        cost += rowsOfLoop * (1 + costOf(node.body));
        break;
      case 'custom':
        break;
    }
  }
  return cost;
}
