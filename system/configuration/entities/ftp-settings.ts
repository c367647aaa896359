/** Fields of the provisioning settings about FTP. Everything is off at first. Browser-safe. */
import { z } from 'zod';
import { defaultedField, optionalField } from './field.ts';
import type { ValidationIssue } from './validation-issue.ts';

const administrators = ['superadmin', 'admin'] as const;

/** What Poly phones say unless they are told otherwise: name and password alike. */
export const factoryFtpAccount = 'PlcmSpIp';
export const anonymousNames: readonly string[] = ['anonymous', 'ftp'];

const port = z.int().min(1_024).max(65_535);
const maximumPassivePorts = 1_000;
/** Fewer would make phones that start together wait for each other. */
const minimumPassivePorts = 5;

function switchField(label: string, help: string) {
  return defaultedField(z.boolean(), false, { label, help, changeableBy: administrators });
}

export const ftpFields = {
  ftpEnabled: switchField(
    'FTP',
    'Devices that begin with FTP are told where to fetch their files. Passwords of devices never leave by FTP, unless a device has unencrypted provisioning.',
  ),
  ftpUserName: defaultedField(
    z
      .string()
      .regex(/^[\x21-\x7e]{1,64}$/, 'must be 1 to 64 characters without blanks')
      .refine(
        (name) => !anonymousNames.includes(name.toLowerCase()),
        'is the name of anonymous logins',
      ),
    factoryFtpAccount,
    {
      label: 'FTP user name',
      help: 'The account with which devices log in. Poly phones say PlcmSpIp unless they are told otherwise.',
      changeableBy: administrators,
    },
  ),
  ftpPassword: optionalField(z.string().max(2_000).startsWith('sealed.'), {
    label: 'FTP password',
    help: 'Of the account of devices; PlcmSpIp, as Poly phones say it, while there is none. Stored sealed.',
    changeableBy: administrators,
    isSecret: true,
    isSealed: true,
  }),
  ftpAnonymousEnabled: switchField(
    'Anonymous FTP logins',
    'Devices may also log in as anonymous or ftp, with any password. They get no more and no less than with the account.',
  ),
  ftpUploadsEnabled: switchField(
    'Uploads by FTP',
    'Devices may store logs, lists of calls and changes made on them, within the space and days of Device access. Only devices with unencrypted provisioning can.',
  ),
  ftpDirectoriesEnabled: switchField(
    'Create directories by FTP',
    'Devices may create folders to put uploads into. They are names only and are gone when FTP stops.',
  ),
  ftpWritesEnabled: switchField(
    'Change files by FTP',
    'Devices may append to, replace and delete what they stored, and remove folders. Otherwise what was stored stays.',
  ),
  ftpPassiveAddress: optionalField(z.ipv4(), {
    label: 'FTP passive address',
    help: 'IPv4 address that devices are told for data connections, where the PBX is behind NAT; the one they reached when empty.',
    changeableBy: administrators,
  }),
  ftpPassiveFirstPort: defaultedField(port, 50_000, {
    label: 'First FTP passive port',
    help: 'TCP ports of data connections begin here; a firewall must let them through. Each transfer takes one.',
    changeableBy: administrators,
  }),
  ftpPassiveLastPort: defaultedField(port, 50_050, {
    label: 'Last FTP passive port',
    help: 'At least 5 ports, at most 1,000.',
    changeableBy: administrators,
  }),
  ftpInDhcp: switchField(
    'Name FTP in DHCP',
    'Poly, Yealink and Mitel phones are given ftp:// instead of http:// in options 66, 160, 161, 159 and 43. The account is not told: they must know it, or anonymous logins be on.',
  ),
  ftpTransferLogEnabled: switchField(
    'FTP transfer log',
    'Every file that was sent, stored or not found is shown below and goes to the log of the system.',
  ),
  ftpSystemLogEnabled: switchField(
    'FTP system log',
    'Logins, refusals and ends of sessions are shown below and go to the log of the system.',
  ),
  ftpReverseLookupEnabled: switchField(
    'FTP reverse lookup',
    'Both logs name devices by what DNS calls their address.',
  ),
};

export function checkFtp(settings: {
  readonly ftpPassiveFirstPort: number;
  readonly ftpPassiveLastPort: number;
}): ValidationIssue[] {
  const count = settings.ftpPassiveLastPort - settings.ftpPassiveFirstPort + 1;
  const message = 'must leave 5 to 1,000 ports from the first one on';
  return count < minimumPassivePorts || count > maximumPassivePorts
    ? [{ path: 'ftpPassiveLastPort', code: 'invalid-value', message }]
    : [];
}
