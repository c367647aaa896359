/** DHCP beside the doors that it sends phones to. */
import { afterEach, expect, test } from 'vitest';
import { silentLogger, type Logger } from '../../../../../system/foundation/logger.ts';
import { ApiClient } from '../../../../support/management-plane/api-client.ts';
import { TestManagementPlane } from '../../../../support/management-plane/management-plane.ts';
import { waitUntil } from '../../../../support/wait-until.ts';

const anyVersion = { 'if-match': '*' };

let plane: TestManagementPlane;

afterEach(async () => {
  await plane.remove();
});

test('[DEV-033] while HTTP is off, DHCP that is on tells so in the log and on its page', async () => {
  const warnings: string[] = [];
  const logger: Logger = {
    ...silentLogger,
    warn: (_message, fields) => {
      warnings.push(JSON.stringify(fields?.['problem'] ?? ''));
    },
    child: () => logger,
  };
  plane = await TestManagementPlane.start({ logger });
  const admin = new ApiClient(plane);
  await admin.firstLogin();
  // An interface that is not there: nothing is served, everything else is as with one that is.
  const dhcp = {
    interfaces: [{ name: 'absent0', address: '10.135.0.1', isEnabled: true }],
    subnets: [{ subnet: '10.135.0.0/24', ranges: [] }],
  };
  await admin.expect(200, 'PATCH', '/dhcp/settings', dhcp, anyVersion);
  const byHttp = 'DHCP sends phones here to fetch their files by HTTP, which is off.';
  await waitUntil(() => warnings.some((text) => text.includes(byHttp)), 'it is told');
  expect(await admin.expect(200, 'GET', '/dhcp/state')).toMatchObject({
    closedDoors: [
      { door: 'http', families: expect.arrayContaining(['Yealink']) as unknown },
      { door: 'tftp', families: expect.arrayContaining(['Cisco SPA and ATA']) as unknown },
    ],
  });

  warnings.length = 0;
  const http = { httpEnabled: true };
  await admin.expect(200, 'PATCH', '/provisioning/settings', http, anyVersion);
  await waitUntil(() => warnings.length > 0, 'what is left is told');
  expect(warnings.join('\n')).not.toContain(byHttp);
  expect(await admin.expect(200, 'GET', '/dhcp/state')).toMatchObject({
    closedDoors: [{ door: 'tftp' }],
  });
  expect(
    (await admin.expect(200, 'GET', '/dhcp/foreign-options')) as { items: unknown[] },
  ).toMatchObject({
    items: expect.arrayContaining([
      expect.objectContaining({
        family: 'Cisco SPA and ATA',
        code: 66,
        value: expect.stringMatching(/^http:/) as unknown,
      }),
    ]) as unknown,
  });
});
