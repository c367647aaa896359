/** The daemon listens on 0.0.0.0 and :: unless it is told otherwise: every door must open on both. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LdapServer } from '../../../../../provisioning/ldap/ldap-server.ts';
import { SyslogServer } from '../../../../../provisioning/syslog/syslog-server.ts';
import { TftpServer } from '../../../../../provisioning/tftp/server.ts';
import { systemClock as clock } from '../../../../../system/foundation/clock.ts';
import { silentLogger as logger } from '../../../../../system/foundation/logger.ts';
import { listenOnAll } from '../../../../../system/management-plane/provisioning/doors/door-switch.ts';
import { provideCertificate } from '../../../../../system/management-plane/tls-certificate.ts';
import { findFreePorts } from '../../../../support/daemon/free-ports.ts';

const addresses = ['0.0.0.0', '::'];
const nothing = (): undefined => undefined;

test('[DEV-035] TFTP opens on both families', async () => {
  const server = new TftpServer({ source: { open: nothing }, clock, logger });
  expect(await listenOnAll(server, addresses, 0)).toBeGreaterThan(0);
  await server.close();
});

test('[DEV-056] syslog opens on both families', async () => {
  const server = new SyslogServer({ onMessage: nothing, onDropped: nothing, clock, logger });
  const port = await server.listen('0.0.0.0', 0);
  expect(await server.listen('::', port)).toBe(port);
  await server.close();
});

test('LDAP and LDAPS open on both families', async () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'campanile-doors-'));
  const { key, certificate } = await provideCertificate({
    dataDirectory,
    listenAddresses: addresses,
    clock,
    logger,
  });
  const [port = 0, tlsPort = 0] = await findFreePorts(2);
  const server = new LdapServer({
    directory: {
      base: 'dc=campanile,dc=local',
      mayBindUnencrypted: false,
      bind: () => Promise.resolve(undefined),
      search: () => Promise.resolve([]),
      find: () => Promise.resolve(undefined),
    },
    addresses,
    port,
    tlsPort,
    certificate: { key, cert: certificate },
    turnsAway: () => false,
    clock,
    logger,
  });
  await server.start();
  expect(server.ports).toEqual({ ldap: port, ldaps: tlsPort });
  await server.close();
  rmSync(dataDirectory, { recursive: true, force: true });
});
