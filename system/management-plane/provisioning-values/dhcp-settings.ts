/** The configuration's DHCP record → the settings of the server, with the address of provisioning. */
import { compileSettings } from '../../../provisioning/dhcp/compiled-settings.ts';
import { DhcpError } from '../../../provisioning/dhcp/dhcp-error.ts';
import { listDoorRules, type OpenDoors } from '../../../provisioning/dhcp/options/open-doors.ts';
import { phoneOptionRules } from '../../../provisioning/dhcp/options/phone-options.ts';
import type { DhcpSettings } from '../../../provisioning/dhcp/settings.ts';
import type { Dhcp } from '../../configuration/entities/dhcp.ts';
import type { ValidationIssue } from '../../configuration/entities/validation-issue.ts';

export interface DhcpUrls {
  /** Where devices of an interface with this address of ours fetch; ends in `/`. */
  readonly urlFor: (address: string) => string;
  readonly ftpUrlFor: (address: string) => string;
  readonly doors: OpenDoors;
}

export function toDhcpSettings(dhcp: Dhcp, { urlFor, ftpUrlFor, doors }: DhcpUrls): DhcpSettings {
  // Documents may spell what is missing as undefined; the server's types do not.
  const { interfaces, subnets, optionRules } = withoutMissing(dhcp) as DhcpSettings;
  return {
    interfaces: interfaces.map((one) => ({
      ...one,
      provisioningUrl: urlFor(one.address),
      ftpUrl: ftpUrlFor(one.address),
    })),
    subnets,
    optionRules: [...listDoorRules(doors), ...(optionRules ?? [])],
  };
}

/** Everything that is wrong with a record that is valid by its schema. */
export function checkDhcp(dhcp: Dhcp): ValidationIssue[] {
  try {
    compileSettings(
      toDhcpSettings(dhcp, {
        urlFor: (address) => `http://${address}/prov/`,
        ftpUrlFor: (address) => `ftp://${address}/`,
        doors: { http: true, tftp: true, ftp: false, isFtpPreferred: false },
      }),
      phoneOptionRules,
    );
    return [];
  } catch (error) {
    if (!(error instanceof DhcpError)) {
      throw error;
    }
    const { issues } = error.details as {
      readonly issues?: readonly { readonly path: string; readonly message: string }[];
    };
    const found = issues ?? [{ path: '', message: error.message }];
    return found.map(({ path, message }) => ({ path, code: 'invalid-value', message }));
  }
}

function withoutMissing(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutMissing);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .map(([name, part]) => [name, withoutMissing(part)]),
  );
}
