/**
 * Variables in option values: `${server}` is replaced when an answer is made, so that one rule
 * serves every interface and device. A single brace pair stays as it is: phones have macros of
 * their own (`{mac}` of Snom, `$MA` of Cisco).
 */
import { DhcpError } from '../dhcp-error.ts';

export const optionVariables = {
  server: 'Our address on the interface.',
  origin: 'Scheme, host and port of the provisioning URL, e.g. http://10.135.0.1.',
  path: 'Path of the provisioning URL, e.g. /prov/.',
  url: 'The whole provisioning URL, e.g. http://10.135.0.1/prov/.',
  ftp: 'The same by FTP, e.g. ftp://10.135.0.1/.',
  mac: "The client's hardware address, 12 hexadecimal digits, lower case.",
  MAC: 'The same in upper case.',
} as const;

export type OptionVariable = keyof typeof optionVariables;
export type OptionVariables = Readonly<Record<OptionVariable, string>>;

const placeholder = /\$\{(\w*)\}/g;

/** Throws DhcpError `invalid-option` for a name that is not in the table above. */
export function expandVariables(text: string, variables: OptionVariables): string {
  if (!text.includes('${')) {
    return text;
  }
  return text.replace(placeholder, (_match, name: string) => {
    if (!Object.hasOwn(variables, name)) {
      throw new DhcpError('invalid-option', `There is no variable "${name}".`);
    }
    return variables[name as OptionVariable];
  });
}

/** The variables of an interface; the URLs are absolute, e.g. `http://10.135.0.1/prov/`. */
export function createInterfaceVariables(
  server: string,
  provisioningUrl: string,
  ftpUrl = `ftp://${server}/`,
): Omit<OptionVariables, 'mac' | 'MAC'> {
  const { origin, pathname } = new URL(provisioningUrl);
  return { server, origin, path: pathname, url: provisioningUrl, ftp: ftpUrl };
}

/** Example values, with which rules are checked before any client asks. */
export const sampleVariables: OptionVariables = {
  ...createInterfaceVariables('192.0.2.1', 'http://192.0.2.1/prov/'),
  mac: '00005e005301',
  MAC: '00005E005301',
};
