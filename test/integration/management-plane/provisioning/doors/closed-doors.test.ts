/** A door whose port another program has: the page with its switch learns why, and opens it later. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { ApiClient } from '../../../../support/management-plane/api-client.ts';
import { silentLogger, type Logger } from '../../../../../system/foundation/logger.ts';
import { TestManagementPlane } from '../../../../support/management-plane/management-plane.ts';

let plane: TestManagementPlane | undefined;

afterEach(async () => {
  await plane?.remove();
});

test('[DEV-035] TFTP whose port is taken is told with the reason, logged, and opened by another attempt', async () => {
  const other = createSocket('udp4');
  other.bind(0, '127.0.0.1');
  await once(other, 'listening');
  const tftpPort = other.address().port;
  const logged: string[] = [];
  const logger: Logger = {
    ...silentLogger,
    error: (message) => {
      logged.push(message);
    },
    child: () => logger,
  };
  plane = await TestManagementPlane.start({ tftpPort, logger });
  const admin = new ApiClient(plane);
  await admin.firstLogin();
  expect(await admin.expect(200, 'GET', '/closed-doors')).toEqual({ items: [] });

  const change = { tftpEnabled: true, httpEnabled: true };
  await admin.expect(200, 'PATCH', '/provisioning/settings', change, { 'if-match': '*' });
  const closed = {
    items: [{ door: 'tftp', obstacle: 'port-taken', detail: expect.any(String) as string }],
  };
  expect(await admin.expect(200, 'GET', '/closed-doors')).toEqual(closed);
  expect(await admin.expect(200, 'POST', '/closed-doors/retry')).toEqual(closed);

  expect(logged).toContain('TFTP cannot be opened');

  other.close();
  await once(other, 'close');
  expect(await admin.expect(200, 'POST', '/closed-doors/retry')).toEqual({ items: [] });
  expect(plane.devicePorts.tftp).toBe(tftpPort);
});

test('what is switched off is no closed door any more', async () => {
  const other = createSocket('udp4');
  other.bind(0, '127.0.0.1');
  await once(other, 'listening');
  plane = await TestManagementPlane.start({ tftpPort: other.address().port });
  const admin = new ApiClient(plane);
  await admin.firstLogin();
  const anyVersion = { 'if-match': '*' };
  await admin.expect(200, 'PATCH', '/provisioning/settings', { tftpEnabled: true }, anyVersion);
  await admin.expect(200, 'PATCH', '/provisioning/settings', { tftpEnabled: false }, anyVersion);

  expect(await admin.expect(200, 'GET', '/closed-doors')).toEqual({ items: [] });
  other.close();
});
