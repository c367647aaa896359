/**
 * The DHCP server: one record with the id `dhcp`. Off until an administrator turns it on. What its
 * interfaces and subnets may hold is checked whole by `provisioning/dhcp`. Browser-safe.
 */
import { z } from 'zod';
import { Entity, type DocumentOf } from './entity.ts';
import { defaultedField } from './field.ts';

export const dhcpId = 'dhcp';

const administrators = ['superadmin', 'admin'] as const;

const address = z.ipv4();
const addresses = z.array(address).max(8).optional();
const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\x20-\x7e]*$/, 'must be printable ASCII');

export const dhcpInterfaceSchema = z.strictObject({
  /** As the system names it, e.g. `eth0`. */
  name: text(15),
  /** Our own address there. */
  address,
  isEnabled: z.boolean(),
  /** Starts although another DHCP server answers there. */
  isAllowedBesideOthers: z.boolean().optional(),
});

const optionValue = z.union([
  z.strictObject({ type: z.literal('text'), text: text(255) }),
  z.strictObject({ type: z.literal('addresses'), addresses: z.array(text(64)).min(1).max(16) }),
  z.strictObject({
    type: z.literal('integer'),
    bytes: z.union([z.literal(1), z.literal(2), z.literal(4)]),
    value: z.int().min(0).max(0xffff_ffff),
  }),
]);

const optionRule = z.strictObject({
  name: text(60),
  when: z
    .strictObject({
      vendorClasses: z.array(text(64)).max(32).optional(),
      macs: z.array(text(17)).max(256).optional(),
      models: z.array(text(40)).max(64).optional(),
    })
    .optional(),
  options: z
    .array(
      z.strictObject({
        code: z.int().min(1).max(254),
        value: optionValue,
        isAlwaysSent: z.boolean().optional(),
      }),
    )
    .max(32),
});

export const dhcpSubnetSchema = z.strictObject({
  /** e.g. `10.135.0.0/23` */
  subnet: z.string().regex(/^[0-9.]{7,15}\/\d{1,2}$/, 'must be written as 10.135.0.0/23'),
  /** First and last address of each pool; none: only reservations are served. */
  ranges: z.array(z.strictObject({ first: address, last: address })).max(32),
  excluded: z.array(address).max(256).optional(),
  routers: addresses,
  dnsServers: addresses,
  ntpServers: addresses,
  domainName: text(253).optional(),
  domainSearch: z.array(text(253)).max(8).optional(),
  leaseSec: z.int().min(60).max(2_592_000).optional(),
  reservations: z
    .array(
      z.strictObject({
        mac: text(17).optional(),
        clientIdentifier: text(128).optional(),
        address,
        hostName: text(63).optional(),
      }),
    )
    .max(1_000)
    .optional(),
  optionRules: z.array(optionRule).max(32).optional(),
});

const dhcpFields = {
  interfaces: defaultedField(z.array(dhcpInterfaceSchema).max(32), [], {
    label: 'Interfaces',
    help: 'Network interfaces that the DHCP server may answer on; one that is not listed is off.',
    changeableBy: administrators,
  }),
  subnets: defaultedField(z.array(dhcpSubnetSchema).max(64), [], {
    label: 'Subnets',
    help: 'Addresses that are given, and what devices are told with them.',
    changeableBy: administrators,
  }),
  optionRules: defaultedField(z.array(optionRule).max(64), [], {
    label: 'Options',
    help: 'Further options by kind of device; later ones win over those for known phones.',
    changeableBy: administrators,
  }),
};

export type Dhcp = DocumentOf<typeof dhcpFields>;

export const dhcpEntity = new Entity('dhcp', dhcpFields, () => []);
