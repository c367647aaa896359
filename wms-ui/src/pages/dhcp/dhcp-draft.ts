/**
 * The settings of DHCP as the form holds them: lists as the text that a person types, so that nothing
 * jumps while it is typed, and back to what the API takes.
 */
import type { z } from 'zod';
import type {
  dhcpSettingsChangeRequestSchema,
  dhcpSettingsSchema,
} from '../../../../system/management-plane/api/routes/dhcp/schema.ts';

export type DhcpSettings = z.infer<typeof dhcpSettingsSchema>;
export type DhcpChanges = z.infer<typeof dhcpSettingsChangeRequestSchema>;
type Rule = DhcpSettings['optionRules'][number];
type OptionValue = Rule['options'][number]['value'];

/** What the server takes when a subnet says nothing. */
export const defaultLeaseSec = 43_200;

export interface ReservationDraft {
  mac: string;
  clientIdentifier: string | undefined;
  address: string;
  hostName: string;
}

export interface SubnetDraft {
  subnet: string;
  ranges: string;
  excluded: string;
  routers: string;
  dnsServers: string;
  ntpServers: string;
  domainName: string;
  domainSearch: string;
  leaseSec: string;
  reservations: ReservationDraft[];
  /** Kept as they are: their place is the text export. */
  readonly optionRules: readonly Rule[] | undefined;
}

export interface OptionDraft {
  code: string;
  type: OptionValue['type'];
  bytes: 1 | 2 | 4;
  value: string;
  isAlwaysSent: boolean;
}

export interface RuleDraft {
  name: string;
  vendorClasses: string;
  macs: string;
  models: string;
  options: OptionDraft[];
}

export interface InterfaceDraft {
  readonly name: string;
  address: string;
  isEnabled: boolean;
  isAllowedBesideOthers: boolean;
}

export interface DhcpDraft {
  interfaces: InterfaceDraft[];
  subnets: SubnetDraft[];
  optionRules: RuleDraft[];
}

export function toDraft(
  settings: DhcpSettings,
  available: readonly { readonly name: string; readonly address: string }[],
): DhcpDraft {
  const configured = settings.interfaces.map((one): InterfaceDraft => ({
    name: one.name,
    address: one.address,
    isEnabled: one.isEnabled,
    isAllowedBesideOthers: one.isAllowedBesideOthers ?? false,
  }));
  const others = available
    .filter(({ name }) => !configured.some((one) => one.name === name))
    .map(({ name, address }): InterfaceDraft => ({
      name,
      address,
      isEnabled: false,
      isAllowedBesideOthers: false,
    }));
  return {
    interfaces: [...configured, ...others],
    subnets: settings.subnets.map((subnet) => ({
      subnet: subnet.subnet,
      ranges: subnet.ranges.map(({ first, last }) => `${first} - ${last}`).join('\n'),
      excluded: join(subnet.excluded),
      routers: join(subnet.routers),
      dnsServers: join(subnet.dnsServers),
      ntpServers: join(subnet.ntpServers),
      domainName: subnet.domainName ?? '',
      domainSearch: join(subnet.domainSearch),
      leaseSec: subnet.leaseSec === undefined ? '' : String(subnet.leaseSec),
      reservations: (subnet.reservations ?? []).map(
        ({ mac, clientIdentifier, address, hostName }) => ({
          mac: mac ?? '',
          clientIdentifier,
          address,
          hostName: hostName ?? '',
        }),
      ),
      optionRules: subnet.optionRules,
    })),
    optionRules: settings.optionRules.map(({ name, when, options }) => ({
      name,
      vendorClasses: (when?.vendorClasses ?? []).join('\n'),
      macs: join(when?.macs),
      models: join(when?.models),
      options: options.map(({ code, value, isAlwaysSent }) => ({
        code: String(code),
        type: value.type,
        bytes: value.type === 'integer' ? value.bytes : 1,
        value:
          value.type === 'text'
            ? value.text
            : value.type === 'addresses'
              ? value.addresses.join(' ')
              : String(value.value),
        isAlwaysSent: isAlwaysSent ?? false,
      })),
    })),
  };
}

export function newSubnet(
  available: readonly { readonly address: string; readonly subnet: string }[],
): SubnetDraft {
  const [first] = available;
  return {
    subnet: first?.subnet ?? '',
    ranges: first === undefined ? '' : proposePools(first.subnet, first.address),
    excluded: '',
    routers: '',
    dnsServers: '',
    ntpServers: first?.address ?? '',
    domainName: '',
    domainSearch: '',
    leaseSec: '',
    reservations: [],
    optionRules: undefined,
  };
}

