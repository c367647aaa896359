import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLogger } from '../../../system/foundation/logger.ts';
import { provideCertificate } from '../../../system/management-plane/tls-certificate.ts';
import { FakeClock } from '../../support/fake-clock.ts';

let dataDirectory: string;
const logger = silentLogger;
const dayMs = 86_400_000;

beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'campanile-tls-'));
  chmodSync(dataDirectory, 0o755);
});

afterEach(() => {
  rmSync(dataDirectory, { recursive: true, force: true });
});

test('[NET-023] makes a P-256 certificate for every local name and address, with a key that is private', async () => {
  const clock = new FakeClock(Date.now());
  const { certificate } = await provideCertificate({ dataDirectory, clock, logger });

  const facts = new X509Certificate(certificate);
  expect(facts.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  expect(facts.checkHost('localhost')).toBe('localhost');
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  for (const { address } of addresses) {
    expect(facts.checkIP(address.replace(/%.*$/, ''))).toBeDefined();
  }
  expect(statSync(join(dataDirectory, 'tls/key.pem')).mode & 0o777).toBe(0o600);
  expect(statSync(join(dataDirectory, 'tls')).mode & 0o777).toBe(0o700);
});

test('keeps the certificate over restarts and renews it before it ends', async () => {
  const startMs = Date.now();
  const first = await provideCertificate({ dataDirectory, clock: new FakeClock(startMs), logger });
  const later = new FakeClock(startMs + 780 * dayMs);
  const lastDays = new FakeClock(startMs + 800 * dayMs);

  expect(await provideCertificate({ dataDirectory, clock: later, logger })).toEqual(first);
  const renewed = await provideCertificate({ dataDirectory, clock: lastDays, logger });
  expect(renewed.certificate).not.toBe(first.certificate);
});

test.each(['key.pem', 'certificate.pem'])('replaces a damaged %s', async (name) => {
  const clock = new FakeClock(Date.now());
  const first = await provideCertificate({ dataDirectory, clock, logger });
  writeFileSync(join(dataDirectory, 'tls', name), 'not PEM');

  const second = await provideCertificate({ dataDirectory, clock, logger });

  expect(second.certificate).not.toBe(first.certificate);
  expect(await provideCertificate({ dataDirectory, clock, logger })).toEqual(second);
});

test('gives a certificate with which a client that trusts it connects', async () => {
  const clock = new FakeClock(Date.now());
  const { key, certificate } = await provideCertificate({ dataDirectory, clock, logger });
  const server = createServer({ key, cert: certificate }, (_request, response) => {
    response.end('secure');
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;

  const status = await new Promise((done, fail) => {
    get({ host: '127.0.0.1', port, ca: certificate, agent: false }, (response) => {
      response.resume();
      done(response.statusCode);
    }).on('error', fail);
  });

  expect(status).toBe(200);
  await new Promise((done) => {
    server.close(done);
  });
});
