/** What the phonebook is told of a device: whose phone it is, and under which address it fetches. */
import type { Device } from '../../../configuration/entities/device.ts';
import type { Stored } from '../../configuration-store/configuration-store.ts';
import type { PhonebookDevice } from '../../phonebooks/phones/device-phonebook.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { ServerAddress } from '../access/server-address.ts';

export interface PhonebookDevicesOptions {
  readonly directory: Pick<DeviceDirectory, 'credentialsOf' | 'find'>;
  readonly address: ServerAddress;
}

export class PhonebookDevices {
  readonly #options: PhonebookDevicesOptions;

  constructor(options: PhonebookDevicesOptions) {
    this.#options = options;
  }

  /** `reached`: the address of ours that it uses. Undefined when its secrets cannot be read. */
  describe(
    device: Stored<Device>,
    vendor: string,
    reached: string | undefined,
  ): PhonebookDevice | undefined {
    const { directory, address } = this.#options;
    const token = directory.credentialsOf(device)?.token;
    if (token === undefined) {
      return undefined;
    }
    const { mac, tftpException } = device.document;
    const fetchUrl = tftpException
      ? address.httpUrl(token.reveal(), reached)
      : address.httpsUrl(token.reveal(), reached);
    const userId = userOf(device.document);
    return { mac, vendor, userId, token, fetchUrl, host: address.hostFor(reached) };
  }

  /** A device of the list that logs in to the LDAP server. */
  findLogin(mac: string): Pick<PhonebookDevice, 'token' | 'userId'> | undefined {
    const device = this.#options.directory.find(mac);
    const token =
      device === undefined ? undefined : this.#options.directory.credentialsOf(device)?.token;
    return device === undefined || token === undefined
      ? undefined
      : { token, userId: userOf(device.document) };
  }
}

/** A base that serves several people shows nobody's own phonebook. */
function userOf({ lines }: Device): string | undefined {
  return new Set(lines).size === 1 ? lines[0] : undefined;
}
