/** The wire form of the DHCP server: its settings, what its interfaces do, and who has which address. */
import { z } from 'zod';
import { optionReasons } from '../../../../../provisioning/dhcp/options/phone-options.ts';
import { dhcpEntity } from '../../../../configuration/entities/dhcp.ts';
import { answerShape, changeShape } from '../../wire/entity-schema.ts';
import { instantSchema, listQuery, pageOf } from '../../wire/list-query.ts';

const fields = ['interfaces', 'subnets', 'optionRules'] as const;

export const dhcpSettingsSchema = z
  .object(answerShape(dhcpEntity.fields, fields))
  .meta({ id: 'DhcpSettings' });

/** Only the fields that are named change; null returns one to its default. */
export const dhcpSettingsChangeRequestSchema = z
  .strictObject(changeShape(dhcpEntity.fields, fields))
  .meta({ id: 'DhcpSettingsChangeRequest' });

export const dhcpStateSchema = z
  .object({
    interfaces: z.array(
      z.object({
        name: z.string(),
        /** `refused`: another server answers there. */
        state: z.enum(['off', 'starting', 'running', 'refused', 'failed']),
        detail: z.string(),
        otherServers: z.array(z.string()),
        /** Requests by BOOTP since it runs; they are not answered. */
        bootpRequests: z.int().min(0),
      }),
    ),
    subnets: z.array(z.object({ subnet: z.string(), used: z.int(), size: z.int() })),
    /** Doors for devices that are off, and the families of phones that the options send there all the same. */
    closedDoors: z.array(
      z.object({ door: z.enum(['http', 'tftp']), families: z.array(z.string()) }),
    ),
    /** Interfaces of this machine with an IPv4 address: those that may be switched on. */
    available: z.array(z.object({ name: z.string(), address: z.string(), subnet: z.string() })),
  })
  .meta({ id: 'DhcpState' });

export const dhcpLeasesQuerySchema = listQuery([
  'address',
  'mac',
  'hostName',
  'state',
  'expiresAt',
]);

export const dhcpLeaseSchema = z
  .object({
    address: z.string(),
    mac: z.string(),
    state: z.enum(['bound', 'released', 'declined', 'expired']),
    isReserved: z.boolean(),
    startedAt: instantSchema,
    expiresAt: instantSchema,
    hostName: z.string().optional(),
    vendorClass: z.string().optional(),
  })
  .meta({ id: 'DhcpLease' });
export type DhcpLease = z.infer<typeof dhcpLeaseSchema>;

export const dhcpLeasePageSchema = pageOf(dhcpLeaseSchema).meta({ id: 'DhcpLeasePage' });

export const dhcpLeaseParamsSchema = z.strictObject({ address: z.ipv4() });

/** What to set on a DHCP server that is not ours. */
export const foreignDhcpOptionsSchema = z
  .object({
    items: z.array(
      z.object({
        family: z.string(),
        vendorClasses: z.array(z.string()),
        code: z.int(),
        type: z.string(),
        value: z.string(),
        /** Why it is given in this form, or who reads it; the user interface has the texts. */
        reason: z.enum(optionReasons),
      }),
    ),
  })
  .meta({ id: 'ForeignDhcpOptions' });
