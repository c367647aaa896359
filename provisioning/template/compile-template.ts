/**
 * Compiles a template once, at load. The language has lines, values and four directives, and can
 * execute nothing:
 *
 *     account.{{line.index}}.label = {{line.label|limit:20}}   a line; left out when a value is undefined
 *     @for line in lines … @end                                once per row
 *     @if [not] name[|filter…] [is word word …] … @else … @end
 *     @include part.tmpl                                       the lines of another template
 *     @custom                                                  where additional custom lines go
 *     @# comment                 @@ at the start of a line     a line that begins with @
 *
 * A name, filter, map or list that does not exist is an error here, with template and line; at run
 * time there is nothing left that could fail.
 */
import { ProvisioningError } from '../provisioning-error.ts';
import type { Escaping } from './escape.ts';
import { createFilter, FilterError, type Filter, type ValueMap } from './filter.ts';
import type { Condition, Expression, Template, TemplateNode } from './template.ts';
import { costOf } from './template-cost.ts';
import type { Vocabulary } from './value.ts';

export interface TemplateOptions {
  readonly escaping: Escaping;
  readonly vocabulary: Vocabulary;
  readonly maps: Readonly<Record<string, ValueMap>>;
  /** Gives the text of another template of the same vendor. */
  readonly include?: (name: string) => string | undefined;
}

/** Hard limits: templates of administrators are input like any other. */
export const templateLimits = {
  characters: 256 * 1024,
  lines: 5_000,
  /** With those of all templates that it includes. */
  allLines: 50_000,
  /** What it may write, by `costOf`: 32 MB. */
  cost: 32_000_000,
  lineCharacters: 2_000,
  depth: 8,
  filtersPerExpression: 8,
} as const;

const namePattern = /^[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)*$/;

/** Throws ProvisioningError `template`. */
export function compileTemplate(name: string, text: string, options: TemplateOptions): Template {
  return new TemplateCompiler(options).compile(name, text);
}

interface OpenBlock {
  readonly nodes: TemplateNode[];
  /** Ends the block and gives its node; `otherwise` are the nodes after `@else`. */
  readonly close?: (
    then: readonly TemplateNode[],
    otherwise: readonly TemplateNode[],
  ) => TemplateNode;
  then?: readonly TemplateNode[];
  readonly opensLoop: boolean;
  readonly line: number;
}

class TemplateCompiler {
  readonly #options: TemplateOptions;
  /** Loop variables in scope with the list that each walks. */
  readonly #loops: { readonly variable: string; readonly list: string }[] = [];
  /** Equal expressions are one object, so that a renderer finds their value once. */
  readonly #expressions = new Map<string, Expression>();
  #readsSecrets = false;
  #lineCount = 0;
  #source = '';

  constructor(options: TemplateOptions) {
    this.#options = options;
  }

  compile(name: string, text: string): Template {
    const nodes = this.#compileText(name, text, 0);
    this.#source = name;
    if (costOf(nodes) > templateLimits.cost) {
      this.#fail('has loops within loops that would write too much');
    }
    return {
      name,
      escaping: this.#options.escaping,
      nodes,
      readsSecrets: this.#readsSecrets,
    };
  }

  #compileText(name: string, text: string, includeDepth: number): TemplateNode[] {
    this.#source = name;
    if (text.length > templateLimits.characters) {
      this.#fail(`has more than ${templateLimits.characters} characters`);
    }
    const lines = text.replaceAll('\r\n', '\n').replace(/\n$/, '').split('\n');
    if (lines.length > templateLimits.lines) {
      this.#fail(`has more than ${templateLimits.lines} lines`);
    }
    this.#lineCount += lines.length;
    if (this.#lineCount > templateLimits.allLines) {
      this.#fail(`has more than ${templateLimits.allLines} lines with all that it includes`);
    }
    const blocks: OpenBlock[] = [{ nodes: [], opensLoop: false, line: 0 }];
    lines.forEach((line, index) => {
      this.#source = `${name}:${index + 1}`;
      if (line.length > templateLimits.lineCharacters) {
        this.#fail(`is longer than ${templateLimits.lineCharacters} characters`);
      }
      const block = blocks.at(-1) ?? this.#fail('has no block');
      const trimmed = line.trimStart();
      if (!trimmed.startsWith('@')) {
        block.nodes.push(this.#compileLine(line));
      } else if (trimmed.startsWith('@@')) {
        block.nodes.push(this.#compileLine(trimmed.slice(1)));
      } else {
        this.#compileDirective(trimmed.trimEnd(), blocks, index + 1, includeDepth);
      }
    });
    const open = blocks.at(-1);
    if (open === undefined || blocks.length !== 1) {
      this.#source = `${name}:${open?.line ?? 0}`;
      this.#fail('has no @end');
    }
    return open.nodes;
  }

  #compileDirective(text: string, blocks: OpenBlock[], line: number, includeDepth: number): void {
    const block = blocks.at(-1) ?? this.#fail('has no block');
    const [word, rest] = splitOnce(text);
    switch (word) {
      case '@for':
        blocks.push(this.#openFor(rest, line));
        break;
      case '@if':
        blocks.push(this.#openIf(rest, line));
        break;
      case '@else':
        if (block.close === undefined || block.opensLoop || block.then !== undefined) {
          this.#fail('@else belongs to no @if');
        }
        block.then = block.nodes.splice(0);
        break;
      case '@end': {
        if (block.close === undefined) {
          this.#fail('@end ends nothing');
        }
        blocks.pop();
        if (block.opensLoop) {
          this.#loops.pop();
        }
        const nodes = [...block.nodes];
        const node =
          block.then === undefined ? block.close(nodes, []) : block.close(block.then, nodes);
        blocks.at(-1)?.nodes.push(node);
        break;
      }
      case '@include': {
        const source = this.#source;
        const included = this.#options.include?.(rest);
        const folder = source.slice(0, source.lastIndexOf('/') + 1);
        if (included === undefined || includeDepth >= templateLimits.depth) {
          this.#fail(included === undefined ? `no template ${rest}` : 'includes too deep');
        }
        block.nodes.push(...this.#compileText(folder + rest, included, includeDepth + 1));
        this.#source = source;
        break;
      }
      case '@custom':
        block.nodes.push({ kind: 'custom' });
        break;
      case '@#':
        break;
      default:
        this.#fail(`there is no directive ${word}`);
    }
    if (blocks.length > templateLimits.depth) {
      this.#fail('nests too deep');
    }
  }

  #openFor(text: string, line: number): OpenBlock {
    const match = /^([A-Za-z]+) in ([A-Za-z]+)$/.exec(text);
    const variable = match?.[1];
    const list = match?.[2];
    if (variable === undefined || list === undefined) {
      this.#fail('must read: @for <name> in <list>');
    }
    if (!this.#options.vocabulary.lists.has(list)) {
      this.#fail(`there is no list ${list}`);
    }
    if (this.#loops.some((loop) => loop.variable === variable)) {
      this.#fail(`${variable} is already the row of an outer loop`);
    }
    const slot = this.#loops.length;
    this.#loops.push({ variable, list });
    return {
      nodes: [],
      opensLoop: true,
      line,
      close: (body) => ({ kind: 'for', list, slot, body }),
    };
  }

  #openIf(text: string, line: number): OpenBlock {
    const condition = this.#compileCondition(text);
    return {
      nodes: [],
      opensLoop: false,
      line,
      close: (then, otherwise) => ({ kind: 'if', condition, then, otherwise }),
    };
  }

  #compileCondition(text: string): Condition {
    const isNegated = text.startsWith('not ');
    const [head = '', words] = (isNegated ? text.slice(4) : text).split(' is ', 2);
    const expression = this.#compileExpression(head);
    if (words === undefined) {
      return { expression, isNegated };
    }
    const oneOf = new Set(words.split(' ').filter((word) => word !== ''));
    if (oneOf.size === 0) {
      this.#fail('there is no word behind "is"');
    }
    return { expression, isNegated, oneOf };
  }

