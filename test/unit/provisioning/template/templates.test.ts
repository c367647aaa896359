import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProvisioningError } from '../../../../provisioning/provisioning-error.ts';
import { compileTemplate } from '../../../../provisioning/template/compile-template.ts';
import { escapeValue, type Escaping } from '../../../../provisioning/template/escape.ts';
import { renderTemplate } from '../../../../provisioning/template/render-template.ts';
import type { TemplateValues, Vocabulary } from '../../../../provisioning/template/value.ts';
import { Secret } from '../../../../system/foundation/secret.ts';

const open = { isSecret: false };
const vocabulary: Vocabulary = {
  scalars: new Map([
    ['host', open],
    ['port', open],
    ['empty', open],
    ['isOn', open],
    ['codecs', open],
    ['password', { isSecret: true }],
  ]),
  lists: new Map([
    [
      'lines',
      new Map([
        ['index', open],
        ['user', open],
      ]),
    ],
  ]),
};
const origin = { source: 'device', name: 'mac' } as const;
const values: TemplateValues = {
  scalars: new Map<
    string,
    { value: string | number | boolean | Secret | string[]; origin: typeof origin }
  >([
    ['host', { value: 'pbx', origin }],
    ['port', { value: 5060, origin }],
    ['isOn', { value: true, origin }],
    ['codecs', { value: ['g722', 'opus', 'pcma'], origin }],
    ['password', { value: new Secret('hunter2'), origin }],
  ]),
  lists: new Map([
    ['lines', [1, 2].map((index) => ({ origin, values: { index, user: `20${index}` } }))],
  ]),
};

function compile(
  text: string,
  escaping: Escaping = 'plain',
  included: Record<string, string> = {},
) {
  return compileTemplate('t', text, {
    escaping,
    vocabulary,
    maps: { codec: { g722: '9', pcma: '8' }, transport: { udp: '0' } },
    include: (name) => included[name],
  });
}

function renderText(
  text: string,
  escaping?: Escaping,
  included?: Record<string, string>,
): string[] {
  return renderTemplate(compile(text, escaping, included), values).map((line) => line.text);
}

