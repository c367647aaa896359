/** Calls every route of DECT systems and handsets once, in an order in which each succeeds. */
import type { CallRoute } from './call-route.ts';

/** A DECT system with its handsets, from its bases to its end. */
export async function callDectRoutes(call: CallRoute, userId: string): Promise<void> {
  const mac = '000413aabb09';
  await call('POST', '/devices', {
    body: { macs: [mac], vendor: 'snom-m', model: 'M700' },
  });
  await call('GET', '/dect/models');
  await call('GET', '/dect/bases');
  const add = (name: string, bases: readonly object[]) =>
    call('POST', '/dect/systems', { body: { name, bases } }) as Promise<{ id: string }>;
  const { id } = await add('Head office', [{ mac, name: 'Reception' }]);
  const other = await add('Warehouse', []);
  const path = `/dect/systems/${id}`;
  await call('GET', '/dect/systems');
  await call('GET', '/dect/systems/{id}', { path });
  await call('PATCH', '/dect/systems/{id}', { path, body: { sync: 'lan' } });
  const { ids } = (await call('POST', '/dect/handsets', {
    body: { system: id, handsets: [{ ipui: '02AE1F3C4D', user: userId }, {}] },
  })) as { ids: string[] };
  const handset = `/dect/handsets/${String(ids[0])}`;
  await call('GET', '/dect/handsets');
  await call('GET', '/dect/handsets/{id}', { path: handset });
  await call('PATCH', '/dect/handsets/{id}', { path: handset, body: { name: 'Anna' } });
  await call('POST', '/dect/handsets/assign', {
    body: { assignments: [{ id: ids[1], user: null }] },
  });
  await call('GET', '/dect/bases/{mac}/members', { path: `/dect/bases/${mac}/members` });
  await call('POST', '/dect/systems/{id}/open', { path: `${path}/open`, body: { minutes: 5 } });
  await call('POST', '/dect/systems/{id}/close', { path: `${path}/close` });
  await call('POST', '/dect/systems/{id}/reveal', { path: `${path}/reveal` });
  const csv = await call('GET', '/dect/systems/{id}/handsets.csv', {
    path: `${path}/handsets.csv`,
  });
  const preview = (await call('POST', '/dect/systems/{id}/handsets/import/preview', {
    path: `${path}/handsets/import/preview`,
    body: csv,
  })) as { importId: string };
  await call('POST', '/dect/handsets/import', { body: { importId: preview.importId } });
  await call('DELETE', '/dect/handsets/{id}', { path: handset });
  await call('POST', '/dect/handsets/delete', { body: { ids: [ids[1]] } });
  await call('DELETE', '/dect/systems/{id}', { path });
  await call('POST', '/dect/systems/delete', { body: { ids: [other.id] } });
  await call('POST', '/devices/delete', { body: { macs: [mac] } });
}
