/**
 * Which device is in which ring: the first alone, then a tenth of all, then the rest. The same
 * devices and seed always give the same rings; registered devices come first, so that a ring is
 * never one of phones that nobody can see. Pure.
 */

export interface RingCandidate {
  readonly mac: string;
  readonly isRegistered: boolean;
}

export interface RingPlace {
  readonly mac: string;
  /** From 0. */
  readonly ring: number;
}

/** `first`: the administrator's choice; it need not be among the candidates. */
export function assignRings(
  candidates: readonly RingCandidate[],
  options: {
    readonly seed: string;
    readonly first?: string | undefined;
    readonly isStaged: boolean;
  },
): readonly RingPlace[] {
  const { seed, first, isStaged } = options;
  const ordered = [...candidates].sort(
    (a, b) =>
      Number(b.mac === first) - Number(a.mac === first) ||
      Number(b.isRegistered) - Number(a.isRegistered) ||
      hash(seed + a.mac) - hash(seed + b.mac) ||
      (a.mac < b.mac ? -1 : 1),
  );
  const second = Math.ceil(ordered.length / 10);
  return ordered.map(({ mac }, index) => {
    if (!isStaged || index === 0) {
      return { mac, ring: 0 };
    }
    return { mac, ring: index <= second ? 1 : 2 };
  });
}

/** FNV-1a, 32 bits: spreads devices that were bought together. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}