describe('the template language', () => {
  it.each([
    ['a line stands as it is', 'a = {b} $c #', ['a = {b} $c #']],
    ['a value stands in braces', 'host = {{host}}:{{port}}', ['host = pbx:5060']],
    ['a line whose value is missing is left out', 'a = {{empty}}\nb = 1', ['b = 1']],
    ['default stands in for a missing value', 'a = {{empty|default:%NULL%}}', ['a = %NULL%']],
    ['quotes hold separators', 'a = {{empty|default:"a|b:c"}}', ['a = a|b:c']],
    [
      'for repeats per row',
      '@for line in lines\nu{{line.index}}={{line.user}}\n@end',
      ['u1=201', 'u2=202'],
    ],
    ['if chooses', '@if isOn\nyes\n@else\nno\n@end', ['yes']],
    ['if not turns it round', '@if not empty\nyes\n@end', ['yes']],
    ['is compares with words', '@if host is a pbx\nyes\n@end', ['yes']],
    ['filters calculate', '{{port|plus:-60|times:2|over:3}}', ['3334']],
    ['filter nearest', '{{port|nearest:120:4800:7200}}', ['4800']],
    ['an address is a number', '{{empty|default:10.20.30.41|ipv4|hex}}', ['0xa141e29']],
    ['what is no address has no number', '{{host|ipv4}}\nb', ['b']],
    ['slice cuts out of the middle', '{{host|slice:1:3}}', ['bx']],
    ['slice of a shorter text leaves the line out', '{{host|slice:2:4}}\nb', ['b']],
    ['a remark sign is put between quotes', '{{empty|default:"*1#"|quoteFor:"#;"}}', ['"*1#"']],
    ['and nothing else is', '{{host|quoteFor:"#"}}', ['pbx']],
    ['filters pad and clamp', '{{port|clamp:1:7|pad:3}}', ['007']],
    ['a map leaves out of a list what it lacks', '{{codecs|map:codec|join:";"}}', ['9;8']],
    ['words of a list are wrapped', '{{codecs|each:"(":")"}}', ['(g722)(opus)(pcma)']],
    ['comments vanish, @@ begins a line with @', '@# note\n@@x', ['@x']],
  ])('%s', (_title, text, lines) => {
    expect(renderText(text)).toEqual(lines);
  });

  it('includes other templates and names them as source', () => {
    const template = compile('a\n@include part.tmpl', 'plain', { 'part.tmpl': 'b = {{host}}' });
    expect(renderTemplate(template, values).map(({ text, source }) => [text, source])).toEqual([
      ['a', 't:1'],
      ['b = pbx', 'part.tmpl:1'],
    ]);
  });

  it.each([
    ['t:1: there is no variable nothing', '{{nothing}}'],
    ['t:1: there is no variable constructor', '{{constructor}}'],
    ['t:1: there is no list codecs', '@for c in codecs\n@end'],
    ['t:2: rows of lines have no field password', '@for line in lines\n{{line.password}}\n@end'],
    ['t:1: there is no filter eval', '{{host|eval:x}}'],
    ['t:1: there is no filter toString', '{{host|toString}}'],
    ['t:1: there is no map __proto__', '{{host|map:__proto__}}'],
    ['t:1: filter plus takes 1 arguments', '{{port|plus}}'],
    ['t:1: x is not a whole number', '{{port|plus:x}}'],
    ['t:1: 500000000 is wider than 64', '{{port|pad:500000000}}'],
    ['t:1: {{ has no }}', 'a {{host'],
    ['t:1: has no @end', '@if host'],
    ['t:1: @end ends nothing', '@end'],
    ['t:2: @else belongs to no @if', '@for line in lines\n@else\n@end'],
    ['t:1: there is no directive @eval', '@eval 1'],
    ['t:1: no template x', '@include x'],
  ])('refuses at load: %s', (message, text) => {
    expect(() => compile(text)).toThrow(new ProvisioningError('template', message));
  });

  it('refuses a template that would write without end, before any device asks', () => {
    const loops = (depth: number): string =>
      [
        ...Array.from({ length: depth }, (_, index) => `@for r${'abcdefg'[index] ?? ''} in lines`),
        'x = {{host}}',
        ...Array.from({ length: depth }, () => '@end'),
      ].join('\n');
    expect(() => compile(loops(2))).not.toThrow();
    expect(() => compile(loops(7))).toThrow(/loops within loops that would write too much/);
  });

  it('bounds a value that filters multiply', () => {
    const longer = `|replace:"":"${'a'.repeat(100)}"`;
    const [text = ''] = renderText(`x={{host${longer.repeat(8)}}}`);
    expect(text).toHaveLength(65_538);
    expect(() => compile(`{{host|replace:a:${'b'.repeat(101)}}}`)).toThrow(/at most 100/);
  });

  it('refuses a template that becomes too long by what it includes', () => {
    const many = (name: string): string => `@include ${name}\n`.repeat(500);
    const texts = { b: many('c'), c: many('d'), d: 'x\n'.repeat(500) };
    expect(() => compile(many('b'), 'plain', texts)).toThrow(/with all that it includes/);
  });

  it('refuses a template that includes itself', () => {
    expect(() => compile('@include a', 'plain', { a: '@include a' })).toThrow(/too deep/);
  });

  it('hides secrets in what is shown and marks their lines', () => {
    const [line] = renderTemplate(compile('p = {{password}}'), values);
    expect(line).toMatchObject({ text: 'p = hunter2', isSecret: true });
    expect(line?.shown).not.toContain('hunter2');
    expect(compile('p = {{password}}').readsSecrets).toBe(true);
    expect(compile('p = {{host}}').readsSecrets).toBe(false);
  });

  it('gives every line the origin of its values, and of its condition where it has none', () => {
    const lines = renderTemplate(compile('a = {{host}}\n@if isOn\nb\n@end'), values);
    expect(lines.map(({ origins }) => origins)).toEqual([
      [{ variable: 'host', origin }],
      [{ variable: 'isOn', origin }],
    ]);
  });
});

describe('escaping', () => {
  const hostile = fc.string({ unit: 'binary' });

  it('keeps any value inside its line', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom<Escaping>('plain', 'xml'), (value, escaping) => {
        const escaped = escapeValue(value, escaping);
        expect(escaped.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/)).toHaveLength(1);
        expect(escaped).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        expect(escaped.isWellFormed()).toBe(true);
      }),
    );
  });

  it('keeps any value inside its line of Java properties, and readable there', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const escaped = escapeValue(value, 'properties');
        expect(escaped).toMatch(/^[\u0020-\u007e]*$/);
        const read = escaped.replace(
          /\\\\|\\u([0-9a-f]{4})/g,
          (_, unit: string | undefined): string =>
            unit === undefined ? '\\' : String.fromCharCode(Number.parseInt(unit, 16)),
        );
        expect(read).toBe(escapeValue(value, 'plain'));
      }),
    );
  });

  it('keeps any value inside its XML text or attribute, and readable there', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const escaped = escapeValue(value, 'xml');
        expect(escaped).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|apos);)/);
        const read = escaped
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&quot;', '"')
          .replaceAll('&apos;', "'")
          .replaceAll('&amp;', '&');
        const printable = value
          .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ')
          .replace(/[\ufffe\uffff]/g, '');
        expect(read).toBe(printable.isWellFormed() ? printable : read);
      }),
    );
  });
});
