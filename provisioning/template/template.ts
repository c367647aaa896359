/** A compiled template: what `compile-template.ts` builds and `render-template.ts` walks. */
import type { Escaping } from './escape.ts';
import type { Filter } from './filter.ts';

export interface Expression {
  /** Depth of the loop whose row holds the value; -1: a scalar. */
  readonly slot: number;
  /** Field of the row or full name of the scalar. */
  readonly name: string;
  /** As written, for origins. */
  readonly label: string;
  readonly filters: readonly Filter[];
  /** Numbers rows or asks what the model can: no origin worth showing beside another. */
  readonly isStructural: boolean;
}

export interface Condition {
  readonly expression: Expression;
  readonly isNegated: boolean;
  /** Absent: the value itself is the condition. */
  readonly oneOf?: ReadonlySet<string>;
}

export interface LineNode {
  readonly kind: 'line';
  readonly source: string;
  readonly parts: readonly (string | Expression)[];
}

export interface IfNode {
  readonly kind: 'if';
  readonly condition: Condition;
  readonly then: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[];
}

export interface ForNode {
  readonly kind: 'for';
  readonly list: string;
  readonly slot: number;
  readonly body: readonly TemplateNode[];
}

/** Where custom lines go that replace no line of the template. */
export interface CustomNode {
  readonly kind: 'custom';
}

export type TemplateNode = LineNode | IfNode | ForNode | CustomNode;

export interface Template {
  readonly name: string;
  readonly escaping: Escaping;
  readonly nodes: readonly TemplateNode[];
  /** Whether any name in it is a secret: such a file must never leave unauthenticated. */
  readonly readsSecrets: boolean;
}
