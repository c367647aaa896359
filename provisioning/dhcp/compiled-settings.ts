/** Checks DHCP settings whole, every fault with its path, and prepares them for the rules. Pure. */
import { DhcpError } from './dhcp-error.ts';
import {
  formatIpv4,
  isInSubnet,
  parseIpv4,
  parseSubnet,
  toBroadcast,
  type Ipv4Address,
  type Ipv4Subnet,
} from '../ipv4.ts';
import { OptionRules, type OptionRule } from './options/option-rules.ts';
import {
  createInterfaceVariables,
  sampleVariables,
  type OptionVariables,
} from './options/option-variables.ts';
import { serializeOptionValue, type OptionValue } from './options/option-value.ts';
import { optionCode } from './message/option-code.ts';
import type {
  DhcpInterface,
  DhcpRange,
  DhcpReservation,
  DhcpSettings,
  DhcpSubnet,
} from './settings.ts';

export interface CompiledSettings {
  readonly interfaces: readonly CompiledInterface[];
  readonly subnets: readonly CompiledSubnet[];
}

export interface CompiledInterface {
  readonly name: string;
  readonly address: Ipv4Address;
  readonly isEnabled: boolean;
  readonly isAllowedBesideOthers: boolean;
  readonly variables: ReturnType<typeof createInterfaceVariables>;
  /** The subnet that `address` lies in. */
  readonly subnet: CompiledSubnet;
}

export interface CompiledSubnet {
  readonly subnet: Ipv4Subnet;
  readonly ranges: readonly AddressRange[];
  /** Addresses that are never given: excluded ones and our own. */
  readonly excluded: ReadonlySet<Ipv4Address>;
  readonly leaseSec: number;
  readonly reservationByClient: ReadonlyMap<string, Reservation>;
  readonly reservationByAddress: ReadonlyMap<Ipv4Address, Reservation>;
  /** Options 1, 3, 6, 15, 28, 42, 119. */
  readonly options: ReadonlyMap<number, Buffer>;
  readonly rules: OptionRules;
}

export interface AddressRange {
  readonly first: Ipv4Address;
  readonly last: Ipv4Address;
}

export interface Reservation {
  readonly clientKey: string;
  readonly address: Ipv4Address;
  readonly hostName?: string;
  readonly tags: readonly string[];
}

export interface SettingsIssue {
  /** e.g. `subnets.0.ranges.1.first` */
  readonly path: string;
  readonly message: string;
}

/** More addresses in one pool than any network of phones has. */
const maximumRangeAddresses = 65_536;
/** So that it fits into one option with a file name after it. */
const maximumUrlLength = 200;
/** Of a subnet that says nothing. */
export const defaultLeaseSec = 12 * 3_600;
const leaseSecLimits = { minimum: 60, maximum: 30 * 86_400 };

/**
 * `phoneRules` come before all others. Throws DhcpError `invalid-settings` with every issue.
 */
export function compileSettings(
  settings: DhcpSettings,
  phoneRules: readonly OptionRule[],
): CompiledSettings {
  const compiler = new SettingsCompiler(settings, phoneRules);
  return compiler.compile();
}

class SettingsCompiler {
  readonly #settings: DhcpSettings;
  readonly #phoneRules: readonly OptionRule[];
  readonly #issues: SettingsIssue[] = [];

  constructor(settings: DhcpSettings, phoneRules: readonly OptionRule[]) {
    this.#settings = settings;
    this.#phoneRules = phoneRules;
  }

