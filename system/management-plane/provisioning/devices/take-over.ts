/**
 * What a device has from another one that it replaces: everything that the administrator set. Its own
 * secrets are not among that, and what is sealed for one device is sealed anew for the other. Pure.
 */
import type { DectSystem } from '../../../configuration/entities/dect-system.ts';
import { deviceEntity, type Device } from '../../../configuration/entities/device.ts';
import type { DeviceChanges } from '../../configuration-store/operation.ts';
import { changeExternalLines, openExternalPassword } from '../../device-accounts/external-lines.ts';
import { changeSettings, openSecretSettings } from '../../provisioning-values/setting-changes.ts';
import type { Sealing, Unsealing } from '../../sealing.ts';

export interface TakeOver {
  readonly before: Device;
  /** MAC of the device that takes over. */
  readonly mac: string;
  /** Custom lines are in the words of one vendor. */
  readonly isSameVendor: boolean;
}

/**
 * Takes the place of all that the other had. Permission to fetch without encryption is given to a
 * device, not to its successor. Throws SecretSealError.
 */
export function planTakeOver(
  { before, mac, isSameVendor }: TakeOver,
  store: Sealing & Unsealing,
): DeviceChanges {
  const { comment, lines, groups, keys, handsets, customLines, customFiles, settings } = before;
  const nothing = deviceEntity.fromStored({});
  const secrets = openSecretSettings(before.secretSettings, `device/${before.mac}`, store);
  const externalLines = before.externalLines.map((line) => {
    const password = openExternalPassword(before, line.id, before.mac, store);
    return { ...line, password: password?.reveal() };
  });
  return {
    ...(comment === undefined ? {} : { comment }),
    lines,
    groups,
    keys,
    handsets,
    customLines: isSameVendor ? customLines : [],
    customFiles,
    ...changeSettings(
      { settings, secretSettings: {} },
      secrets as Device['settings'],
      `device/${mac}`,
      store,
    ),
    ...changeExternalLines(nothing, externalLines, mac, store, () => ''),
  };
}

/** The system with one base in the place of another, in the tree and as the data master too. */
export function replaceBase(
  { bases, dataMaster }: Pick<DectSystem, 'bases' | 'dataMaster'>,
  before: string,
  after: string,
): Pick<DectSystem, 'bases' | 'dataMaster'> {
  const swap = (mac: string): string => (mac === before ? after : mac);
  return {
    bases: bases.map(({ mac, syncSource, alternateSource, ...rest }) => ({
      ...rest,
      mac: swap(mac),
      ...(syncSource === undefined ? {} : { syncSource: swap(syncSource) }),
      ...(alternateSource === undefined ? {} : { alternateSource: swap(alternateSource) }),
    })),
    ...(dataMaster === undefined ? {} : { dataMaster: swap(dataMaster) }),
  };
}
