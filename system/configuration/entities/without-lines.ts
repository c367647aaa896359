/**
 * A device without the lines of some users. Keys and handsets name lines by their place, so those
 * that stay keep their line and those whose line is gone go with it. External lines come after those
 * of users, or after the one by which an unassigned device lets users log in. Pure.
 */
import type { Device } from './device.ts';

/** The same object when it has no line of these users. */
export function withoutLinesOf(device: Device, userIds: ReadonlySet<string>): Device {
  if (!device.lines.some((id) => userIds.has(id))) {
    return device;
  }
  const placeAfter = new Map<number, number>();
  const lines: string[] = [];
  for (const [index, id] of device.lines.entries()) {
    if (!userIds.has(id)) {
      lines.push(id);
      placeAfter.set(index + 1, lines.length);
    }
  }
  const last = device.lines.length + device.externalLines.length;
  const moved = (line: number): number | undefined => {
    if (line <= device.lines.length) {
      return placeAfter.get(line);
    }
    // Places beyond the lines name nothing yet; they stay as they are.
    return line > last ? line : line - device.lines.length + Math.max(1, lines.length);
  };
  return {
    ...device,
    lines,
    keys: device.keys.flatMap((key) => {
      if (key.line === undefined) {
        return [key];
      }
      const line = moved(key.line);
      return line === undefined ? [] : [{ ...key, line }];
    }),
    handsets: device.handsets.flatMap((handset) => {
      const line = moved(handset.line);
      return line === undefined ? [] : [{ ...handset, line }];
    }),
  };
}
