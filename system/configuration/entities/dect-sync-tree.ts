/**
 * The rules of radio synchronisation in a DECT system: every base but one listens to another one.
 * Pure and browser-safe: the store validates with it, the page draws with it.
 *
 * A base falls back to its alternate source when it no longer hears the first one. So the first and
 * the alternate ways together may not lead back to the base: after a failure it would listen to
 * itself.
 */
import type { ValidationIssue } from './validation-issue.ts';

export interface SyncedBase {
  readonly mac: string;
  /** The base that it takes its timing from; undefined for the first of the chain. */
  readonly syncSource?: string | undefined;
  /** Where it turns to when it no longer hears the other one. */
  readonly alternateSource?: string | undefined;
}

/** From the first base, which is level 1: beyond, timing errors add up (RTX platform). */
export const maximumSyncLevels = 24;

export interface SyncTree {
  /** Level by MAC, 1 is the first base; those in a cycle or behind an unknown source have none. */
  readonly levels: ReadonlyMap<string, number>;
  /** MACs that listen to a base, in the order given, by its MAC. */
  readonly children: ReadonlyMap<string, readonly string[]>;
  /** Bases without a source. */
  readonly roots: readonly string[];
}

/** What can be said of any set of bases, valid or not. */
export function toSyncTree(bases: readonly SyncedBase[]): SyncTree {
  const children = new Map<string, string[]>();
  const roots: string[] = [];
  for (const { mac, syncSource } of bases) {
    if (syncSource === undefined) {
      roots.push(mac);
    } else {
      const heard = children.get(syncSource) ?? [];
      heard.push(mac);
      children.set(syncSource, heard);
    }
  }
  const levels = new Map<string, number>();
  let level = 1;
  let current = roots;
  while (current.length > 0) {
    const next: string[] = [];
    for (const mac of current) {
      if (!levels.has(mac)) {
        levels.set(mac, level);
        next.push(...(children.get(mac) ?? []));
      }
    }
    current = next;
    level += 1;
  }
  return { levels, children, roots };
}

/** Every issue of the plan; paths are those of a system's field `bases`. */
export function findSyncIssues(bases: readonly SyncedBase[]): ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  const known = new Set(bases.map(({ mac }) => mac));
  const refuse = (index: number, field: string, message: string): void => {
    issues.push({
      path: `bases.${index.toString()}.${field}`,
      code: 'contradiction',
      message,
    });
  };
  for (const [index, { mac, syncSource, alternateSource }] of bases.entries()) {
    for (const [field, source] of [
      ['syncSource', syncSource],
      ['alternateSource', alternateSource],
    ] as const) {
      if (source !== undefined && !known.has(source)) {
        refuse(index, field, `${source} is no base of this system`);
      }
      if (source === mac) {
        refuse(index, field, 'a base cannot listen to itself');
      }
    }
    if (alternateSource !== undefined && syncSource === undefined) {
      refuse(index, 'alternateSource', 'the first base has no source, and so no alternate one');
    } else if (alternateSource !== undefined && alternateSource === syncSource) {
      refuse(index, 'alternateSource', 'the alternate source must be another base');
    }
  }
  const tree = toSyncTree(bases);
  for (const mac of tree.roots.slice(1)) {
    const index = bases.findIndex((base) => base.mac === mac);
    refuse(index, 'syncSource', 'only one base of a system has no source');
  }
  for (const index of findCycleMembers(bases)) {
    refuse(index, 'syncSource', 'the ways lead back to this base');
  }
  for (const [index, { mac }] of bases.entries()) {
    const level = tree.levels.get(mac);
    if (level !== undefined && level > maximumSyncLevels) {
      refuse(index, 'syncSource', `more than ${maximumSyncLevels.toString()} levels`);
    }
  }
  return issues;
}

/** Bases from which the ways, first and alternate, lead back to themselves. */
function findCycleMembers(bases: readonly SyncedBase[]): number[] {
  const places = new Map(bases.map(({ mac }, index) => [mac, index]));
  const sources = bases.map(({ mac, syncSource, alternateSource }) =>
    [syncSource, alternateSource].flatMap((source) =>
      source === undefined || source === mac ? [] : (places.get(source) ?? []),
    ),
  );
  // Bases that nobody needs any more are taken away until only those in cycles, or between two, stay.
  const uses = sources.map(() => 0);
  for (const source of sources.flat()) {
    uses[source] = (uses[source] ?? 0) + 1;
  }
  const removed = new Set<number>();
  const free = uses.flatMap((count, index) => (count === 0 ? [index] : []));
  for (let index = free.pop(); index !== undefined; index = free.pop()) {
    removed.add(index);
    for (const source of sources[index] ?? []) {
      uses[source] = (uses[source] ?? 0) - 1;
      if (uses[source] === 0) {
        free.push(source);
      }
    }
  }
  return removeDeadEnds(sources, removed);
}

/** The same from the other side: what stays and leads nowhere but out of the rest is in no cycle. */
function removeDeadEnds(sources: readonly (readonly number[])[], removed: Set<number>): number[] {
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (const [index, ways] of sources.entries()) {
      if (!removed.has(index) && ways.every((source) => removed.has(source))) {
        removed.add(index);
        isChanged = true;
      }
    }
  }
  return sources.flatMap((_, index) => (removed.has(index) ? [] : [index]));
}