  compile(): CompiledSettings {
    const variables = this.#settings.interfaces
      .filter(({ provisioningUrl }) => URL.canParse(provisioningUrl))
      .map(({ address, provisioningUrl, ftpUrl }) => ({
        ...sampleVariables,
        ...createInterfaceVariables(address, provisioningUrl, ftpUrl),
      }));
    const ownAddresses = this.#settings.interfaces.map(({ address }) => parseIpv4(address) ?? 0);
    const subnets = this.#settings.subnets.flatMap(
      (subnet, index) =>
        this.#compileSubnet(subnet, `subnets.${String(index)}`, ownAddresses, variables) ?? [],
    );
    this.#checkOverlap(subnets);
    const interfaces = this.#settings.interfaces.flatMap(
      (entry, index) => this.#compileInterface(entry, `interfaces.${String(index)}`, subnets) ?? [],
    );
    if (this.#issues.length > 0) {
      throw new DhcpError('invalid-settings', this.#issues[0]?.message ?? '', {
        details: { issues: this.#issues },
      });
    }
    return { interfaces, subnets };
  }

  #report(path: string, message: string): undefined {
    this.#issues.push({ path, message });
    return undefined;
  }

  #compileInterface(
    entry: DhcpInterface,
    path: string,
    subnets: readonly CompiledSubnet[],
  ): CompiledInterface | undefined {
    const address = parseIpv4(entry.address);
    if (address === undefined) {
      this.#report(`${path}.address`, `"${entry.address}" is not an IPv4 address.`);
      return;
    }
    if (!/^[\w.@:-]{1,15}$/.test(entry.name)) {
      this.#report(`${path}.name`, `"${entry.name}" is not the name of an interface.`);
      return;
    }
    if (
      !URL.canParse(entry.provisioningUrl) ||
      entry.provisioningUrl.length > maximumUrlLength ||
      /[^\x21-\x7e]/.test(entry.provisioningUrl)
    ) {
      this.#report(`${path}.provisioningUrl`, `"${entry.provisioningUrl}" is not a URL.`);
      return;
    }
    const subnet = subnets.find((candidate) => isInSubnet(address, candidate.subnet));
    if (subnet === undefined) {
      this.#report(`${path}.address`, `${entry.address} lies in none of the subnets.`);
      return;
    }
    return {
      name: entry.name,
      address,
      isEnabled: entry.isEnabled,
      isAllowedBesideOthers: entry.isAllowedBesideOthers ?? false,
      variables: createInterfaceVariables(entry.address, entry.provisioningUrl, entry.ftpUrl),
      subnet,
    };
  }

  #compileSubnet(
    entry: DhcpSubnet,
    path: string,
    ownAddresses: readonly Ipv4Address[],
    variables: readonly OptionVariables[],
  ): CompiledSubnet | undefined {
    const subnet = parseSubnet(entry.subnet);
    if (subnet === undefined || subnet.prefixLength < 8 || subnet.prefixLength > 30) {
      this.#report(`${path}.subnet`, `"${entry.subnet}" is not a subnet such as 10.135.0.0/23.`);
      return;
    }
    const leaseSec = entry.leaseSec ?? defaultLeaseSec;
    if (!(leaseSec >= leaseSecLimits.minimum && leaseSec <= leaseSecLimits.maximum)) {
      this.#report(`${path}.leaseSec`, 'A lease lasts from 60 seconds to 30 days.');
    }
    const ranges = entry.ranges.flatMap(
      (range, index) => this.#compileRange(range, `${path}.ranges.${String(index)}`, subnet) ?? [],
    );
    const excluded = new Set(ownAddresses);
    (entry.excluded ?? []).forEach((text, index) => {
      const address = this.#readHost(text, `${path}.excluded.${String(index)}`, subnet);
      if (address !== undefined) {
        excluded.add(address);
      }
    });
    const reservations = this.#compileReservations(entry.reservations ?? [], path, subnet);
    return {
      subnet,
      ranges,
      excluded,
      leaseSec: Math.floor(leaseSec),
      ...reservations,
      options: this.#compileOptions(entry, path, subnet),
      rules: this.#compileRules(entry, path, variables),
    };
  }

  #compileRange(range: DhcpRange, path: string, subnet: Ipv4Subnet): AddressRange | undefined {
    const first = this.#readHost(range.first, `${path}.first`, subnet);
    const last = this.#readHost(range.last, `${path}.last`, subnet);
    if (first === undefined || last === undefined) {
      return undefined;
    }
    if (first > last || last - first >= maximumRangeAddresses) {
      this.#report(`${path}.last`, 'A range runs upwards over at most 65,536 addresses.');
      return;
    }
    return { first, last };
  }

  #readHost(text: string, path: string, subnet: Ipv4Subnet): Ipv4Address | undefined {
    const address = parseIpv4(text);
    if (address === undefined || !isInSubnet(address, subnet)) {
      this.#report(path, `"${text}" is not an address of the subnet.`);
      return;
    }
    if (address === subnet.network || address === toBroadcast(subnet)) {
      this.#report(path, `${text} is the first or last address of the subnet: no host has it.`);
      return;
    }
    return address;
  }

  #compileReservations(
    entries: readonly DhcpReservation[],
    subnetPath: string,
    subnet: Ipv4Subnet,
  ): Pick<CompiledSubnet, 'reservationByClient' | 'reservationByAddress'> {
    const reservationByClient = new Map<string, Reservation>();
    const reservationByAddress = new Map<Ipv4Address, Reservation>();
    entries.forEach((entry, index) => {
      const path = `${subnetPath}.reservations.${String(index)}`;
      const clientKey = toClientKey(entry);
      const address = this.#readHost(entry.address, `${path}.address`, subnet);
      if (clientKey === undefined) {
        this.#report(`${path}.mac`, 'A hardware address or client identifier is needed.');
      } else if (reservationByClient.has(clientKey)) {
        this.#report(`${path}.mac`, 'This client has a reservation already.');
      } else if (address !== undefined && reservationByAddress.has(address)) {
        this.#report(`${path}.address`, `${formatIpv4(address)} is reserved twice.`);
      } else if (address !== undefined) {
        const { hostName, tags = [] } = entry;
        const reservation = {
          clientKey,
          address,
          tags,
          ...(hostName === undefined ? {} : { hostName }),
        };
        reservationByClient.set(clientKey, reservation);
        reservationByAddress.set(address, reservation);
      }
    });
    return { reservationByClient, reservationByAddress };
  }

  #compileOptions(entry: DhcpSubnet, path: string, subnet: Ipv4Subnet): Map<number, Buffer> {
    const options = new Map<number, Buffer>();
    const set = (code: number, field: string, value: OptionValue): void => {
      try {
        options.set(code, serializeOptionValue(value, sampleVariables));
      } catch (error) {
        this.#report(`${path}.${field}`, error instanceof Error ? error.message : '');
      }
    };
    const setAddresses = (code: number, field: string, addresses: readonly string[] = []): void => {
      if (addresses.length > 0) {
        set(code, field, { type: 'addresses', addresses });
      }
    };
    const mask = (2 ** 32 - 2 ** (32 - subnet.prefixLength)) >>> 0;
    set(optionCode.subnetMask, 'subnet', { type: 'integer', bytes: 4, value: mask });
    setAddresses(optionCode.routers, 'routers', entry.routers);
    setAddresses(optionCode.dnsServers, 'dnsServers', entry.dnsServers);
    if (entry.domainName !== undefined) {
      set(optionCode.domainName, 'domainName', { type: 'text', text: entry.domainName });
    }
    set(optionCode.broadcastAddress, 'subnet', {
      type: 'integer',
      bytes: 4,
      value: toBroadcast(subnet),
    });
    setAddresses(optionCode.ntpServers, 'ntpServers', entry.ntpServers);
    if (entry.domainSearch !== undefined && entry.domainSearch.length > 0) {
      set(optionCode.domainSearch, 'domainSearch', {
        type: 'domains',
        domains: entry.domainSearch,
      });
    }
    return options;
  }

  #compileRules(
    entry: DhcpSubnet,
    path: string,
    variables: readonly OptionVariables[],
  ): OptionRules {
    const serverRules = this.#settings.optionRules ?? [];
    try {
      return new OptionRules(
        [...this.#phoneRules, ...serverRules, ...(entry.optionRules ?? [])],
        variables,
      );
    } catch (error) {
      this.#report(`${path}.optionRules`, error instanceof Error ? error.message : '');
      return new OptionRules([], []);
    }
  }

  #checkOverlap(subnets: readonly CompiledSubnet[]): void {
    const ordered = [...subnets].sort((a, b) => a.subnet.network - b.subnet.network);
    ordered.forEach((current, index) => {
      const next = ordered[index + 1];
      if (next !== undefined && isInSubnet(next.subnet.network, current.subnet)) {
        this.#report('subnets', 'Two subnets overlap.');
      }
    });
  }
}

function toClientKey({ mac, clientIdentifier }: DhcpReservation): string | undefined {
  const hardware = mac?.toLowerCase().replace(/[:.-]/g, '');
  if (hardware !== undefined && /^[0-9a-f]{12}$/.test(hardware)) {
    return `mac:${hardware}`;
  }
  const identifier = clientIdentifier?.toLowerCase().replace(/[:.-]/g, '');
  return identifier !== undefined && /^([0-9a-f]{2}){2,64}$/.test(identifier)
    ? `id:${identifier}`
    : undefined;
}
