/** Certificates as makers of devices issue them, by the program openssl. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface MadeCertificate {
  /** Files in PEM, as curl wants them; `certificateFile` holds the chain below the root. */
  readonly keyFile: string;
  readonly certificateFile: string;
  readonly certificate: string;
}

/** Makes everything in a folder that `remove` throws away. */
export class CertificateMaker {
  readonly #folder = mkdtempSync(join(tmpdir(), 'campanile-certificates-'));
  #made = 0;

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** An authority; below `issuer` where there is one. */
  authority(subject: string, issuer?: MadeCertificate): MadeCertificate {
    return this.#issue(subject, issuer, 'basicConstraints=critical,CA:TRUE', { from: -10, to: 10 });
  }

  /** What a device or a server has; days count from now. */
  leaf(
    subject: string,
    issuer: MadeCertificate,
    days: { readonly from: number; readonly to: number } = { from: -1, to: 5 },
    extension = 'extendedKeyUsage=clientAuth',
  ): MadeCertificate {
    return this.#issue(subject, issuer, extension, days);
  }

  #issue(
    subject: string,
    issuer: MadeCertificate | undefined,
    extension: string,
    days: { readonly from: number; readonly to: number },
  ): MadeCertificate {
    this.#made += 1;
    const base = join(this.#folder, String(this.#made));
    const keyFile = `${base}.key`;
    const certificateFile = `${base}.pem`;
    const dateOf = (offset: number): string =>
      new Date(Date.now() + offset * 86_400_000).toISOString().replace(/[-:T]|\.\d+/g, '');
    writeFileSync(`${base}.conf`, configuration(base, extension));
    writeFileSync(`${base}.index`, '');
    run('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', keyFile);
    run('req', '-new', '-key', keyFile, '-subj', subject, '-out', `${base}.csr`);
    run(
      ...['ca', '-batch', '-notext', '-config', `${base}.conf`, '-in', `${base}.csr`],
      ...['-out', certificateFile, '-startdate', dateOf(days.from), '-enddate', dateOf(days.to)],
      ...(issuer === undefined
        ? ['-selfsign', '-keyfile', keyFile]
        : ['-cert', issuer.certificateFile, '-keyfile', issuer.keyFile]),
    );
    return { keyFile, certificateFile, certificate: readFileSync(certificateFile, 'utf8') };
  }
}

/** The least that `openssl ca` wants, which alone of all commands sets both dates. */
function configuration(base: string, extension: string): string {
  return [
    '[ca]',
    'default_ca = here',
    '[here]',
    `database = ${base}.index`,
    `new_certs_dir = ${dirname(base)}`,
    'rand_serial = yes',
    'unique_subject = no',
    'default_md = sha256',
    'policy = any',
    'preserve = yes',
    'x509_extensions = extensions',
    '[any]',
    ...['C', 'O', 'OU', 'CN'].map((name) => `${name} = optional`),
    'serialNumber = optional',
    '[extensions]',
    extension,
    '',
  ].join('\n');
}

function run(...args: readonly string[]): void {
  execFileSync('openssl', [...args], { stdio: ['ignore', 'ignore', 'pipe'] });
}
