/**
 * How the PBX provisions devices: one record with the id `provisioning`. Everything that listens is
 * off until an administrator turns it on. Browser-safe.
 */
import { z } from 'zod';
import { Entity, type DocumentOf } from './entity.ts';
import { defaultedField, optionalField } from './field.ts';
import { checkFtp, ftpFields } from './ftp-settings.ts';
import { secretSettingsField, settingsSchema } from './provisioning-values.ts';

export const provisioningSettingsId = 'provisioning';

const administrators = ['superadmin', 'admin'] as const;

const hostPattern =
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\.[A-Za-z0-9]([A-Za-z0-9-]{0,62}))*$/;

const pnpAnswers = ['known', 'all'] as const;

const provisioningSettingsFields = {
  httpEnabled: defaultedField(z.boolean(), false, {
    label: 'HTTP and HTTPS',
    help: 'Devices fetch their files from the ports of the web, below /prov/.',
    changeableBy: administrators,
  }),
  tftpEnabled: defaultedField(z.boolean(), false, {
    label: 'TFTP',
    help: 'Devices that begin with TFTP are told where to fetch their files.',
    changeableBy: administrators,
  }),
  ...ftpFields,
  pnpEnabled: defaultedField(z.boolean(), false, {
    label: 'Plug and play',
    help: 'Devices that ask by SIP multicast are told where to fetch their files.',
    changeableBy: administrators,
  }),
  pnpAnswers: defaultedField(z.enum(pnpAnswers), 'known', {
    label: 'Plug and play answers',
    help: 'Known answers devices of the list only; all answers new ones too while the window is open.',
    changeableBy: administrators,
  }),
  serverAddress: optionalField(
    z.string().regex(hostPattern, 'must be a host name or an IPv4 address'),
    {
      label: 'Address of the PBX',
      help: 'Name or address that devices use; the one they reached when empty.',
      changeableBy: administrators,
    },
  ),
  announcedDays: defaultedField(z.int().min(1).max(365), 30, {
    label: 'First contact of announced devices',
    help: 'So long after it was added a device may fetch its files for the first time without an open window.',
    unit: 'days',
    changeableBy: administrators,
  }),
  scanAlarmMisses: defaultedField(z.int().min(10).max(100_000), 100, {
    label: 'Alarm at guessing',
    help: 'So many different devices asked for by one address, unknown or not its own, within ten minutes raise an alarm; the address is then not listened to for a while.',
    changeableBy: administrators,
  }),
  historyKeepDays: defaultedField(z.int().min(1).max(3650), 90, {
    label: 'Keep history of devices',
    help: 'After which what devices fetched is forgotten.',
    unit: 'days',
    changeableBy: administrators,
  }),
  settings: defaultedField(
    settingsSchema,
    {},
    {
      label: 'Settings',
      help: 'Settings of all devices.',
      changeableBy: administrators,
    },
  ),
  secretSettings: secretSettingsField,
};

export type ProvisioningSettings = DocumentOf<typeof provisioningSettingsFields>;

export const provisioningSettingsEntity = new Entity(
  'provisioning',
  provisioningSettingsFields,
  checkFtp,
);
