/** Devices of a group, with the order of their groups. */
import type { ListedDevice } from '../../../../system/management-plane/api/routes/devices/schema.ts';
import { api } from '../../lib/api/client.ts';
import type { Page } from '../../lib/state/list.svelte.ts';

export type Member = Pick<ListedDevice, 'mac' | 'comment' | 'model' | 'extension' | 'groups'>;

/** At most 200; `total` tells how many there are. */
export async function loadMembers(group: string): Promise<Page<Member>> {
  return api.get<Page<Member>>('/devices', { query: { group, pageSize: 200 } });
}
