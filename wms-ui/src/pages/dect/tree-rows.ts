/** The bases of a system in the order in which a tree is read: each one before those that hear it. Pure. */
import type {
  DectSystem,
  DectSystemBase,
} from '../../../../system/management-plane/api/routes/dect/schema.ts';
import { toSyncTree } from '../../../../system/configuration/entities/dect-sync-tree.ts';

export interface TreeRow {
  readonly base: DectSystemBase;
  /** 1 is the first. */
  readonly level: number;
  /** Place among those that hear the same base, from 1, and how many they are. */
  readonly place: number;
  readonly siblings: number;
  /** MAC of the base that it hears. */
  readonly parent: string | undefined;
  readonly hasChildren: boolean;
}

export function toTreeRows({ bases, sync }: Pick<DectSystem, 'bases' | 'sync'>): TreeRow[] {
  if (sync !== 'planned') {
    return bases.map((base, index) => ({
      base,
      level: 1,
      place: index + 1,
      siblings: bases.length,
      parent: undefined,
      hasChildren: false,
    }));
  }
  const { roots, children } = toSyncTree(bases);
  const byMac = new Map(bases.map((base) => [base.mac, base]));
  const rows: TreeRow[] = [];
  const add = (macs: readonly string[], level: number, parent: string | undefined): void => {
    for (const [index, mac] of macs.entries()) {
      const base = byMac.get(mac);
      if (base !== undefined) {
        const heard = children.get(mac) ?? [];
        const hasChildren = heard.length > 0;
        rows.push({ base, level, place: index + 1, siblings: macs.length, parent, hasChildren });
        add(heard, level + 1, mac);
      }
    }
  };
  // A stored plan has no ways that lead back: this ends.
  add(roots, 1, undefined);
  return rows;
}
