import { X509Certificate } from 'node:crypto';
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLogger } from '../../../system/foundation/logger.ts';
import { readAuthority } from '../../../system/management-plane/provisioning/access/read-authority.ts';
import {
  provideCertificate,
  type TlsCertificate,
} from '../../../system/management-plane/tls-certificate.ts';
import { FakeClock } from '../../support/fake-clock.ts';

let dataDirectory: string;
const logger = silentLogger;
const dayMs = 86_400_000;

const provide = async (
  clock: FakeClock,
  listenAddresses: readonly string[] = ['0.0.0.0', '::'],
): Promise<TlsCertificate> => provideCertificate({ dataDirectory, listenAddresses, clock, logger });

beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'campanile-tls-'));
  chmodSync(dataDirectory, 0o755);
});

afterEach(() => {
  rmSync(dataDirectory, { recursive: true, force: true });
});

test('[NET-023] makes a P-256 certificate for every local name and address, with a key that is private', async () => {
  const clock = new FakeClock(Date.now());
  const { certificate } = await provide(clock);

  const facts = new X509Certificate(certificate);
  expect(facts.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  expect(facts.checkHost('localhost')).toBe('localhost');
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  for (const { address } of addresses) {
    expect(facts.checkIP(address.replace(/%.*$/, ''))).toBeDefined();
  }
  for (const name of ['key.pem', 'rsa-key.pem', 'authority-key.pem']) {
    expect(statSync(join(dataDirectory, 'tls', name)).mode & 0o777).toBe(0o600);
  }
  expect(statSync(join(dataDirectory, 'tls')).mode & 0o777).toBe(0o700);
});

test('keeps the certificate over restarts and renews it before it ends', async () => {
  const startMs = Date.now();
  const first = await provide(new FakeClock(startMs));
  const later = new FakeClock(startMs + 780 * dayMs);
  const lastDays = new FakeClock(startMs + 800 * dayMs);

  expect(await provide(later)).toEqual(first);
  const renewed = await provide(lastDays);
  expect(renewed.certificate).not.toBe(first.certificate);
});

test('a certificate that is renewed has the same authority, which phones were given', async () => {
  const startMs = Date.now();
  const first = await provide(new FakeClock(startMs));
  const renewed = await provide(new FakeClock(startMs + 800 * dayMs));
  const authority = readFileSync(join(dataDirectory, 'tls/authority.pem'), 'utf8');

  expect(renewed.certificate).not.toBe(first.certificate);
  for (const chain of [...first.certificates, ...renewed.certificates]) {
    expect(chain.endsWith(authority)).toBe(true);
    expect(new X509Certificate(chain).verify(new X509Certificate(authority).publicKey)).toBe(true);
  }
  expect(readAuthority(first.certificate)).toEqual(readAuthority(authority));
  expect(readAuthority(authority).length).toBeGreaterThan(10);
});

test('[NET-023] addresses to listen on are named, and make a new certificate when they change', async () => {
  const clock = new FakeClock(Date.now());
  const first = await provide(clock, ['127.0.0.7']);
  const again = await provide(clock, ['127.0.0.7', '::1', '0.0.0.0']);
  const changed = await provide(clock, ['127.0.0.7', '127.0.0.8', 'fd00::8']);

  expect(again).toEqual(first);
  for (const [index, certificate] of changed.certificates.entries()) {
    const facts = new X509Certificate(certificate);
    expect(certificate).not.toBe(first.certificates[index]);
    for (const address of ['127.0.0.7', '127.0.0.8', 'fd00::8']) {
      expect(facts.checkIP(address)).toBe(address);
    }
  }
  expect(readAuthority(changed.certificate)).toEqual(readAuthority(first.certificate));
});

test('[NET-023] a client that knows no elliptic curves is shown a certificate with an RSA key', async () => {
  const { keys, certificates } = await provide(new FakeClock(Date.now()));
  const server = createServer({ key: keys, cert: certificates });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;
  const shownTo = async (...options: readonly string[]): Promise<string> => {
    const client = promisify(execFile)('openssl', [
      ...['s_client', '-connect', `127.0.0.1:${String(port)}`, '-verify_ip', '127.0.0.1'],
      ...['-CAfile', join(dataDirectory, 'tls/authority.pem'), '-verify_return_error', ...options],
    ]);
    client.child.stdin?.end('Q\n');
    const { stdout } = await client;
    expect(stdout).toContain('Verify return code: 0 (ok)');
    return /^Peer signature type: (\S+)$/m.exec(stdout)?.[1] ?? '';
  };

  const oldest = ['-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256', '-sigalgs', 'RSA+SHA256'];
  expect(await shownTo(...oldest)).toBe('RSA');
  expect(await shownTo('-tls1_2', '-cipher', 'AES128-GCM-SHA256', '-sigalgs', 'RSA+SHA256')).toBe(
    '',
  );
  expect(await shownTo('-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256')).toBe('ECDSA');
  expect(await shownTo()).toBe('ECDSA');
  await new Promise((done) => {
    server.close(done);
  });
}, 30_000);

test.each([
  ...['key.pem', 'certificate.pem', 'rsa-key.pem', 'rsa-certificate.pem'],
  ...['authority-key.pem', 'authority.pem'],
])('replaces a damaged %s', async (name) => {
  const clock = new FakeClock(Date.now());
  const first = await provide(clock);
  writeFileSync(join(dataDirectory, 'tls', name), 'not PEM');

  const second = await provide(clock);

  expect(second.certificates).not.toEqual(first.certificates);
  expect(await provide(clock)).toEqual(second);
});

test('gives a certificate with which a client that trusts it connects', async () => {
  const clock = new FakeClock(Date.now());
  const { key, certificate } = await provide(clock);
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
