/** A parameter of the vendor that no setting covers, as devices and levels hold it. */
import type { DeviceGroup } from '../../../../system/management-plane/api/routes/device-groups/schema.ts';

export type CustomLine = DeviceGroup['customLines'][number];

/** As they are sent: without the fields that are left empty. */
export function toSentLines(lines: readonly CustomLine[]): readonly CustomLine[] {
  return lines.map(({ file, key, value }) => ({
    ...(file === undefined || file === '' ? {} : { file }),
    key,
    value,
  }));
}
