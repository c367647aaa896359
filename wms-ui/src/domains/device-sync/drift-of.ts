/** Whether devices have what they would get now, asked in portions that the API takes. */
import type { z } from 'zod';
import type { deviceDriftsSchema } from '../../../../system/management-plane/api/routes/explained-devices/schema.ts';
import { api } from '../../lib/api/client.ts';

export type DeviceDrift = z.infer<typeof deviceDriftsSchema>['items'][number]['state'];

const portion = 100;

/** By MAC. Throws `ApiError`. */
export async function driftOf(
  macs: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, DeviceDrift>> {
  const found = new Map<string, DeviceDrift>();
  for (let start = 0; start < macs.length; start += portion) {
    const query = { macs: macs.slice(start, start + portion).join(',') };
    const { items } = await api.get<z.infer<typeof deviceDriftsSchema>>('/devices/drift', {
      query,
      ...(signal === undefined ? {} : { signal }),
    });
    for (const { mac, state } of items) {
      found.set(mac, state);
    }
  }
  return found;
}
