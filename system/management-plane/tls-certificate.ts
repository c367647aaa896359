/**
 * The appliance's own certificates for HTTPS, made at the first start: one with an elliptic key (P-256)
 * and one with an RSA key, of which a client is shown what it understands. Both are issued by an authority
 * of the appliance's own, which phones are given: they are renewed without phones noticing. Valid for every
 * name and address that the machine has at that moment, and for those that it is told to listen on.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../foundation/clock.ts';
import type { Logger } from '../foundation/logger.ts';
import {
  issueCertificate,
  makeAuthority,
  type KeyKind,
  type Pair,
  type PairFiles,
} from './tls-certificate-maker.ts';

export interface TlsCertificate {
  /** PEM, of the elliptic key. */
  readonly key: string;
  /** PEM, of the elliptic key; the authority's own behind it. */
  readonly certificate: string;
  /** For servers: one of each kind of key, as they are in `certificates`. */
  readonly keys: string[];
  readonly certificates: string[];
}

export interface CertificateOptions {
  readonly dataDirectory: string;
  /** Of the boot settings. */
  readonly listenAddresses: readonly string[];
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly logger: Logger;
}

const folderName = 'tls';
const authorityFiles: PairFiles = { key: 'authority-key.pem', certificate: 'authority.pem' };
const filesOf: Readonly<Record<KeyKind, PairFiles>> = {
  ec: { key: 'key.pem', certificate: 'certificate.pem' },
  rsa: { key: 'rsa-key.pem', certificate: 'rsa-certificate.pem' },
};
const dayMs = 86_400_000;
const renewBeforeMs = 30 * dayMs;
/** It has to outlive what it issues. */
const renewAuthorityBeforeMs = 900 * dayMs;

/** What is stored, or made anew where it is missing, unreadable, soon over, or lacks an address to listen on. */
export async function provideCertificate(options: CertificateOptions): Promise<TlsCertificate> {
  const { logger, listenAddresses } = options;
  const folder = join(options.dataDirectory, folderName);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const authority = await provideAuthority(folder, options);
  const names = subjectNames(listenAddresses);
  const provide = async (kind: KeyKind): Promise<Pair> => {
    const files = filesOf[kind];
    const stored = readPair(folder, files, logger);
    const reason = stored === undefined ? 'missing' : findFlaw(stored, authority, options);
    if (stored !== undefined && reason === undefined) {
      return stored;
    }
    const made = await issueCertificate({ folder, authority: authorityFiles, files, kind, names });
    const { fingerprint256 } = new X509Certificate(made.certificate);
    logger.info('A certificate for HTTPS was made', { kind, reason, names, fingerprint256 });
    return made;
  };
  const [ec, rsa] = await Promise.all([provide('ec'), provide('rsa')]);
  reportMissingNames(new X509Certificate(ec.certificate), names, logger);
  return {
    ...ec,
    keys: [ec.key, rsa.key],
    certificates: [ec.certificate, rsa.certificate],
  };
}

async function provideAuthority(
  folder: string,
  { clock, logger }: CertificateOptions,
): Promise<X509Certificate> {
  const stored = readPair(folder, authorityFiles, logger);
  if (stored !== undefined) {
    const facts = new X509Certificate(stored.certificate);
    if (facts.validToDate.getTime() - renewAuthorityBeforeMs > clock.wallMs()) {
      return facts;
    }
  }
  const made = new X509Certificate((await makeAuthority(folder, authorityFiles)).certificate);
  const { fingerprint256 } = made;
  logger.info('An authority for the certificates of HTTPS was made', { fingerprint256 });
  return made;
}

function readPair(folder: string, files: PairFiles, logger: Logger): Pair | undefined {
  const keyFile = join(folder, files.key);
  const certificateFile = join(folder, files.certificate);
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
    logger.warn('Key and certificate of HTTPS do not belong together; they are made again', {
      ...files,
    });
  } catch (error) {
    logger.error('The certificate of HTTPS is unreadable; it is put aside', { ...files, error });
    renameSync(keyFile, `${keyFile}.unreadable`);
    renameSync(certificateFile, `${certificateFile}.unreadable`);
  }
  return undefined;
}

/** Why a certificate is to be issued again; undefined while it is good. */
function findFlaw(
  { certificate }: Pair,
  authority: X509Certificate,
  { clock, listenAddresses }: CertificateOptions,
): string | undefined {
  const facts = new X509Certificate(certificate);
  if (!facts.checkIssued(authority) || !facts.verify(authority.publicKey)) {
    return 'another authority';
  }
  if (facts.validToDate.getTime() - renewBeforeMs <= clock.wallMs()) {
    return 'soon over';
  }
  return listenNames(listenAddresses).every((name) => holdsName(facts, name))
    ? undefined
    : 'another address to listen on';
}

/** In the form of openssl: `DNS:…`, `IP:…`. */
function subjectNames(listenAddresses: readonly string[]): string[] {
  const names = new Set<string>([
    ...['DNS:localhost', 'IP:127.0.0.1', 'IP:::1'],
    ...listenNames(listenAddresses),
  ]);
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

/** Those that are one address: `0.0.0.0` and `::` are all that the machine has. */
function listenNames(listenAddresses: readonly string[]): string[] {
  return listenAddresses
    .map((address) => address.replace(/%.*$/, ''))
    .filter((address) => isIP(address) !== 0 && address !== '0.0.0.0' && address !== '::')
    .map((address) => `IP:${address}`);
}

function holdsName(certificate: X509Certificate, name: string): boolean {
  const value = name.slice(name.indexOf(':') + 1);
  return name.startsWith('IP:')
    ? certificate.checkIP(value) !== undefined
    : certificate.checkHost(value) !== undefined;
}

/** A certificate is not changed by itself when interfaces do: people trusted the one they know. */
function reportMissingNames(
  certificate: X509Certificate,
  names: readonly string[],
  logger: Logger,
): void {
  const missing = names.filter((name) => !holdsName(certificate, name));
  if (missing.length > 0) {
    logger.info('The certificate of HTTPS does not name all addresses of this machine', {
      missing,
      remedy: `Remove ${filesOf.ec.certificate} and ${filesOf.rsa.certificate} of the folder ${folderName} of the data directory and restart to get new ones.`,
    });
  }
}
