/** What a device is, apart from its settings: as form values and as the API takes them. Pure. */
import type { Device } from '../../../../../system/management-plane/api/routes/devices/schema.ts';
import type { Changes, FormValues } from '../../../lib/forms/form-values.ts';

export function toIdentityValues({ configuration }: Pick<Device, 'configuration'>): FormValues {
  const { comment, vendor, model, groups, tftpException } = configuration;
  return { comment, vendor, model, groups, tftpException };
}

/** No group is an empty list, not a missing one. */
export function toIdentityChanges(changes: Changes): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(changes).map(([name, value]) => [
      name,
      name === 'groups' ? (value ?? []) : value,
    ]),
  );
}
