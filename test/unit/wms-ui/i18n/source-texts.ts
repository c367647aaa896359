/** Reads the sources of the user interface for what the language tests look at. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'svelte/compiler';

const root = resolve(import.meta.dirname, '../../../../wms-ui/src');

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

export interface TextUse {
  readonly file: string;
  readonly key: string;
  /** Names of the arguments; undefined when they are not written out. */
  readonly args: readonly string[] | undefined;
}

/** Every `.svelte` and `.ts` file, as an abstract syntax tree. */
export function readSources(): readonly { readonly file: string; readonly tree: Node }[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(svelte|ts)$/.test(file) && !file.endsWith('.d.ts'))
    .map((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const source = file.endsWith('.svelte') ? text : `<script lang="ts">\n${text}\n</script>`;
      return { file, tree: parse(source, { modern: true }) as unknown as Node };
    });
}

/** Calls `t('key', { … })`. */
export function findTextUses(file: string, tree: Node): readonly TextUse[] {
  const uses: TextUse[] = [];
  walk(tree, (node) => {
    const callee = node['callee'];
    const [first, second] = Array.isArray(node['arguments']) ? (node['arguments'] as Node[]) : [];
    const isText = isNode(callee) && callee['name'] === 't' && first?.type === 'Literal';
    if (node.type === 'CallExpression' && isText) {
      uses.push({ file, key: String(first['value']), args: argumentNames(second) });
    }
    return undefined;
  });
  return uses;
}

/** Tells whether a key is written out in a source, or can be what a template of it makes. */
export function findNamedKeys(trees: readonly Node[]): (key: string) => boolean {
  const literals = new Set<unknown>();
  const templates = new Map<string, RegExp>();
  for (const tree of trees) {
    walk(tree, (node) => {
      const parts = node.type === 'TemplateLiteral' ? (node['quasis'] as Node[]) : [];
      const fixed = parts.map((part) => (part['value'] as { readonly cooked: string }).cooked);
      if (node.type === 'Literal') {
        literals.add(node['value']);
      } else if (/^[\w.-]*[a-z]{3}[\w.-]*$/i.test(fixed.join(''))) {
        const pattern = fixed.map((text) => text.replaceAll('.', '\\.')).join('.+');
        templates.set(pattern, new RegExp(`^${pattern}$`));
      }
      return undefined;
    });
  }
  const expressions = [...templates.values()];
  return (key) => literals.has(key) || expressions.some((expression) => expression.test(key));
}

/** Words in the markup that do not go through `t()`. */
export function findBareTexts(file: string, tree: Node): readonly string[] {
  const found: string[] = [];
  const fragment = tree['fragment'];
  if (!isNode(fragment)) {
    return found;
  }
  const attributesRead = new Set(['title', 'placeholder', 'alt', 'aria-label', 'label', 'text']);
  walk(fragment, (node) => {
    if (node.type === 'Attribute') {
      const parts = Array.isArray(node['value']) ? (node['value'] as Node[]) : [];
      for (const part of attributesRead.has(String(node['name'])) ? parts : []) {
        note(part);
      }
      return 'skip-attribute';
    }
    note(node);
    return undefined;
  });
  return found;

  function note(node: Node): void {
    const text = node.type === 'Text' ? String(node['data']) : '';
    if (/\p{L}{2,}/u.test(text)) {
      found.push(`${file}: ${text.trim()}`);
    }
  }
}

function argumentNames(node: Node | undefined): readonly string[] | undefined {
  if (node === undefined) {
    return [];
  }
  const properties = node['properties'];
  if (node.type !== 'ObjectExpression' || !Array.isArray(properties)) {
    return undefined;
  }
  const names = (properties as Node[]).map((property) =>
    isNode(property['key']) ? String(property['key']['name']) : '…',
  );
  return names.includes('…') ? undefined : names.sort();
}

function walk(node: Node, visit: (node: Node) => 'skip-attribute' | undefined): void {
  if (visit(node) === 'skip-attribute') {
    for (const child of childrenOf(node)) {
      if (child.type !== 'Text') {
        walk(child, visit);
      }
    }
    return;
  }
  for (const child of childrenOf(node)) {
    walk(child, visit);
  }
}

function childrenOf(node: Node): readonly Node[] {
  return Object.entries(node).flatMap(([key, value]) =>
    key === 'parent' ? [] : (Array.isArray(value) ? (value as unknown[]) : [value]).filter(isNode),
  );
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}
