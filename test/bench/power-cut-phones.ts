/**
 * The phones of `power-cut.ts`, a process in the phones' network namespace. Each does what a real one
 * does when the power comes back: DHCP, its files over one TLS connection (or by TFTP), and a
 * registration with the account that stands in them. Cheap on purpose: raw sockets, no HTTP library.
 *
 * Argument: path of a JSON file, PhonesPlan. Prints one JSON line, PhonesResult.
 */
import { readFileSync } from 'node:fs';
import { Addresses } from './power-cut-phone/addresses.ts';
import { DhcpClients } from './power-cut-phone/dhcp-clients.ts';
import { fetchByTftp } from './power-cut-phone/fetch-by-tftp.ts';
import { HttpsFetcher } from './power-cut-phone/https-fetcher.ts';
import { register } from './power-cut-phone/register.ts';
import { Tally } from './power-cut-phone/tally.ts';

export interface PlannedPhone {
  readonly mac: string;
  /** Of the device: part of the address of its files, which it has stored. */
  readonly token: string;
  readonly way: 'https' | 'tftp';
}

export interface PhonesPlan {
  readonly server: string;
  readonly interfaceName: string;
  readonly broadcast: string;
  readonly phones: readonly PlannedPhone[];
  /** They start within this time, as their boot takes one more or less. */
  readonly spreadMs: number;
  readonly timeoutMs: number;
}

export interface PhonesResult {
  readonly done: number;
  readonly failures: readonly string[];
  /** From the first start to the last registration. */
  readonly totalMs: number;
  /** Of one phone, from its start. */
  readonly medianMs: number;
  readonly slowestMs: number;
  readonly files: number;
  readonly fileBytes: number;
  readonly blfKeys: number;
  /** Slowest of each step, median of each step. */
  readonly steps: Readonly<Record<string, { readonly medianMs: number; readonly maxMs: number }>>;
  readonly retransmissions: number;
  readonly cpuMs: number;
}

const plan = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as PhonesPlan;

const tally = new Tally();
const run = { ...plan, tally };

/** What the boot file says comes after it; the two of the site first, then the phone's own. */
async function fetchAll(phone: PlannedPhone, address: string): Promise<string> {
  const { mac, token, way } = phone;
  const names = [`${mac}.boot`, 'y000000000108.cfg', 'site.cfg', 'rings.cfg', `${mac}.cfg`];
  const https =
    way === 'https'
      ? await tally.measured('tls', HttpsFetcher.open(run.server, mac, address))
      : undefined;
  let configuration = '';
  for (const name of names) {
    const body =
      https === undefined
        ? await tally.measured('tftp file', fetchByTftp(run, `prov/${token}/${name}`, address))
        : await tally.measured('https file', https.fetch(`/prov/${token}/${name}`));
    tally.files += 1;
    tally.fileBytes += body.length;
    configuration = body.toString('utf8');
  }
  https?.close();
  return configuration;
}

async function main(): Promise<void> {
  const dhcp = await DhcpClients.open(run);
  await dhcp.untilOpen();
  const addresses = new Addresses(plan.interfaceName);
  const failures: string[] = [];
  const tookMs: number[] = [];
  const beginMs = performance.now();
  let lastMs = beginMs;
  const boot = async (phone: PlannedPhone, delayMs: number): Promise<void> => {
    await new Promise((done) => setTimeout(done, delayMs));
    const startMs = performance.now();
    try {
      const address = await tally.measured('dhcp', dhcp.take(phone.mac));
      await addresses.add(address);
      const configuration = await fetchAll(phone, address);
      tally.blfKeys += configuration.match(/^linekey\.\d+\.type = 16$/gm)?.length ?? 0;
      await tally.measured('register', register(run, configuration, address));
      lastMs = performance.now();
      tookMs.push(lastMs - startMs);
    } catch (error) {
      failures.push(`${phone.mac}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const { phones, spreadMs, timeoutMs } = plan;
  const all = Promise.all(
    phones.map((phone, index) => boot(phone, (index * spreadMs) / phones.length)),
  );
  const { promise: overtime, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => {
    resolve(undefined);
  }, timeoutMs);
  await Promise.race([all, overtime]);
  clearTimeout(timer);
  dhcp.close();
  addresses.close();
  const sorted = tookMs.toSorted((a, b) => a - b);
  const middle = (values: readonly number[]): number =>
    Math.round(values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0);
  const { user, system } = process.cpuUsage();
  const result: PhonesResult = {
    done: tookMs.length,
    failures: failures.slice(0, 10),
    totalMs: Math.round(lastMs - beginMs),
    medianMs: middle(sorted),
    slowestMs: Math.round(sorted.at(-1) ?? 0),
    files: tally.files,
    fileBytes: tally.fileBytes,
    blfKeys: tally.blfKeys,
    steps: Object.fromEntries(
      [...tally.stepMs].map(([step, times]) => [
        step,
        { medianMs: middle(times), maxMs: Math.round(Math.max(...times)) },
      ]),
    ),
    retransmissions: tally.retransmissions,
    cpuMs: Math.round((user + system) / 1_000),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}

await main();
