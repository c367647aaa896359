/**
 * Calls every route of devices, groups and the servers they fetch from once, in an order in which each
 * succeeds, with the routes of what hangs on a device.
 */
import type { RouteCalls } from './call-route.ts';
import { callDectRoutes } from './dect-routes.ts';
import { callDeviceAccessRoutes } from './device-access-routes.ts';
import { callDeviceDataRoutes } from './device-data-routes.ts';
import { callFirmwareRoutes } from './firmware-routes.ts';

/** Leaves a device that is assigned to the user. */
export async function callDeviceRoutes(calls: RouteCalls, userId: string): Promise<void> {
  const { call, client, plane, secret } = calls;
  const group = (await call('POST', '/device-groups', {
    body: { name: 'Reception', settings: { 'snmp.community': secret } },
  })) as { id: string };
  await call('GET', '/device-groups');
  await call('GET', '/device-groups/{id}', { path: `/device-groups/${group.id}` });
  await call('PATCH', '/device-groups/{id}', {
    path: `/device-groups/${group.id}`,
    body: { comment: 'Ground floor' },
  });
  await call('POST', '/devices', {
    body: {
      macs: ['00:15:65:AA:BB:01', '00-15-65-aa-bb-02', '0015.65aa.bb03'],
      groups: [group.id],
      settings: { 'time.zone': 'Europe/Berlin', 'security.userPassword': secret },
    },
  });
  await call('GET', '/devices');
  const path = '/devices/001565aabb01';
  await call('GET', '/devices/{mac}', { path });
  await call('PATCH', '/devices/{mac}', { path, body: { comment: 'Front desk' } });
  await call('PATCH', '/devices', {
    body: {
      macs: ['001565aabb01', '001565aabb02'],
      changes: { settings: { 'time.useDst': false } },
    },
  });
  await call('POST', '/devices/assign', {
    body: { assignments: [{ mac: '001565aabb01', lines: [userId] }] },
  });
  await call('POST', '/devices/{mac}/reveal', { path: `${path}/reveal` });
  await call('POST', '/devices/reset-passwords', { body: { macs: ['001565aabb01'] } });
  await call('POST', '/devices/sync', { body: { macs: ['001565aabb01'] } });
  await call('GET', '/devices/drift', { path: '/devices/drift?macs=001565aabb01' });
  await call('GET', '/devices/{mac}/settings', { path: `${path}/settings` });
  await call('GET', '/devices/{mac}/files', { path: `${path}/files` });
  await call('POST', '/devices/{mac}/files/reveal', { path: `${path}/files/reveal` });
  await call('GET', '/devices/{mac}/differences', { path: `${path}/differences` });
  await call('GET', '/devices/{mac}/history', { path: `${path}/history` });
  await call('GET', '/devices/{mac}/replacement', {
    path: '/devices/001565aabb03/replacement?by=001565aabb05',
  });
  await call('POST', '/devices/{mac}/replace', {
    path: '/devices/001565aabb03/replace',
    body: { mac: '00:15:65:aa:bb:05' },
  });
  await call('POST', '/devices/delete', { body: { macs: ['001565aabb05'] } });
  await call('DELETE', '/devices/{mac}', { path: '/devices/001565aabb02' });
  await call('POST', '/devices/reject', { body: { macs: ['001565aabb02'] } });
  await call('GET', '/rejected-devices');
  await call('POST', '/rejected-devices/allow', { body: { macs: ['001565aabb02'] } });
  await call('DELETE', '/device-groups/{id}', { path: `/device-groups/${group.id}` });
  await callDectRoutes(call, userId);
  await call('GET', '/devices/export.csv');
  const preview = (await call('POST', '/devices/import/preview', {
    body: 'mac;comment;extensions\n001565aabb04;Lab;100\n',
  })) as { importId: string };
  await call('POST', '/devices/import', { body: { importId: preview.importId } });
  await call('GET', '/provisioning/settings');
  await call('PATCH', '/provisioning/settings', {
    body: { serverAddress: 'pbx.example.org', settings: { 'ldap.password': secret } },
  });
  await call('GET', '/dhcp/settings');
  await call('PATCH', '/dhcp/settings', {
    body: {
      interfaces: [{ name: 'eth9', address: '10.9.0.1', isEnabled: false }],
      subnets: [{ subnet: '10.9.0.0/24', ranges: [{ first: '10.9.0.10', last: '10.9.0.99' }] }],
    },
  });
  await call('GET', '/dhcp/state');
  await call('GET', '/dhcp/leases');
  await call('DELETE', '/dhcp/leases/{address}', { path: '/dhcp/leases/10.9.0.10' });
  await call('GET', '/dhcp/foreign-options');
  await callDeviceAccessRoutes(calls);
  await callFirmwareRoutes(call, client, plane);
  await callDeviceDataRoutes(call);
  await call('GET', '/provisioning/address');
  await call('GET', '/provisioning/pnp');
  await call('GET', '/provisioning/ftp');
  await call('GET', '/provisioning/window');
  await call('POST', '/provisioning/window', { body: { minutes: 5 } });
  await call('DELETE', '/provisioning/window');
  await call('GET', '/provisioning/vendors');
  await call('GET', '/provisioning/variables');
}
