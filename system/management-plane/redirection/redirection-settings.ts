/** The accounts at redirection services, as administrators set them. */
import { X509Certificate } from 'node:crypto';
import type { RedirectionAccount } from '../../../provisioning/redirection/connector.ts';
import { redirectionServices } from '../../../provisioning/redirection/services.ts';
import {
  redirectionServiceEntity,
  redirectionServiceNames,
  type RedirectionSecretName,
  type RedirectionService,
  type RedirectionServiceName,
} from '../../configuration/entities/redirection-service.ts';
import { Secret } from '../../foundation/secret.ts';
import type { Actor } from '../actor.ts';
import type { ConfigurationStore, Stored } from '../configuration-store/configuration-store.ts';
import { DevicesError } from '../provisioning/devices/devices-error.ts';
import type { RecordChangeOptions } from '../change-options.ts';

/** Passwords are in clear; null takes one away. */
export type RedirectionInput = Partial<
  Readonly<
    Record<RedirectionSecretName, string | null | undefined> & {
      [Name in PlainField]: RedirectionService[Name] | null | undefined;
    }
  >
>;

type PlainField = Exclude<keyof RedirectionService, 'service' | 'secrets'>;
type Store = Pick<ConfigurationStore, 'findAll' | 'commit' | 'seal' | 'unseal'>;

export class RedirectionSettings {
  readonly #store: Store;
  #current: ReadonlyMap<RedirectionServiceName, Stored<RedirectionService>> = new Map();

  constructor(store: Store) {
    this.#store = store;
  }

  async load(): Promise<void> {
    const stored = (await this.#store.findAll(
      'redirection-service',
    )) as readonly Stored<RedirectionService>[];
    this.#current = new Map(stored.map((one) => [one.document.service, one]));
  }

  all(): readonly Stored<RedirectionService>[] {
    return redirectionServiceNames.map((name) => this.of(name));
  }

  of(name: RedirectionServiceName): Stored<RedirectionService> {
    return (
      this.#current.get(name) ?? {
        id: name,
        document: redirectionServiceEntity.fromStored({ service: name }),
        version: 0,
      }
    );
  }

  /** Rejects with DevicesError `invalid` and as the store's `commit` does. */
  async change(
    actor: Actor,
    name: RedirectionServiceName,
    input: RedirectionInput,
    options: RecordChangeOptions = {},
  ): Promise<Stored<RedirectionService>> {
    const { password, clientSecret, ...fields } = input;
    const secrets = { ...this.of(name).document.secrets };
    for (const [secret, value] of [
      ['password', password],
      ['clientSecret', clientSecret],
    ] as const) {
      if (value === null) {
        Reflect.deleteProperty(secrets, secret);
      } else if (value !== undefined) {
        secrets[secret] = this.#store.seal(new Secret(value), placeOf(name, secret));
      }
    }
    const authority = fields.authority ?? undefined;
    if (authority !== undefined) {
      requireCertificate(authority);
    }
    const { reason = '', confirmWithinSec, ifVersion } = options;
    const isNew = !this.#current.has(name);
    const after = { ...fields, secrets };
    requireWholeAccount(name, { ...this.of(name).document, ...after });
    await this.#store.commit({
      author: actor,
      reason,
      confirmWithinSec,
      operations: [
        isNew
          ? {
              kind: 'create',
              entity: 'redirection-service',
              id: name,
              after: { ...withoutNull(after), service: name },
            }
          : { kind: 'update', entity: 'redirection-service', id: name, after, ifVersion },
      ],
    });
    await this.load();
    return this.of(name);
  }

  /** Throws SecretSealError. */
  accountOf(name: RedirectionServiceName): RedirectionAccount {
    const { document } = this.of(name);
    const open = (secret: RedirectionSecretName): Secret | undefined => {
      const sealed = document.secrets[secret];
      return sealed === undefined ? undefined : this.#store.unseal(sealed, placeOf(name, secret));
    };
    const { description } = redirectionServices[name];
    return {
      address: (document.address ?? description.address ?? '').replace(/\/+$/, ''),
      account: document.account,
      clientId: document.clientId,
      organisation: document.organisation,
      site: document.site,
      password: open('password'),
      clientSecret: open('clientSecret'),
    };
  }
}

function placeOf(name: RedirectionServiceName, secret: RedirectionSecretName): string {
  return `redirection-service/${name}/${secret}`;
}

/** A service that is on has all that it cannot work without. */
function requireWholeAccount(
  name: RedirectionServiceName,
  { enabled, secrets, ...fields }: RedirectionInput & Pick<RedirectionService, 'secrets'>,
): void {
  const { needs, address } = redirectionServices[name].description;
  const values = { ...fields, ...secrets };
  const missing = [...needs, ...(address === undefined ? (['address'] as const) : [])].filter(
    (field) => values[field] === undefined || values[field] === null,
  );
  if (enabled === true && missing.length > 0) {
    const issues = missing.map((path) => ({
      path,
      code: 'missing',
      message: 'is needed while the service is on',
    }));
    throw new DevicesError('invalid', 'The service cannot work without its account.', issues);
  }
}

function requireCertificate(text: string): void {
  try {
    new X509Certificate(text);
  } catch {
    const message = 'is no certificate that can be read';
    throw new DevicesError('invalid', 'The certificate authority cannot be read.', [
      { path: 'authority', code: 'invalid-value', message },
    ]);
  }
}

function withoutNull<Value extends object>(value: Value): Value {
  return Object.fromEntries(
    Object.entries(value).filter(([, part]) => part !== null && part !== undefined),
  ) as Value;
}
