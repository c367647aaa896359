/**
 * The appliance's own certificate for HTTPS, made at the first start by the `openssl` program: an
 * elliptic key (P-256), valid for every name and address the machine has at that moment. The key is
 * readable for the daemon's user only.
 */
import { execFile } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError, toErrorMessage } from '../foundation/app-error.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Logger } from '../foundation/logger.ts';

/** `openssl-failed`: the program is missing or refused. */
export class CertificateError extends AppError<'openssl-failed'> {}

export interface TlsCertificate {
  /** PEM. */
  readonly key: string;
  readonly certificate: string;
}

export interface CertificateOptions {
  readonly dataDirectory: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const folderName = 'tls';
const keyName = 'key.pem';
const certificateName = 'certificate.pem';
/** Apple's systems refuse longer ones (825 days). */
const validDays = 820;
const renewBeforeMs = 30 * 86_400_000;
const opensslTimeoutMs = 20_000;

/** The stored certificate, or a new one when there is none, or it is unreadable or soon over. */
export async function provideCertificate(options: CertificateOptions): Promise<TlsCertificate> {
  const { clock, logger } = options;
  const folder = join(options.dataDirectory, folderName);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stored = readStored(folder, logger);
  if (stored !== undefined) {
    const facts = new X509Certificate(stored.certificate);
    if (facts.validToDate.getTime() - renewBeforeMs > clock.wallMs()) {
      reportMissingNames(facts, logger);
      return stored;
    }
    logger.info('The certificate of HTTPS is renewed', { validTo: facts.validTo });
  }
  const names = subjectNames();
  const made = await makeCertificate(folder, names);
  const { fingerprint256 } = new X509Certificate(made.certificate);
  logger.info('A certificate for HTTPS was made', { names, fingerprint256 });
  return made;
}

function readStored(folder: string, logger: Logger): TlsCertificate | undefined {
  const keyFile = join(folder, keyName);
  const certificateFile = join(folder, certificateName);
  if (!existsSync(keyFile) || !existsSync(certificateFile)) {
    return undefined;
  }
  try {
    const key = readFileSync(keyFile, 'utf8');
    const certificate = readFileSync(certificateFile, 'utf8');
    if (new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) {
      return { key, certificate };
    }
    // The power went between the two renames of a renewal: making another one mends it.
    logger.warn('Key and certificate of HTTPS do not belong together; they are made again');
  } catch (error) {
    logger.error('The certificate of HTTPS is unreadable; it is put aside', { folder, error });
    renameSync(keyFile, `${keyFile}.unreadable`);
    renameSync(certificateFile, `${certificateFile}.unreadable`);
  }
  return undefined;
}

async function makeCertificate(folder: string, names: readonly string[]): Promise<TlsCertificate> {
  // mkdtemp gives 0700: the key is never readable by others, not even while it is made.
  const scratch = mkdtempSync(join(folder, 'new-'));
  try {
    const keyFile = join(scratch, keyName);
    const certificateFile = join(scratch, certificateName);
    await promisify(execFile)(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'],
        ...['-sha256', '-days', String(validDays), '-keyout', keyFile, '-out', certificateFile],
        ...['-subj', '/O=Campanile/CN=campanile'],
        // Without keyUsage: with one that does not sign certificates, phones do not take it for its own issuer.
        ...['-addext', `subjectAltName=${names.join(',')}`],
        ...['-addext', 'extendedKeyUsage=serverAuth'],
        ...['-addext', 'basicConstraints=critical,CA:FALSE'],
      ],
      { timeout: opensslTimeoutMs },
    );
    chmodSync(keyFile, 0o600);
    const made = {
      key: readFileSync(keyFile, 'utf8'),
      certificate: readFileSync(certificateFile, 'utf8'),
    };
    renameSync(keyFile, join(folder, keyName));
    renameSync(certificateFile, join(folder, certificateName));
    return made;
  } catch (error) {
    throw new CertificateError(
      'openssl-failed',
      `No certificate for HTTPS could be made (is the program openssl installed?): ${toErrorMessage(error)}`,
      { cause: error },
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** In the form of openssl: `DNS:…`, `IP:…`. */
function subjectNames(): string[] {
  const names = new Set<string>(['DNS:localhost', 'IP:127.0.0.1', 'IP:::1']);
  const host = hostname();
  if (/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,62})$/.test(host)) {
    names.add(`DNS:${host}`);
  }
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { address } of addresses ?? []) {
      names.add(`IP:${address.replace(/%.*$/, '')}`);
    }
  }
  return [...names];
}

/** A certificate is not changed by itself when addresses do: people trusted the one they know. */
function reportMissingNames(certificate: X509Certificate, logger: Logger): void {
  const missing = subjectNames().filter((name) => {
    const value = name.slice(name.indexOf(':') + 1);
    return name.startsWith('IP:')
      ? certificate.checkIP(value) === undefined
      : certificate.checkHost(value) === undefined;
  });
  if (missing.length > 0) {
    logger.info('The certificate of HTTPS does not name all addresses of this machine', {
      missing,
      remedy: `Remove the folder ${folderName} of the data directory and restart to get a new one.`,
    });
  }
}
