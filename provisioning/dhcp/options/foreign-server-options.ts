/**
 * What an administrator sets on a DHCP server that is not ours, as data for the manual and the user
 * interface: one row per option and family of phones, with the values filled in.
 */
import { optionCode } from '../message/option-code.ts';
import type { OptionValue } from './option-value.ts';
import {
  createInterfaceVariables,
  expandVariables,
  type OptionVariables,
} from './option-variables.ts';
import { listPhoneOptions, type OpenDoors } from './open-doors.ts';
import type { OptionReason } from './phone-options.ts';

export interface ForeignServerOption {
  /** Family of phones; those of `All phones` go to everybody. */
  readonly family: string;
  /** Beginnings of option 60 (vendor class) by which the foreign server can tell the family. */
  readonly vendorClasses: readonly string[];
  readonly code: number;
  /** How the foreign server must send it. */
  readonly type: 'text' | 'IPv4 addresses' | 'sub-options' | 'binary';
  /** As text; sub-options as `code: value` separated by semicolons. */
  readonly value: string;
  readonly reason: OptionReason;
}

export interface ServerUrls {
  /** Our address as the phones reach it. */
  readonly server: string;
  /** Where phones fetch their configuration, e.g. `http://10.135.0.1/prov/`. */
  readonly provisioningUrl: string;
  /** The same by FTP. */
  readonly ftpUrl: string;
}

export function listForeignServerOptions(
  { server, provisioningUrl, ftpUrl }: ServerUrls,
  doors: OpenDoors,
): ForeignServerOption[] {
  const variables: OptionVariables = {
    ...createInterfaceVariables(server, provisioningUrl, ftpUrl),
    mac: '<mac>',
    MAC: '<MAC>',
  };
  const time: ForeignServerOption = {
    family: 'All phones',
    vendorClasses: [],
    code: optionCode.ntpServers,
    type: 'IPv4 addresses',
    value: server,
    reason: 'clock',
  };
  const rows = listPhoneOptions(doors).flatMap(({ family, vendorClasses = [], options }) =>
    options.map(({ code, value, reason }) => ({
      family,
      vendorClasses,
      code,
      type: describeType(value),
      value: describeValue(value, variables),
      reason,
    })),
  );
  return [time, ...rows];
}

function describeType(value: OptionValue): ForeignServerOption['type'] {
  switch (value.type) {
    case 'text':
      return 'text';
    case 'addresses':
      return 'IPv4 addresses';
    case 'sub-options':
      return 'sub-options';
    case 'integer':
    case 'hex':
    case 'routes':
    case 'domains':
    case 'sip-servers':
      return 'binary';
  }
}

function describeValue(value: OptionValue, variables: OptionVariables): string {
  switch (value.type) {
    case 'text':
      return expandVariables(value.text, variables);
    case 'addresses':
      return value.addresses.map((address) => expandVariables(address, variables)).join(', ');
    case 'sub-options':
      return value.subOptions
        .map((sub) => `${String(sub.code)}: ${describeValue(sub.value, variables)}`)
        .join('; ');
    case 'integer':
      return String(value.value);
    case 'hex':
      return value.hex;
    case 'routes':
      return value.routes
        .map((route) => `${route.subnet} via ${expandVariables(route.router, variables)}`)
        .join(', ');
    case 'domains':
      return value.domains.join(', ');
    case 'sip-servers':
      return value.servers.map((name) => expandVariables(name, variables)).join(', ');
  }
}
