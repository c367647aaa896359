/**
 * Puts the keys that users laid out for themselves onto the keys of one phone. The list of a user is
 * the same for all his phones; what a phone has not, it does not get, and says so. Pure.
 */
import type { DeviceKey, KeyKind } from '../device.ts';
import type { Model } from '../vendors/vendor.ts';

/** A key as a user laid it out: its place is its place in the list. */
export interface UserKey {
  readonly kind: KeyKind;
  readonly value?: string | undefined;
  readonly label?: string | undefined;
}

export interface KeyLayout {
  readonly keys: readonly DeviceKey[];
  /** Keys of users for which the phone has no place. */
  readonly keysLeftOut: number;
  /** Lines beyond what the model registers. */
  readonly linesLeftOut: number;
}

interface Place {
  readonly area: 'line' | 'expansion';
  readonly module?: number;
  readonly index: number;
}

/**
 * `own`: keys that the administrator put on this very phone; they keep their places. `lists`: of the
 * users of the lines, line by line. Each line has a key of its own before the first list, unless
 * that user laid out lines himself.
 */
export function layOutKeys(
  model: Pick<Model, 'lines' | 'keys'>,
  own: readonly DeviceKey[],
  lists: readonly (readonly UserKey[])[],
): KeyLayout {
  const lines = Math.min(lists.length, model.lines);
  const linesLeftOut = lists.length - lines;
  if (lists.every((list) => list.length === 0)) {
    return { keys: own, keysLeftOut: 0, linesLeftOut };
  }
  const taken = new Set(own.map((key) => nameOf(key)));
  const free = placesOf(model).filter((place) => !taken.has(nameOf(place)));
  const keys: DeviceKey[] = [...own];
  const shown = new Set(own.filter(({ kind }) => kind === 'line').map(({ line = 1 }) => line));
  let next = 0;
  let keysLeftOut = 0;
  const put = (key: Omit<DeviceKey, 'area' | 'module' | 'index'>): void => {
    const place = free[next];
    next += 1;
    if (place !== undefined) {
      keys.push({ ...place, ...key });
    } else if (key.kind !== 'none') {
      keysLeftOut += 1;
    }
  };
  for (let line = 1; line <= lines; line += 1) {
    const hasOwnLine = lists[line - 1]?.some(({ kind }) => kind === 'line') === true;
    if (!hasOwnLine && !shown.has(line)) {
      put({ kind: 'line', line });
    }
  }
  for (const [index, list] of lists.slice(0, lines).entries()) {
    for (const { kind, value, label } of list) {
      put({
        kind,
        line: index + 1,
        ...(value === undefined ? {} : { value }),
        ...(label === undefined ? {} : { label }),
      });
    }
  }
  // A key of the phone that nobody laid out would otherwise become a line key by itself.
  for (const place of free.slice(next)) {
    if (place.area === 'line') {
      keys.push({ ...place, kind: 'none' });
    }
  }
  return { keys, keysLeftOut, linesLeftOut };
}

/** Keys beside the display first, then those of the modules. */
function placesOf({ keys }: Pick<Model, 'keys'>): Place[] {
  const places: Place[] = [];
  for (let index = 1; index <= keys.line; index += 1) {
    places.push({ area: 'line', index });
  }
  const { modules = 0, keys: perModule = 0 } = keys.expansion ?? {};
  for (let module = 1; module <= modules; module += 1) {
    for (let index = 1; index <= perModule; index += 1) {
      places.push({ area: 'expansion', module, index });
    }
  }
  return places;
}

function nameOf({ area, module = 1, index }: Pick<DeviceKey, 'area' | 'module' | 'index'>): string {
  return `${area} ${String(module)} ${String(index)}`;
}
