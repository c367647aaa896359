/** Certificate authorities of makers of devices, as administrators upload them. */
import { X509Certificate } from 'node:crypto';
import {
  maximumAuthorities,
  type DeviceAuthority,
} from '../../configuration/entities/device-authority.ts';
import { randomId } from '../../foundation/ids.ts';
import type { Actor } from '../actor.ts';
import type { ConfigurationStore, Stored } from '../configuration-store/configuration-store.ts';
import type { Operation } from '../configuration-store/operation.ts';
import { foldForSearch } from '../configuration-store/search-text.ts';
import { DevicesError } from '../provisioning/devices/devices-error.ts';
import type { ChangeOptions, RecordChangeOptions } from '../change-options.ts';

export interface ListedAuthority extends Stored<DeviceAuthority> {
  readonly subject: string;
  readonly issuer: string;
  readonly validFromMs: number;
  readonly validToMs: number;
  /** SHA-256, hexadecimal with colons. */
  readonly fingerprint: string;
  /** Its chain ends in an authority of the list that signed itself; else nothing below it is believed. */
  readonly isComplete: boolean;
}

const pemPattern = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+?-----END CERTIFICATE-----/g;

export class DeviceAuthoritiesService {
  readonly #store: Pick<ConfigurationStore, 'findAll' | 'commit'>;

  constructor(store: Pick<ConfigurationStore, 'findAll' | 'commit'>) {
    this.#store = store;
  }

  /** In the order of their names. */
  async all(): Promise<readonly ListedAuthority[]> {
    const stored = (await this.#store.findAll(
      'device-authority',
    )) as readonly Stored<DeviceAuthority>[];
    return toListed(stored).toSorted((a, b) =>
      foldForSearch(a.document.name) < foldForSearch(b.document.name) ? -1 : 1,
    );
  }

  async require(id: string): Promise<ListedAuthority> {
    const found = (await this.all()).find((authority) => authority.id === id);
    if (found === undefined) {
      throw new DevicesError('not-found', 'There is no such certificate authority.');
    }
    return found;
  }

  /**
   * `text`: one certificate in PEM or several; those that are there already are left out. Rejects with
   * DevicesError `invalid` when one is no authority's, `conflict` when there are too many.
   */
  async add(
    actor: Actor,
    text: string,
    input: { readonly name?: string | undefined; readonly vendor?: string | undefined },
    options: ChangeOptions = {},
  ): Promise<readonly ListedAuthority[]> {
    const present = await this.all();
    const known = new Set(present.map(({ fingerprint }) => fingerprint));
    const parsed = parseAuthorities(text).filter((certificate) => {
      const isNew = !known.has(certificate.fingerprint256);
      known.add(certificate.fingerprint256);
      return isNew;
    });
    if (parsed.length === 0) {
      throw new DevicesError('conflict', 'These certificate authorities are in the list already.');
    }
    if (present.length + parsed.length > maximumAuthorities) {
      throw new DevicesError(
        'conflict',
        `There may be ${String(maximumAuthorities)} certificate authorities at most.`,
      );
    }
    const { name, vendor } = input;
    const operations = parsed.map((certificate): Operation => {
      const own = parsed.length === 1 && name !== undefined ? name : nameOf(certificate);
      const after = { name: own, certificate: toPem(certificate), vendor };
      return { kind: 'create', entity: 'device-authority', id: randomId(), after };
    });
    const { reason = '', confirmWithinSec } = options;
    await this.#store.commit({ author: actor, reason, confirmWithinSec, operations });
    const added = new Set(operations.map(({ id }) => id));
    return (await this.all()).filter(({ id }) => added.has(id));
  }

  async update(
    actor: Actor,
    id: string,
    after: { readonly name?: string | undefined; readonly vendor?: string | null | undefined },
    options: RecordChangeOptions = {},
  ): Promise<ListedAuthority> {
    await this.require(id);
    const { reason = '', confirmWithinSec, ifVersion } = options;
    await this.#store.commit({
      author: actor,
      reason,
      confirmWithinSec,
      operations: [{ kind: 'update', entity: 'device-authority', id, after, ifVersion }],
    });
    return this.require(id);
  }

  async delete(actor: Actor, id: string, options: RecordChangeOptions = {}): Promise<void> {
    await this.require(id);
    const { reason = '', confirmWithinSec, ifVersion } = options;
    await this.#store.commit({
      author: actor,
      reason,
      confirmWithinSec,
      operations: [{ kind: 'delete', entity: 'device-authority', id, ifVersion }],
    });
  }
}

function parseAuthorities(text: string): readonly X509Certificate[] {
  const blocks = text.match(pemPattern) ?? [];
  if (blocks.length === 0) {
    throw invalid('This is no certificate in PEM: it has to begin with BEGIN CERTIFICATE.');
  }
  return blocks.slice(0, maximumAuthorities + 1).map((block, index) => {
    const place = blocks.length === 1 ? 'The certificate' : `Certificate ${String(index + 1)}`;
    let certificate: X509Certificate;
    try {
      certificate = new X509Certificate(block);
    } catch {
      throw invalid(`${place} cannot be read.`);
    }
    if (!certificate.ca) {
      throw invalid(`${place} (${nameOf(certificate)}) may not sign others: it is no authority's.`);
    }
    return certificate;
  });
}

function invalid(message: string): DevicesError {
  return new DevicesError('invalid', message, [
    { path: 'certificate', code: 'invalid-value', message },
  ]);
}

function toListed(all: readonly Stored<DeviceAuthority>[]): ListedAuthority[] {
  const certificates = all.map(({ document }) => new X509Certificate(document.certificate));
  return all.flatMap((stored, index) => {
    const certificate = certificates[index];
    return certificate === undefined
      ? []
      : [
          {
            ...stored,
            subject: oneLine(certificate.subject),
            issuer: oneLine(certificate.issuer),
            validFromMs: certificate.validFromDate.getTime(),
            validToMs: certificate.validToDate.getTime(),
            fingerprint: certificate.fingerprint256,
            isComplete: leadsToRoot(certificate, certificates),
          },
        ];
  });
}

function leadsToRoot(certificate: X509Certificate, all: readonly X509Certificate[]): boolean {
  let current = certificate;
  for (let depth = 0; depth <= all.length; depth += 1) {
    const below = current;
    if (below.checkIssued(below)) {
      return true;
    }
    const above = all.find((other) => below.checkIssued(other));
    if (above === undefined) {
      return false;
    }
    current = above;
  }
  return false;
}

/** The common name, or the whole subject of who has none. */
function nameOf(certificate: X509Certificate): string {
  const commonName = /^CN=(.+)$/m.exec(certificate.subject)?.[1];
  const name = (commonName ?? oneLine(certificate.subject)).replace(/\p{Cc}/gu, ' ').trim();
  return name === '' ? 'Unnamed authority' : name.slice(0, 100);
}

function oneLine(name: string): string {
  return name.replaceAll('\n', ', ');
}

/** With the line breaks that the entity declares. */
function toPem(certificate: X509Certificate): string {
  return `${certificate.toString().trim().replaceAll('\r', '')}\n`;
}
