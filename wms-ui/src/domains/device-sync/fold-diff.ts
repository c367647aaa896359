/** A difference as people read it: changed lines with a few around them, the rest counted. Pure. */
interface DiffLine {
  readonly change: 'same' | 'removed' | 'added';
  readonly text: string;
}

export type DiffPart<Line extends DiffLine> =
  | { readonly kind: 'line'; readonly line: Line }
  /** So many unchanged lines are left out. */
  | { readonly kind: 'gap'; readonly count: number };

/** `around`: unchanged lines kept before and behind each change. */
export function foldDiff<Line extends DiffLine>(
  lines: readonly Line[],
  around = 2,
): readonly DiffPart<Line>[] {
  const isNear = lines.map(() => false);
  for (const [index, { change }] of lines.entries()) {
    if (change !== 'same') {
      isNear.fill(true, Math.max(0, index - around), index + around + 1);
    }
  }
  const parts: DiffPart<Line>[] = [];
  let skipped = 0;
  for (const [index, line] of lines.entries()) {
    if (isNear[index] !== true) {
      skipped += 1;
      continue;
    }
    if (skipped > 0) {
      parts.push({ kind: 'gap', count: skipped });
      skipped = 0;
    }
    parts.push({ kind: 'line', line });
  }
  if (skipped > 0) {
    parts.push({ kind: 'gap', count: skipped });
  }
  return parts;
}

/** How many lines are new or gone. */
export function countChanges(lines: readonly DiffLine[]): number {
  return lines.filter(({ change }) => change !== 'same').length;
}
