/**
 * How each file format assigns a value to a name: one line, one assignment. Custom lines are
 * recognised and written with it, everything else comes from templates.
 */
import type { Escaping } from './escape.ts';
import type { AssignmentSyntax } from './custom-placement.ts';

export interface FileSyntax extends AssignmentSyntax {
  readonly escaping: Escaping;
}

function fromPattern(pattern: RegExp): (text: string) => string | undefined {
  return (text) => pattern.exec(text)?.[1]?.trimEnd();
}

const snomElement = /^\s*<([A-Za-z_]\w*)(?: idx="(\d+)")?(?: perm="[^"]*")?>[^<]*<\//;

export const fileSyntaxes = {
  /** `key = value`: Yealink, WP4x0. */
  equals: {
    escaping: 'plain',
    findKey: fromPattern(/^([^#;=\s][^=]*?)\s*=/),
    write: (key, value) => `${key} = ${value}`,
  },
  /** `path/to/value=value`: AudioCodes phones. */
  path: {
    escaping: 'plain',
    findKey: fromPattern(/^([^#;=\s][^=]*?)\s*=/),
    write: (key, value) => `${key}=${value}`,
  },
  /** `name=value` with the escapes of Java: Jitsi. */
  property: {
    escaping: 'properties',
    findKey: fromPattern(/^([^#!=\s][^=]*?)\s*=/),
    write: (key, value) => `${key}=${value}`,
  },
  /** `name="value"`: Bria. */
  marked: {
    escaping: 'quoted',
    findKey: fromPattern(/^([^#;=\s[][^=]*?)\s*=/),
    write: (key, value) => `${key}="${value}"`,
  },
  /** `name: "value"`: Cisco 7940 and 7960. */
  quoted: {
    escaping: 'quoted',
    findKey: fromPattern(/^([^#:\s][^:]*?)\s*:/),
    write: (key, value) => `${key}: "${value}"`,
  },
  /** `%NAME%:"value"`, numbers without marks: Snom M3. */
  percent: {
    escaping: 'quoted',
    findKey: fromPattern(/^\s*%([^%\s]+)%\s*:/),
    write: (key, value) =>
      `%${key}%:${/^(?:\d+|0x[\dA-Fa-f]+)$/.test(value) ? value : `"${value}"`}`,
  },
  /** `name: value`: Aastra. */
  field: {
    escaping: 'plain',
    findKey: fromPattern(/^([^#:\s][^:]*?)\s*:/),
    write: (key, value) => `${key}: ${value}`,
  },
  /** `NAME value` or `add 3 value`, in sections: Nortel, LG-Nortel. */
  word: {
    escaping: 'plain',
    findKey: fromPattern(/^((?:add )?[^\s#;[\]]+)\s/),
    write: (key, value) => `${key} ${value}`,
  },
  /** `Name               :value`: the text dialect of Fanvil. */
  colon: {
    escaping: 'plain',
    findKey: fromPattern(/^([^<:\s][^:]*?)\s*:/),
    write: (key, value) => `${key.padEnd(19)}:${value}`,
  },
  /** `<name perm="R">value</name>`, written as key `name` or `name!index`. */
  snom: {
    escaping: 'xml',
    findKey: (text) => {
      const match = snomElement.exec(text);
      return match?.[2] === undefined ? match?.[1] : `${match[1] ?? ''}!${match[2]}`;
    },
    write: (key, value) => {
      const [name = '', index] = key.split('!');
      const attribute = index === undefined ? '' : ` idx="${index.replace(/\D/g, '')}"`;
      const element = toElementName(name);
      return `<${element}${attribute} perm="R">${value}</${element}>`;
    },
  },
  /** `<P271>1</P271>`, `<Proxy_1_>host</Proxy_1_>`: Grandstream P values, Cisco. */
  element: {
    escaping: 'xml',
    findKey: fromPattern(/^\s*<([A-Za-z_][\w.-]*)(?:\s[^>]*)?>[^<]*<\//),
    write: (key, value) => {
      const element = toElementName(key);
      return `<${element}>${value}</${element}>`;
    },
  },
  /** `<item name="account.1.enable">Yes</item>`: Grandstream aliases. */
  item: {
    escaping: 'xml',
    findKey: fromPattern(/^\s*<item name="([^"]+)">/),
    write: (key, value) => `<item name="${key}">${value}</item>`,
  },
  /** `reg.1.address="200"`, one attribute to a line: Poly. */
  attribute: {
    escaping: 'xml',
    findKey: fromPattern(/^\s*([A-Za-z][\w.-]*)="/),
    write: (key, value) => `  ${toElementName(key)}="${value}"`,
  },
  /** `<param name="x" value="y"/>`: Gigaset N670, N770, N870. */
  param: {
    escaping: 'xml',
    findKey: fromPattern(/^\s*<param name="([^"]+)"/),
    write: (key, value) => `<param name="${key}" value="${value}"/>`,
  },
  /** `<SYMB_ITEM ID="x" class="symb_item" value='"y"'/>`: Gigaset N510, N720. */
  symbItem: {
    escaping: 'xml',
    findKey: fromPattern(/^\s*<SYMB_ITEM ID="([^"]+)"/),
    write: (key, value) =>
      `<SYMB_ITEM ID="${key}" class="symb_item" value='"${value.replaceAll('&quot;', '')}"'/>`,
  },
  /** XML without assignments, such as a list of further files. */
  document: { escaping: 'xml', findKey: () => undefined, write: (_key, value) => value },
} as const satisfies Readonly<Record<string, FileSyntax>>;

export type FileSyntaxName = keyof typeof fileSyntaxes;

/** A name that cannot end its tag: everything outside XML's plain name characters becomes `_`. */
function toElementName(key: string): string {
  return key.replace(/[^A-Za-z0-9_.-]/g, '_');
}
