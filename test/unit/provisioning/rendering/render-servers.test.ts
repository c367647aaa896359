import { expect, test } from 'vitest';
import type { DeviceLine } from '../../../../provisioning/device.ts';
import { ServerList } from '../../../../provisioning/rendering/render-servers.ts';
import { Secret } from '../../../../system/foundation/secret.ts';

const line: DeviceLine = {
  account: '100',
  displayName: 'Anna',
  userName: '100',
  password: new Secret('secret'),
  server: { host: 'pbx.example' },
};

test('lines share a place exactly when registrar, backup, outbound proxy and transport are the same', () => {
  const servers = new ServerList();
  const proxy = { host: 'proxy.example' };
  const places = [
    servers.add(line, 'udp'),
    servers.add({ ...line, account: '101', userName: '101' }, 'udp'),
    servers.add({ ...line, outboundProxy: proxy }, 'udp'),
    servers.add({ ...line, backupServer: proxy }, 'udp'),
    servers.add({ ...line, server: { host: 'pbx.example', port: 5080 } }, 'udp'),
    servers.add(line, 'tls'),
    servers.add({ ...line, outboundProxy: { ...proxy } }, 'udp'),
  ];
  expect(places.map(({ place }) => place)).toEqual([0, 0, 1, 2, 3, 4, 1]);
  expect(servers.rows.map(({ values }) => values['index'])).toEqual([1, 2, 3, 4, 5]);
});
