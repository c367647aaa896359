/**
 * Makes keys and certificates with the `openssl` program: an authority of the appliance's own, and what it
 * issues for HTTPS. Keys are readable for the daemon's user only, also while they are made.
 */
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError, toErrorMessage } from '../foundation/app-error.ts';

/** `openssl-failed`: the program is missing or refused. */
export class CertificateError extends AppError<'openssl-failed'> {}

/** A key and its certificate, by the names of their files in the folder. */
export interface PairFiles {
  readonly key: string;
  readonly certificate: string;
}

export interface Pair {
  /** PEM. */
  readonly key: string;
  /** PEM; of what an authority issued, with the authority's behind it. */
  readonly certificate: string;
}

/** Of the key of a certificate: the oldest phones that speak TLS 1.2 know no elliptic curves. */
export type KeyKind = 'ec' | 'rsa';

const opensslTimeoutMs = 20_000;
/** Apple's systems refuse longer ones (825 days). */
const leafDays = 820;
/** Longer than any phone lives. */
const authorityDays = 7_300;

const keyOptions: Readonly<Record<KeyKind, readonly string[]>> = {
  ec: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  rsa: ['-newkey', 'rsa:2048'],
};

const keyUsage: Readonly<Record<KeyKind, string>> = {
  ec: 'digitalSignature',
  rsa: 'digitalSignature,keyEncipherment',
};

/** One whose signatures the oldest phones understand. Throws CertificateError. */
export async function makeAuthority(folder: string, files: PairFiles): Promise<Pair> {
  return make(folder, files, [
    ...keyOptions.rsa,
    ...['-days', String(authorityDays), '-subj', '/O=Campanile/CN=Campanile authority'],
    ...['-addext', 'basicConstraints=critical,CA:TRUE,pathlen:0'],
    ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
  ]);
}

export interface IssueOptions {
  readonly folder: string;
  readonly authority: PairFiles;
  readonly files: PairFiles;
  readonly kind: KeyKind;
  /** In the form of openssl: `DNS:…`, `IP:…`. */
  readonly names: readonly string[];
}

/** A certificate for HTTPS. Throws CertificateError. */
export async function issueCertificate(options: IssueOptions): Promise<Pair> {
  const { folder, authority, files, kind, names } = options;
  const authorityFile = join(folder, authority.certificate);
  return make(
    folder,
    files,
    [
      ...keyOptions[kind],
      ...['-CA', authorityFile, '-CAkey', join(folder, authority.key)],
      ...['-days', String(leafDays), '-subj', '/O=Campanile/CN=campanile'],
      ...['-addext', `subjectAltName=${names.join(',')}`],
      ...['-addext', `keyUsage=critical,${keyUsage[kind]}`],
      ...['-addext', 'extendedKeyUsage=serverAuth'],
      ...['-addext', 'basicConstraints=critical,CA:FALSE'],
    ],
    readFileSync(authorityFile, 'utf8'),
  );
}

/** `issuer`: put behind the certificate. */
async function make(
  folder: string,
  files: PairFiles,
  options: readonly string[],
  issuer = '',
): Promise<Pair> {
  // mkdtemp gives 0700.
  const scratch = mkdtempSync(join(folder, 'new-'));
  try {
    const keyFile = join(scratch, files.key);
    const certificateFile = join(scratch, files.certificate);
    const output = ['-keyout', keyFile, '-out', certificateFile];
    // Without its configuration file, which would add an authority's extensions to everything.
    await promisify(execFile)(
      'openssl',
      ['req', '-x509', '-config', '/dev/null', '-noenc', '-sha256', ...options, ...output],
      { timeout: opensslTimeoutMs },
    );
    chmodSync(keyFile, 0o600);
    const made = {
      key: readFileSync(keyFile, 'utf8'),
      certificate: `${readFileSync(certificateFile, 'utf8')}${issuer}`,
    };
    writeFileSync(certificateFile, made.certificate);
    renameSync(keyFile, join(folder, files.key));
    renameSync(certificateFile, join(folder, files.certificate));
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
