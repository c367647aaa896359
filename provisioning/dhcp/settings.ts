/**
 * What an administrator sets for the DHCP server. Everything is text and numbers as people write
 * them; compiled-settings.ts checks it whole and makes of it what the rules work with.
 */
import type { OptionRule } from './options/option-rules.ts';

export interface DhcpSettings {
  readonly interfaces: readonly DhcpInterface[];
  /** Also those that are reached through relay agents. */
  readonly subnets: readonly DhcpSubnet[];
  /** In order, after the table of phones and before the rules of a subnet. */
  readonly optionRules?: readonly OptionRule[];
}

/** A network interface that the server may answer on. One that is not listed is off. */
export interface DhcpInterface {
  /** As the system names it, e.g. `eth0`. */
  readonly name: string;
  /** Our own address there; it lies in one of the subnets, and clients see it as the server. */
  readonly address: string;
  readonly isEnabled: boolean;
  /** Where phones of this interface fetch their configuration, e.g. `http://10.135.0.1/prov/`. */
  readonly provisioningUrl: string;
  /** The same by FTP, e.g. `ftp://10.135.0.1/`. */
  readonly ftpUrl?: string;
  /** Starts although another DHCP server answers there. */
  readonly isAllowedBesideOthers?: boolean;
}

export interface DhcpSubnet {
  /** e.g. `10.135.0.0/23` */
  readonly subnet: string;
  /** First and last address of each pool; none: only reservations are served. */
  readonly ranges: readonly DhcpRange[];
  /** Addresses inside a range that are never given. */
  readonly excluded?: readonly string[];
  readonly routers?: readonly string[];
  readonly dnsServers?: readonly string[];
  /** Option 42. */
  readonly ntpServers?: readonly string[];
  readonly domainName?: string;
  /** Option 119. */
  readonly domainSearch?: readonly string[];
  /** 60 s to 30 days; 12 hours. */
  readonly leaseSec?: number;
  readonly reservations?: readonly DhcpReservation[];
  /** The strongest rules: they win over those of the whole server. */
  readonly optionRules?: readonly OptionRule[];
}

export interface DhcpRange {
  readonly first: string;
  readonly last: string;
}

/** An address kept for one client, inside or outside of the ranges. */
export interface DhcpReservation {
  /** Hardware address with or without separators; or `clientIdentifier`. */
  readonly mac?: string;
  /** Option 61, hexadecimal. */
  readonly clientIdentifier?: string;
  readonly address: string;
  /** Option 12. */
  readonly hostName?: string;
  readonly tags?: readonly string[];
}
