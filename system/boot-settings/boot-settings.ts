/**
 * What the daemon must know before it can read its own database: where its data are, which
 * addresses and ports it takes, how loud it logs. Read once from a file and the environment,
 * validated, frozen. Everything an administrator changes in daily work is in
 * `system/configuration` instead.
 */
import { z } from 'zod';
import { logLevels } from '../foundation/logger.ts';

const port = z.number().int().min(1).max(65_535);
/** An IP address as sockets want it; the names of zones are allowed in IPv6. */
const address = z.union([z.ipv4(), z.ipv6()], { error: 'must be an IPv4 or IPv6 address' });

export const bootSettingsSchema = z.strictObject({
  dataDirectory: z
    .string()
    .min(1)
    .describe('Where databases, keys, certificates and logs are kept'),
  listenAddresses: z
    .array(address)
    .min(1)
    .describe('Local addresses of SIP and of the web; 0.0.0.0 and :: take all'),
  sipPort: port.describe('UDP and TCP port of SIP'),
  sipTlsPort: port.describe('Port of SIP over TLS'),
  httpsPort: port.describe('Port of WMS and the API'),
  httpPort: port.describe('Port that leads browsers to HTTPS'),
  ftpPort: port.describe('Port of FTP for devices, while it is turned on'),
  rtpPortMin: port.describe('First port of the range for audio; even'),
  rtpPortMax: port.describe('Last port of the range for audio; odd'),
  logLevel: z.enum(logLevels).describe('What is logged; parts can be changed while running'),
  sourceLimits: z
    .enum(['on', 'off'])
    .describe('Limits per source address of SIP messages; off is for load tests'),
});

export type BootSettings = Readonly<z.infer<typeof bootSettingsSchema>>;
export type BootSettingName = keyof BootSettings;

/** The ports a fresh installation takes. `high` is for users other than root and for second instances. */
export const portPresets = {
  standard: {
    sipPort: 5060,
    sipTlsPort: 5061,
    httpsPort: 443,
    httpPort: 80,
    ftpPort: 21,
    rtpPortMin: 30_000,
    rtpPortMax: 39_999,
  },
  high: {
    sipPort: 15_060,
    sipTlsPort: 15_061,
    httpsPort: 8443,
    httpPort: 8080,
    ftpPort: 2121,
    rtpPortMin: 40_000,
    rtpPortMax: 49_999,
  },
} as const;

export type PortPreset = keyof typeof portPresets;
