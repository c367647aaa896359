/** The questions to the DNS that locating a SIP server needs. */

export interface NaptrRecord {
  readonly order: number;
  readonly preference: number;
  /** `s` points to SRV records; other flags are of no use to SIP (RFC 3263 §4.1). */
  readonly flags: string;
  /** E.g. `SIP+D2U`. */
  readonly service: string;
  readonly replacement: string;
}

export interface SrvRecord {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  /** Empty or `.`: the service is decidedly not offered (RFC 2782). */
  readonly name: string;
}

/** Every method answers with an empty list where there is no such name or record, or no answer. */
export interface Resolver {
  resolveNaptr(domain: string): Promise<readonly NaptrRecord[]>;
  resolveSrv(name: string): Promise<readonly SrvRecord[]>;
  /** IPv4 and IPv6 addresses of a host, in order of preference. */
  resolveAddresses(host: string): Promise<readonly string[]>;
}
