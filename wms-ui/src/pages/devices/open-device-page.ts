/** Connect: the web page of a device in another tab, through the PBX. */
import type { z } from 'zod';
import type { deviceConnectOpenedSchema } from '../../../../system/management-plane/api/routes/device-access/schema.ts';
import { api } from '../../lib/api/client.ts';

/**
 * Resolves with the address of the page, which works for a minute, in case the browser opened no tab.
 * Rejects when the signal gives up; nothing is opened then.
 */
export async function openDevicePage(
  mac: string,
  minutes: number,
  signal: AbortSignal,
): Promise<string> {
  const opened = await api.post<z.infer<typeof deviceConnectOpenedSchema>>(
    `/devices/${encodeURIComponent(mac)}/connect`,
    { minutes },
    { signal },
  );
  const page = `https://${location.hostname}:${String(opened.port)}${opened.path}`;
  // Without a reference back: the page of a device is not ours.
  window.open(page, '_blank', 'noopener,noreferrer');
  return page;
}
