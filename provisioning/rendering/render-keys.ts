/**
 * The rows of a device's keys: those it was given, a line key of its own number for every line that
 * no key shows, and empty ones for the rest of the model's keys.
 */
import type { DeviceKey, DeviceLine } from '../device.ts';
import { hasPlace, toPageFields } from './render-fields.ts';
import type { Origin } from '../scope/origin.ts';
import type { ResolvedSettings } from '../scope/resolve-scopes.ts';
import type { Row } from '../template/value.ts';
import type { Model } from '../vendors/vendor.ts';

/** A line that has a place on the device, and what templates get of it. */
export interface PlacedLine {
  readonly line: DeviceLine;
  readonly row: Row;
}

export interface KeyRowsInput {
  readonly keys: readonly DeviceKey[];
  readonly model: Model;
  readonly settings: ResolvedSettings;
  /** By the number of the line. */
  readonly lines: ReadonlyMap<number, PlacedLine>;
}

const assignment: Origin = { source: 'assignment', name: 'assignment' };

/** Kinds of keys that watch an extension and may pick its call up with the feature code. */
const pickingUp: ReadonlySet<string> = new Set(['blf']);

/** One row for every line key of the model, then one for each other key it has a place for. */
export function createKeyRows(input: KeyRowsInput): readonly Row[] {
  const { model } = input;
  const given = new Map<number, DeviceKey>();
  const others: DeviceKey[] = [];
  for (const key of input.keys) {
    if (key.area === 'line') {
      given.set(key.index, key);
    } else if (hasPlace(key, model)) {
      others.push(key);
    }
  }
  const keys: DeviceKey[] = [];
  for (let index = 1; index <= model.keys.line; index++) {
    keys.push(given.get(index) ?? toUnassignedKey(input, index));
  }
  keys.push(...others);
  const counts = new Map<string, number>();
  return keys.map((key) => {
    const kind = key.kind === 'speedDial' ? 'blf' : key.kind;
    const ofKind = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, ofKind);
    return toKeyRow(input, key, ofKind);
  });
}

/** A line that no key shows gets the key of its own number. */
function toUnassignedKey({ model, lines }: KeyRowsInput, index: number): DeviceKey {
  return index <= model.lines && lines.has(index)
    ? { area: 'line', index, kind: 'line', line: index }
    : { area: 'line', index, kind: 'none' };
}

function toKeyRow({ model, settings, lines }: KeyRowsInput, key: DeviceKey, ofKind: number): Row {
  const pickup = settings.get('calls.pickupCode');
  const first = model.keys.line + (model.keys.expansion?.gap ?? 0);
  const before =
    key.area === 'expansion'
      ? first + ((key.module ?? 1) - 1) * (model.keys.expansion?.keys ?? 0)
      : 0;
  const number = key.line ?? 1;
  const placed = lines.get(number);
  const line = placed?.line;
  const isAssigned = key.kind !== 'none';
  const account =
    key.kind === 'line' && placed !== undefined ? toAccountFields(placed.row) : undefined;
  const picksUp = pickingUp.has(key.kind) && typeof pickup?.value === 'string';
  return {
    origin: assignment,
    values: {
      area: key.area,
      module: key.module ?? 1,
      module0: (key.module ?? 1) - 1,
      index: key.index,
      index0: key.index - 1,
      ordinal: before + key.index,
      ordinal0: before + key.index - 1,
      expansion0: key.area === 'expansion' ? before - first + key.index - 1 : undefined,
      kind: key.kind,
      ofKind,
      value: key.value,
      label: key.label ?? (key.kind === 'line' ? (line?.label ?? line?.userName) : key.value),
      line: isAssigned ? number : undefined,
      line0: isAssigned ? number - 1 : undefined,
      host: line?.server.host,
      userName: line?.userName,
      pickupCode: picksUp ? pickup.value : undefined,
      ...(key.area === 'line' ? toPageFields(key.index, model) : undefined),
      ...account?.values,
    },
    origins: { pickupCode: pickup?.origin, ...account?.origins },
  };
}

/** For phones on which the key of a line holds its account. */
function toAccountFields({ values, origin, origins }: Row): Pick<Row, 'values' | 'origins'> {
  const { displayName, authName, password, port, voicemailNumber } = values;
  return {
    values: { displayName, authName, password, port, voicemailNumber },
    origins: {
      displayName: origin,
      authName: origin,
      password: origin,
      port: origin,
      voicemailNumber: origins?.['voicemailNumber'] ?? origin,
    },
  };
}
