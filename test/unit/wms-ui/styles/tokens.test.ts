import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const file = resolve(import.meta.dirname, '../../../../wms-ui/src/styles/tokens.css');
const tokens = new Map(
  [
    ...readFileSync(file, 'utf8').matchAll(/--color-([a-z-]+): light-dark\((#\w{6}), (#\w{6})\)/g),
  ].map(([, name = '', light = '', dark = '']) => [name, { light, dark }]),
);

/** Which text is written on which ground. */
const texts: readonly (readonly [string, readonly string[]])[] = [
  [
    'text',
    [
      'canvas',
      'surface',
      'raised',
      'subtle',
      'accent-soft',
      'warning-soft',
      'danger-soft',
      'neutral-soft',
    ],
  ],
  ['text-muted', ['canvas', 'surface', 'raised', 'subtle', 'neutral-soft', 'accent-soft']],
  ['accent', ['surface', 'canvas', 'raised', 'subtle']],
  ['accent-strong', ['accent-soft', 'surface', 'canvas']],
  ['on-accent', ['accent', 'accent-strong']],
  ['good', ['good-soft', 'surface']],
  ['warning', ['warning-soft', 'surface']],
  ['danger', ['danger-soft', 'surface', 'subtle']],
  ['on-danger', ['danger-fill']],
];

/** Borders of controls, focus rings, switches: what one must see to use them. */
const shapes: readonly (readonly [string, readonly string[]])[] = [
  ['control-line', ['surface', 'canvas', 'subtle']],
  ['focus', ['surface', 'canvas', 'raised']],
];

describe.each(['light', 'dark'] as const)('the %s colours', (theme) => {
  test('give every text a contrast of 4.5:1 (WCAG 1.4.3)', () => {
    expect(pairsBelow(texts, theme, 4.5)).toEqual([]);
  });

  test('give every control and focus ring a contrast of 3:1 (WCAG 1.4.11)', () => {
    expect(pairsBelow(shapes, theme, 3)).toEqual([]);
  });
});

function pairsBelow(
  pairs: readonly (readonly [string, readonly string[]])[],
  theme: 'light' | 'dark',
  least: number,
): string[] {
  return pairs.flatMap(([front, grounds]) =>
    grounds.flatMap((ground) => {
      const ratio = contrast(colorOf(front, theme), colorOf(ground, theme));
      return ratio < least ? [`${front} on ${ground}: ${ratio.toFixed(2)}`] : [];
    }),
  );
}

function colorOf(name: string, theme: 'light' | 'dark'): string {
  const token = tokens.get(name);
  if (token === undefined) {
    throw new Error(`There is no colour ${name}.`);
  }
  return token[theme];
}

/** WCAG 2.2, "contrast ratio". */
function contrast(a: string, b: string): number {
  const [lighter = 0, darker = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
