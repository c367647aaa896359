/**
 * The part of the settings that says who may come in at all, which programs are attacks, and how many
 * requests of a kind one address may send.
 */
import { z } from 'zod';
import { addressListField } from './address-list-field.ts';
import { defaultedField } from './field.ts';

const superadminOnly = ['superadmin'] as const;

/** What scanners for open PBXes call themselves when nobody changed it. */
const knownAttackTools = [
  'friendly-scanner',
  'friendly-request',
  'sipvicious',
  'sipcli',
  'sip-scan',
  'sipscan',
  'sipptk',
  'sipsak',
  'siparmyknife',
  'sivus',
  'sundayddr',
  'iWar',
  'pplsip',
  'vaxsipuseragent',
  'VaxIPUserAgent',
] as const;

const methodLimit = (method: string) =>
  defaultedField(z.boolean(), false, {
    label: `Limit ${method}`,
    help: `Whether an address that sends more ${method} requests than the limit below is blocked.`,
    changeableBy: superadminOnly,
  });

export const sourceFilterFields = {
  deniedAddresses: addressListField(
    'Turned away',
    'Addresses and networks (192.0.2.0/24, 2001:db8::/32) that are turned away by SIP, the web and every service for devices, before anything is read. 0.0.0.0/0 and ::/0 turn everybody away but the exceptions. This machine itself always comes in.',
  ),
  allowedAddresses: addressListField(
    'Exceptions',
    'Addresses and networks that come in although they lie in a network that is turned away.',
  ),
  sipAttackTools: defaultedField(
    z
      .array(
        z
          .string()
          .trim()
          .min(3)
          .max(60)
          .regex(/^[\x21-\x7e]*$/, 'must be printable ASCII without spaces'),
      )
      .max(100),
    [...knownAttackTools],
    {
      label: 'Attack tools',
      help: 'An address is blocked at the first request whose User-Agent contains one of these, in upper or lower case. Addresses from which a phone has proved its password lately are left in peace.',
      changeableBy: superadminOnly,
    },
  ),
  sipAttackToolBlockSec: defaultedField(z.int().min(10).max(31_536_000), 86_400, {
    label: 'Block of attack tools',
    help: 'How long the address is turned away; a local one for a minute at most.',
    unit: 's',
    changeableBy: superadminOnly,
  }),
  sipLimitRegister: methodLimit('REGISTER'),
  sipLimitInvite: methodLimit('INVITE'),
  sipLimitAck: methodLimit('ACK'),
  sipLimitOptions: methodLimit('OPTIONS'),
  sipLimitSubscribe: methodLimit('SUBSCRIBE'),
  sipMethodLimit: defaultedField(z.int().min(10).max(1_000_000), 180, {
    label: 'Requests of one kind',
    help: 'So many of one address within the window are borne, of each kind that is limited. Local addresses and phones that have proved their password may send ten times as many and are blocked for a minute at most.',
    changeableBy: superadminOnly,
  }),
  sipMethodWindowSec: defaultedField(z.int().min(10).max(86_400), 60, {
    label: 'Window for requests of one kind',
    help: 'In which they are counted.',
    unit: 's',
    changeableBy: superadminOnly,
  }),
  sipMethodBlockSec: defaultedField(z.int().min(10).max(31_536_000), 600, {
    label: 'Block after too many of one kind',
    help: 'How long the address is turned away.',
    unit: 's',
    changeableBy: superadminOnly,
  }),
};
