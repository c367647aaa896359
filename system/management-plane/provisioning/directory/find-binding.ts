/** Which registration is that of a device. Pure. */
import type { BindingRecord } from '../../../bus/contract.ts';
import type { RegistrationDirectory } from '../../registrations/registration-directory.ts';

export interface RegisteringDevice {
  readonly mac: string;
  /** The users of its lines. */
  readonly userIds: readonly string[];
  /** Of the handsets that register for it, when it is a DECT base. */
  readonly handsetIds: readonly string[];
  /** Where it was seen last. */
  readonly address: string | undefined;
}

/**
 * With its own account; of a DECT base, any handset that is registered from its address; or set up by
 * hand with the account of a user and telling its MAC.
 */
export function findBinding(
  { mac, userIds, handsetIds, address }: RegisteringDevice,
  registrations: Pick<RegistrationDirectory, 'bindingsOf' | 'bindingsOfDevice'>,
): BindingRecord | undefined {
  const [own] = registrations.bindingsOfDevice(mac);
  if (own !== undefined) {
    return own;
  }
  for (const id of handsetIds) {
    const ofHandset = registrations
      .bindingsOfDevice(id)
      .find(({ remoteAddress }) => remoteAddress === address);
    if (ofHandset !== undefined) {
      return ofHandset;
    }
  }
  for (const id of userIds) {
    const named = registrations
      .bindingsOf(id)
      .find((binding) => binding.device === undefined && namesMac(binding, mac));
    if (named !== undefined) {
      return named;
    }
  }
  return undefined;
}

/**
 * How a device is reached whose registration the configuration has just ended. A DECT base may have had
 * only that of the handset that was given to somebody else.
 */
export function findEndedBinding(
  { mac, handsetIds, address }: Omit<RegisteringDevice, 'userIds'>,
  registrations: Pick<RegistrationDirectory, 'endedBindingOf'>,
): BindingRecord | undefined {
  return (
    registrations.endedBindingOf(mac) ??
    handsetIds
      .map((id) => registrations.endedBindingOf(id))
      .find((binding) => binding !== undefined && binding.remoteAddress === address)
  );
}

function namesMac({ userAgent, instanceId }: BindingRecord, mac: string): boolean {
  return (
    userAgent.toLowerCase().replaceAll(/[:-]/g, '').includes(mac) ||
    instanceId?.toLowerCase().replaceAll(/[:-]/g, '').includes(mac) === true
  );
}
