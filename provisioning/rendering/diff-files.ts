/**
 * The difference of two rendered files, for "what would Sync change?" and for drift: what the device
 * last fetched against what it would get now. Compares what the device sees, shows what people may
 * see.
 */
import type { RenderedLine } from '../template/rendered-line.ts';

/** The part of a line that is kept with what a device fetched. */
export type ComparedLine = Pick<RenderedLine, 'text' | 'shown'>;

export interface DiffLine {
  readonly change: 'same' | 'removed' | 'added';
  readonly shown: string;
}

/** Beyond this many edits the rest is reported as replaced: bounded work for any two inputs. */
const maximumEdits = 400;

/** Myers' algorithm on lines, after equal beginnings and ends are taken away. */
export function diffFiles(
  before: readonly ComparedLine[],
  after: readonly ComparedLine[],
): readonly DiffLine[] {
  let start = 0;
  while (
    start < Math.min(before.length, after.length) &&
    before[start]?.text === after[start]?.text
  ) {
    start++;
  }
  let end = 0;
  while (
    end < Math.min(before.length, after.length) - start &&
    before[before.length - 1 - end]?.text === after[after.length - 1 - end]?.text
  ) {
    end++;
  }
  return [
    ...after.slice(0, start).map(toLine('same')),
    ...diffMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...after.slice(after.length - end).map(toLine('same')),
  ];
}

export function hasDrifted(
  before: readonly ComparedLine[],
  after: readonly ComparedLine[],
): boolean {
  return before.length !== after.length || before.some((line, i) => line.text !== after[i]?.text);
}

function toLine(change: DiffLine['change']): (line: ComparedLine) => DiffLine {
  return ({ shown }) => ({ change, shown });
}

function diffMiddle(
  before: readonly ComparedLine[],
  after: readonly ComparedLine[],
): readonly DiffLine[] {
  const limit = Math.min(before.length + after.length, maximumEdits);
  /** Farthest reach on each diagonal, one copy for each number of edits. */
  const history: Map<number, number>[] = [];
  const reach = new Map<number, number>([[1, 0]]);
  for (let edits = 0; edits <= limit; edits++) {
    history.push(new Map(reach));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const fromBelow = reach.get(diagonal - 1) ?? -1;
      const fromAbove = reach.get(diagonal + 1) ?? -1;
      const isDown = diagonal === -edits || (diagonal !== edits && fromBelow < fromAbove);
      let x = isDown ? fromAbove : fromBelow + 1;
      while (
        x < before.length &&
        x - diagonal < after.length &&
        before[x]?.text === after[x - diagonal]?.text
      ) {
        x++;
      }
      reach.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) {
        return traceBack(history, before, after);
      }
    }
  }
  return [...before.map(toLine('removed')), ...after.map(toLine('added'))];
}

function traceBack(
  history: readonly Map<number, number>[],
  before: readonly ComparedLine[],
  after: readonly ComparedLine[],
): readonly DiffLine[] {
  const lines: DiffLine[] = [];
  let x = before.length;
  let y = after.length;
  const push = (change: DiffLine['change'], line: ComparedLine | undefined): void => {
    if (line !== undefined) {
      lines.push({ change, shown: line.shown });
    }
  };
  for (let edits = history.length - 1; edits >= 0; edits--) {
    const reach = history[edits] ?? new Map<number, number>();
    const diagonal = x - y;
    const below = reach.get(diagonal - 1) ?? -1;
    const above = reach.get(diagonal + 1) ?? -1;
    const isDown = diagonal === -edits || (diagonal !== edits && below < above);
    const previousX = isDown ? above : below;
    const previousY = previousX - (isDown ? diagonal + 1 : diagonal - 1);
    while (x > previousX && y > previousY && x > 0 && y > 0) {
      push('same', after[--y]);
      x--;
    }
    if (edits > 0) {
      if (isDown) {
        push('added', after[--y]);
      } else {
        push('removed', before[--x]);
      }
    }
  }
  return lines.reverse();
}
