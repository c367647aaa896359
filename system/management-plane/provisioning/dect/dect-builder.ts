/**
 * What a DECT base gets from its system: the accounts of the handsets if it is the data master, its
 * role, the access code. Made for one rendering and then forgotten.
 */
import type { DeviceHandset, DeviceLine } from '../../../../provisioning/device.ts';
import type { Model } from '../../../../provisioning/vendors/vendor.ts';
import type { DectHandset } from '../../../configuration/entities/dect-handset.ts';
import { loginNameOf } from '../../../configuration/entities/device.ts';
import { sipUsernameOf, type User } from '../../../configuration/entities/user.ts';
import type { Secret } from '../../../foundation/secret.ts';
import type { ConfigurationStore, Stored } from '../../configuration-store/configuration-store.ts';
import { SecretSealError } from '../../configuration-store/secret-seal.ts';
import { sipAccountOfLine, sipAccountOfLogin } from '../../device-accounts/device-sip-account.ts';
import type { DectDirectory } from '../directory/dect-directory.ts';
import type { DectParts, DectSource } from '../files/dect-source.ts';
import type { DectOpenings } from './dect-openings.ts';
import { toDectRole } from './dect-role.ts';
import {
  openAccessCode,
  openHandsetKey,
  toAccountOwner,
} from '../../device-accounts/handset-key.ts';

export interface DectBuilderOptions {
  readonly store: Pick<ConfigurationStore, 'findUsers' | 'unseal'>;
  readonly dect: DectDirectory;
  readonly openings: DectOpenings;
}

export class DectBuilder implements DectSource {
  readonly #options: DectBuilderOptions;

  constructor(options: DectBuilderOptions) {
    this.#options = options;
  }

  async build(
    mac: string,
    model: Model,
    server: DeviceLine['server'],
  ): Promise<DectParts | undefined> {
    const { store, dect, openings } = this.#options;
    const system = dect.systemOfBase(mac);
    if (system === undefined) {
      return undefined;
    }
    const opening = openings.find(system.id);
    const isMaster = system.document.dataMaster === mac;
    const handsets = isMaster ? dect.handsetsOf(system.id) : [];
    // A place whose handset nobody has heard of yet is no reason to stay open: that is asked for.
    const role = toDectRole(system.document, mac, model, opening !== undefined);
    const accessCode = openAccessCode(system.id, system.document, store);
    return {
      lines: await this.#buildLines(handsets, server),
      handsets: handsets.map(({ document }) => toHandset(document, accessCode)),
      dect: role,
      settings: {
        ...(accessCode === undefined ? {} : { 'security.pin': accessCode }),
        ...(opening === undefined
          ? {}
          : { 'dect.subscriptionSec': Math.round((opening.untilMs - opening.fromMs) / 1000) }),
      },
      ...(opening === undefined ? {} : { openedAtSec: Math.floor(opening.fromMs / 1000) }),
    };
  }

  async #buildLines(
    handsets: readonly Stored<DectHandset>[],
    server: DeviceLine['server'],
  ): Promise<DeviceLine[]> {
    const ids = handsets.flatMap(({ document: { user } }) => user ?? []);
    const users = new Map(
      (await this.#options.store.findUsers([...new Set(ids)])).map((user) => [
        user.id,
        user.document,
      ]),
    );
    return handsets.flatMap(({ id, document }): DeviceLine[] => {
      const sipKey = this.#openKey(id, document);
      const user = users.get(document.user ?? '');
      return sipKey === undefined ? [] : toLine(id, document, user, sipKey, server);
    });
  }

  #openKey(id: string, document: DectHandset): Secret | undefined {
    try {
      return openHandsetKey(id, document, this.#options.store);
    } catch (error) {
      if (error instanceof SecretSealError) {
        // Sealed with another key: this handset has no account, the others have theirs.
        return undefined;
      }
      throw error;
    }
  }
}

function toLine(
  id: string,
  document: DectHandset,
  user: User | undefined,
  sipKey: Secret,
  server: DeviceLine['server'],
): DeviceLine[] {
  const { place } = document;
  if (user === undefined) {
    const name = loginNameOf(toAccountOwner(id, document));
    const { username, password } = sipAccountOfLogin(id, sipKey);
    const line = { account: name, displayName: name, label: name, userName: name };
    return [{ place, ...line, authName: username, password, server }];
  }
  const userName = sipUsernameOf(user);
  if (userName === undefined || !user.enabled || document.user === undefined) {
    // An account that cannot register would only be banned for trying.
    return [];
  }
  const { username, password } = sipAccountOfLine(id, document.user, sipKey);
  const label = user.extension ?? userName;
  const line = { account: label, displayName: user.name, label, userName };
  return [{ place, ...line, authName: username, password, server }];
}

function toHandset({ place, ipui, name }: DectHandset, pin: Secret | undefined): DeviceHandset {
  return {
    index: place,
    line: place,
    ...(ipui === undefined ? {} : { ipui }),
    ...(name === undefined ? {} : { name }),
    ...(pin === undefined ? {} : { pin }),
  };
}
