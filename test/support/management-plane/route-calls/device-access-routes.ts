/**
 * Calls every route of what is behind the doors for devices once, in an order in which each succeeds:
 * certificates, redirection, Connect, scan, uploads, log.
 */
import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { CertificateMaker } from '../../programs/certificate-maker.ts';
import { curl } from '../../programs/curl.ts';
import { exampleBinding } from '../management-plane.ts';
import { RedirectionPeer } from '../../provisioning/redirection-peer.ts';
import type { RouteCalls } from './call-route.ts';

export async function callDeviceAccessRoutes(calls: RouteCalls): Promise<void> {
  const { call } = calls;
  await call('GET', '/device-access');
  await call('PATCH', '/device-access', { body: { certificatesPort: 8555 } });
  await call('GET', '/device-access/state');
  await call('GET', '/closed-doors');
  await call('POST', '/closed-doors/retry');
  const maker = new CertificateMaker();
  const { certificate } = maker.authority('/O=Example/CN=Example Root');
  maker.remove();
  const { items } = (await call('POST', '/device-authorities', { body: { certificate } })) as {
    items: { id: string }[];
  };
  const path = `/device-authorities/${items[0]?.id ?? ''}`;
  await call('GET', '/device-authorities');
  await call('PATCH', '/device-authorities/{id}', { path, body: { vendor: 'snom' } });
  await call('DELETE', '/device-authorities/{id}', { path });
  await callRedirectionRoutes(calls);
  await callConnectRoutes(calls);
  await callUploadRoutes(calls);
  await callDeviceLogRoutes(calls);
}

async function callDeviceLogRoutes({ call, client }: RouteCalls): Promise<void> {
  const mac = '001565aabb01';
  await call('PATCH', '/device-access', { body: { syslogEnabled: true } });
  const { syslogPort } = (await client.expect(200, 'GET', '/device-access/state')) as {
    syslogPort: number;
  };
  execFileSync('logger', ['-d', '-n', '127.0.0.1', '-P', String(syslogPort), `${mac} a line`]);
  const path = `/devices/${mac}/log`;
  await expect.poll(() => client.expect(200, 'GET', path)).toMatchObject({ total: 1 });
  await call('GET', '/devices/{mac}/log', { path });
  await call('GET', '/devices/{mac}/log/export.txt', { path: `${path}/export.txt` });
  await call('DELETE', '/devices/{mac}/log', { path });
}

async function callUploadRoutes({ call, client }: RouteCalls): Promise<void> {
  const mac = '001565aabb01';
  await call('PATCH', '/device-access', { body: { uploadsEnabled: true } });
  await call('PATCH', '/provisioning/settings', {
    body: { httpEnabled: true, serverAddress: '127.0.0.1' },
  });
  const { provisioningUrl } = (await client.expect(200, 'POST', `/devices/${mac}/reveal`)) as {
    provisioningUrl: string;
  };
  const more = ['--request', 'PUT', '--data', 'a line'];
  await curl(`${provisioningUrl}${mac}-app.log`, { more });
  const { items } = (await call('GET', '/devices/{mac}/uploads', {
    path: `/devices/${mac}/uploads`,
  })) as { items: { id: string }[] };
  const path = `/devices/${mac}/uploads/${items[0]?.id ?? ''}`;
  await call('GET', '/devices/{mac}/uploads/{id}', { path });
  await call('DELETE', '/devices/{mac}/uploads/{id}', { path });
}

/** A device in a network that this machine stands in, where nobody answers. */
async function callConnectRoutes(calls: RouteCalls): Promise<void> {
  const { call, client, plane } = calls;
  const path = '/devices/001565aabb01/connect';
  const name = `cmpd${String(process.pid)}`;
  const network = `10.232.${String(process.pid % 250)}`;
  execFileSync('ip', ['link', 'add', name, 'type', 'bridge']);
  try {
    execFileSync('ip', ['address', 'add', `${network}.1/24`, 'dev', name]);
    execFileSync('ip', ['link', 'set', name, 'up']);
    const { users } = (await client.expect(200, 'GET', '/devices/001565aabb01')) as {
      users: { id: string }[];
    };
    const binding = exampleBinding(users[0]?.id ?? '', {
      remoteAddress: `${network}.2`,
      userAgent: 'Yealink SIP-T53W 96.86.0.15 00:15:65:aa:bb:01',
    });
    plane.callPlane.bus.emit('bindings.changed', { updated: [binding], removed: [] });
    await expect
      .poll(() => client.expect(200, 'GET', '/devices/001565aabb01'))
      .toHaveProperty('registration');
    await call('PATCH', '/device-access', { body: { connectEnabled: true } });
    await call('GET', '/devices/{mac}/connect', { path });
    await call('POST', '/devices/{mac}/connect', { path, body: {} });
    await call('DELETE', '/devices/{mac}/connect', { path });
    plane.callPlane.bus.emit('bindings.changed', { updated: [], removed: [binding] });
    await callScanRoutes(calls, name, network);
  } finally {
    execFileSync('ip', ['link', 'delete', name]);
  }
}

/** Of a phone that the kernel believes to know there. */
async function callScanRoutes(
  { call, client }: RouteCalls,
  name: string,
  network: string,
): Promise<void> {
  const mac = '001565aabb44';
  const spelled = (mac.match(/../g) ?? []).join(':');
  const neighbour = [`${network}.3`, 'lladdr', spelled, 'dev', name];
  execFileSync('ip', ['neighbour', 'add', ...neighbour]);
  await call('POST', '/devices/scan', { body: { range: `${network}.3` } });
  await expect
    .poll(() => client.expect(200, 'GET', '/devices/scan'), { timeout: 15_000 })
    .toMatchObject({ scan: { outcome: 'finished', found: [{ mac, vendor: 'yealink' }] } });
  await call('GET', '/devices/scan');
  await call('DELETE', '/devices/scan');
  await call('POST', '/devices/scan/add', { body: { macs: [mac] } });
}

/** Against a portal that answers as recorded. */
async function callRedirectionRoutes({ call, secret }: RouteCalls): Promise<void> {
  const maker = new CertificateMaker();
  const authority = maker.authority('/O=Example/CN=Private Root');
  const names = 'subjectAltName=DNS:localhost';
  const peer = await RedirectionPeer.start(
    'portal',
    maker.leaf('/CN=localhost', authority, undefined, names),
  );
  const { clientSecret } = peer.recording.account;
  const path = '/redirection/services/portal';
  await call('GET', '/redirection/services');
  await call('PATCH', '/redirection/services/{service}', {
    path,
    body: {
      enabled: true,
      address: peer.address,
      authority: authority.certificate,
      clientSecret,
      password: secret,
    },
  });
  await call('POST', '/redirection/services/{service}/test', { path: `${path}/test` });
  await call('POST', '/redirection/portal/sync');
  await call('POST', '/redirection/devices', {
    body: { service: 'portal', wish: 'registered', macs: ['001565aabb01'] },
  });
  await call('GET', '/redirection/devices');
  await peer.close();
  maker.remove();
}
