/** What `npm start` prints for a person when everything listens (pure). */
import type { BootSettings } from '../boot-settings/boot-settings.ts';

export interface BannerFacts {
  readonly version: string;
  readonly settings: BootSettings;
  /** Local addresses a browser or phone can reach, best first. */
  readonly addresses: readonly string[];
  /** The factory password still works. */
  readonly isFirstLogin: boolean;
  /** Where log lines go when not to the terminal. */
  readonly logFile: string | undefined;
}

export function composeBanner(facts: BannerFacts): string {
  const { settings } = facts;
  const port = settings.httpsPort === 443 ? '' : `:${String(settings.httpsPort)}`;
  const lines = [
    `Campanile ${facts.version} is running.`,
    ...facts.addresses.map((address) => `  WMS    https://${bracket(address)}${port}/`),
    ...facts.addresses.map(
      (address) =>
        `  SIP    ${bracket(address)}:${String(settings.sipPort)} (UDP and TCP), ${String(settings.sipTlsPort)} (TLS)`,
    ),
    `  Audio  UDP ports ${String(settings.rtpPortMin)} to ${String(settings.rtpPortMax)}`,
    `  Data   ${settings.dataDirectory}`,
  ];
  if (facts.logFile !== undefined) {
    lines.push(`  Log    ${facts.logFile}`);
  }
  if (facts.isFirstLogin) {
    lines.push('', '  First login: admin / wildix. You will be asked for a password of your own.');
  }
  return lines.join('\n');
}

function bracket(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
