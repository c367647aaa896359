/** Calls every route of firmware once, in an order in which each succeeds. */
import { expect } from 'vitest';
import type { ApiClient } from '../api-client.ts';
import type { CallRoute } from './call-route.ts';
import { yealinkImage } from '../../provisioning/firmware-images.ts';
import { exampleBinding, type TestManagementPlane } from '../management-plane.ts';

const mac = '001565aabb77';

export async function callFirmwareRoutes(
  call: CallRoute,
  client: ApiClient,
  plane: TestManagementPlane,
): Promise<void> {
  const { user } = (await client.expect(201, 'POST', '/users', {
    name: 'Firmware',
    extension: '177',
  })) as { user: { id: string } };
  await client.expect(201, 'POST', '/devices', { macs: [mac], lines: [user.id] });
  const userAgent = `Yealink SIP-T54W 96.86.0.70 ${mac}`;
  plane.callPlane.bus.emit('bindings.changed', {
    updated: [exampleBinding(user.id, { userAgent })],
    removed: [],
  });
  await client.expect(200, 'PATCH', `/devices/${mac}`, { model: 'T54W' }, { 'if-match': '*' });

  const upload = async (version: string, label: string): Promise<{ id: string; file: string }> => {
    const image = yealinkImage({ hardware: 96, model: 'T54W', version });
    const path = `/firmware/files?fileName=T54W-${version}.rom&label=${label}`;
    const set = (await call('POST', '/firmware/files', { path, body: image })) as {
      id: string;
      files: { id: string }[];
    };
    return { id: set.id, file: set.files[0]?.id ?? '' };
  };
  const kept = await upload('96.86.0.118', 'spring');
  await call('PATCH', '/firmware/sets/{id}', {
    path: `/firmware/sets/${kept.id}`,
    body: { isActive: true },
  });
  const first = await upload('96.86.0.110', 'first');
  await call('DELETE', '/firmware/sets/{id}/files/{fileId}', {
    path: `/firmware/sets/${first.id}/files/${first.file}`,
  });
  const second = await upload('96.86.0.111', 'second');
  await call('DELETE', '/firmware/sets/{id}', { path: `/firmware/sets/${second.id}` });
  const old = await upload('96.86.0.70', 'old');
  await client.expect(200, 'PATCH', `/firmware/sets/${old.id}`, { isActive: true });
  await call('GET', '/firmware/sets');
  await expect
    .poll(() => client.expect(200, 'GET', `/devices/${mac}`))
    .toHaveProperty('newerFirmware');
  await call('GET', '/devices/{mac}/firmware', { path: `/devices/${mac}/firmware` });

  const begun = (await call('POST', '/firmware/updates', { body: { macs: [mac] } })) as {
    rollouts: { id: string }[];
  };
  const path = `/firmware/rollouts/${begun.rollouts[0]?.id ?? ''}`;
  await call('GET', '/firmware/rollouts');
  await call('GET', '/firmware/rollouts/{id}', { path });
  await call('GET', '/firmware/rollouts/{id}/devices', { path: `${path}/devices` });
  await call('POST', '/firmware/rollouts/{id}/halt', { path: `${path}/halt` });
  await call('POST', '/firmware/rollouts/{id}/resume', { path: `${path}/resume` });
  await expect
    .poll(() => client.expect(200, 'GET', path), { timeout: 10_000 })
    .toMatchObject({ canGoBack: 1 });
  await call('POST', '/firmware/rollouts/{id}/roll-back', { path: `${path}/roll-back` });
  await call('POST', '/firmware/rollouts/{id}/cancel', { path: `${path}/cancel` });
  await call('DELETE', '/firmware/rollouts/{id}', { path });
  const body = { setId: kept.id, target: { kind: 'models', models: ['T54W'] } };
  const { id } = (await call('POST', '/firmware/rollouts', { body })) as { id: string };
  await client.expect(200, 'POST', `/firmware/rollouts/${id}/cancel`);
}