  #compileLine(line: string): TemplateNode {
    const parts: (string | Expression)[] = [];
    let position = 0;
    for (;;) {
      const start = line.indexOf('{{', position);
      if (start < 0) {
        break;
      }
      const end = line.indexOf('}}', start);
      if (end < 0) {
        this.#fail('{{ has no }}');
      }
      if (start > position) {
        parts.push(line.slice(position, start));
      }
      parts.push(this.#compileExpression(line.slice(start + 2, end)));
      position = end + 2;
    }
    if (position < line.length || parts.length === 0) {
      parts.push(line.slice(position));
    }
    return { kind: 'line', source: this.#source, parts };
  }

  #compileExpression(text: string): Expression {
    const [label = '', ...calls] = splitOutsideQuotes(text, '|').map((part) => part.trim());
    if (!namePattern.test(label)) {
      this.#fail(`${label === '' ? 'nothing' : label} is not a name`);
    }
    if (calls.length > templateLimits.filtersPerExpression) {
      this.#fail('has too many filters');
    }
    const resolved = this.#resolveName(label);
    const key = `${resolved.slot} ${text}`;
    const known = this.#expressions.get(key);
    if (known !== undefined) {
      return known;
    }
    const expression: Expression = {
      ...resolved,
      label,
      filters: calls.map((call) => this.#compileFilter(call)),
      isStructural: /^fact\.|\.(?:(?:index|module|ordinal|expansion)0?|page|onPage|ofKind)$/.test(
        label,
      ),
    };
    this.#expressions.set(key, expression);
    return expression;
  }

  #resolveName(label: string): { slot: number; name: string } {
    const dot = label.indexOf('.');
    const variable = dot < 0 ? label : label.slice(0, dot);
    const slot = this.#loops.findIndex((loop) => loop.variable === variable);
    const loop = this.#loops[slot];
    if (loop !== undefined && dot >= 0) {
      const name = label.slice(dot + 1);
      const facts = this.#options.vocabulary.lists.get(loop.list)?.get(name);
      if (facts === undefined) {
        this.#fail(`rows of ${loop.list} have no field ${name}`);
      }
      this.#readsSecrets ||= facts.isSecret;
      return { slot, name };
    }
    const facts = this.#options.vocabulary.scalars.get(label);
    if (facts === undefined) {
      this.#fail(`there is no variable ${label}`);
    }
    this.#readsSecrets ||= facts.isSecret;
    return { slot: -1, name: label };
  }

  #compileFilter(call: string): Filter {
    const [name = '', ...args] = splitOutsideQuotes(call, ':').map(unquote);
    try {
      return createFilter(name, args, this.#options.maps);
    } catch (thrown) {
      if (thrown instanceof FilterError) {
        this.#fail(thrown.message);
      }
      throw thrown;
    }
  }

  #fail(message: string): never {
    throw new ProvisioningError('template', `${this.#source}: ${message}`);
  }
}

function splitOnce(text: string): [string, string] {
  const space = text.indexOf(' ');
  return space < 0 ? [text, ''] : [text.slice(0, space), text.slice(space + 1).trim()];
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let isQuoted = false;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '"') {
      isQuoted = !isQuoted;
    } else if (text[index] === separator && !isQuoted) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function unquote(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