/** The upper half of a subnet without our own address; empty for one that is too small to halve. */
export function proposePools(subnet: string, own: string): string {
  const [network = '', prefix = '32'] = subnet.split('/');
  const size = 2 ** (32 - Number(prefix));
  if (size < 16) {
    return '';
  }
  const start = Math.floor(toNumber(network) / size) * size;
  const [first, last, hole] = [start + size / 2, start + size - 2, toNumber(own)];
  const pools =
    hole < first || hole > last
      ? [[first, last]]
      : [
          [first, hole - 1],
          [hole + 1, last],
        ];
  return pools
    .filter(([from = 0, to = 0]) => from <= to)
    .map((ends) => ends.map(toAddress).join(' - '))
    .join('\n');
}

/** The first line that is no pool, for a message; the server checks everything else. */
export function findBadRange(draft: DhcpDraft): string | undefined {
  return draft.subnets
    .flatMap(({ ranges }) => lines(ranges))
    .find((line) => line.split(/[\s–-]+/).filter((word) => word !== '').length !== 2);
}

export function toChanges(draft: DhcpDraft): DhcpChanges {
  return {
    interfaces: draft.interfaces
      .filter((one) => one.isEnabled || one.isAllowedBesideOthers)
      .map(({ name, address, isEnabled, isAllowedBesideOthers }) => ({
        name,
        address,
        isEnabled,
        ...(isAllowedBesideOthers ? { isAllowedBesideOthers } : {}),
      })),
    subnets: draft.subnets.map((subnet) => ({
      subnet: subnet.subnet.trim(),
      ranges: lines(subnet.ranges).map((line) => {
        const [first = '', last = ''] = line.split(/[\s–-]+/).filter((word) => word !== '');
        return { first, last };
      }),
      excluded: listOf(subnet.excluded),
      routers: listOf(subnet.routers),
      dnsServers: listOf(subnet.dnsServers),
      ntpServers: listOf(subnet.ntpServers),
      domainName: textOf(subnet.domainName),
      domainSearch: listOf(subnet.domainSearch),
      leaseSec: textOf(subnet.leaseSec) === undefined ? undefined : Number(subnet.leaseSec),
      reservations:
        subnet.reservations.length === 0
          ? undefined
          : subnet.reservations.map(({ mac, clientIdentifier, address, hostName }) => ({
              mac: textOf(mac),
              clientIdentifier,
              address: address.trim(),
              hostName: textOf(hostName),
            })),
      optionRules: subnet.optionRules === undefined ? undefined : [...subnet.optionRules],
    })),
    optionRules: draft.optionRules.map(({ name, vendorClasses, macs, models, options }) => {
      const when = {
        vendorClasses: lines(vendorClasses).length === 0 ? undefined : lines(vendorClasses),
        macs: listOf(macs),
        models: listOf(models),
      };
      return {
        name: name.trim(),
        when: Object.values(when).every((part) => part === undefined) ? undefined : when,
        options: options.map((option) => ({
          code: Number(option.code),
          value: toValue(option),
          ...(option.isAlwaysSent ? { isAlwaysSent: true } : {}),
        })),
      };
    }),
  };
}

/** Whether an address lies in a subnet written as `10.0.0.0/24`. */
export function isInSubnet(address: string, subnet: string): boolean {
  const [network = '', prefix = '32'] = subnet.split('/');
  const size = 2 ** (32 - Number(prefix));
  return Math.floor(toNumber(address) / size) === Math.floor(toNumber(network) / size);
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** For sorting. */
function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toValue({ type, bytes, value }: OptionDraft): OptionValue {
  switch (type) {
    case 'text':
      return { type, text: value };
    case 'addresses':
      return { type, addresses: words(value) };
    case 'integer':
      return { type, bytes, value: Number(value) };
  }
}

function join(values: readonly string[] | undefined): string {
  return (values ?? []).join(' ');
}

function words(text: string): string[] {
  return text.split(/[\s,;]+/).filter((word) => word !== '');
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function listOf(text: string): string[] | undefined {
  const found = words(text);
  return found.length === 0 ? undefined : found;
}

function textOf(text: string): string | undefined {
  return text.trim() === '' ? undefined : text.trim();
}
