/**
 * 1,000 phones after a power cut, against the real daemon: DHCP, five files each (three quarters over
 * HTTPS, the rest by TFTP), registration with the account in the files. Daemon and phones run in
 * network namespaces of their own and share the machine's processors.
 *
 *   npm run bench power-cut [-- --phones 1000 --spread-ms 2000]
 *
 * Wanted: everybody served and registered within 30 s, and the call plane's event loop late by no more
 * than 10 ms at the 99th percentile meanwhile. Ends with status 1 otherwise. Needs root.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../system/foundation/clock.ts';
import { silentLogger } from '../../system/foundation/logger.ts';
import { Secret } from '../../system/foundation/secret.ts';
import { factoryPassword } from '../../system/management-plane/accounts/factory-password.ts';
import { PasswordHasher } from '../../system/management-plane/accounts/password-hash.ts';
import { systemActor } from '../../system/management-plane/actor.ts';
import { openConfigurationStore } from '../../system/management-plane/configuration-store/open-configuration-store.ts';
import type { Operation } from '../../system/management-plane/configuration-store/operation.ts';
import {
  createDeviceCredentials,
  sealDeviceCredentials,
} from '../../system/management-plane/device-accounts/device-credentials.ts';
import { startDaemon } from '../support/daemon/daemon.ts';
import { NetworkLab } from '../support/network-lab.ts';
import type { PhonesPlan, PhonesResult, PlannedPhone } from './power-cut-phones.ts';

const { values: options } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== 'power-cut'),
  options: {
    phones: { type: 'string', default: '1000' },
    'spread-ms': { type: 'string', default: '2000' },
  },
});
const phoneCount = Number(options.phones);
const spreadMs = Number(options['spread-ms']);
const wantedSec = 30;
const wantedP99Ms = 10;
const timeoutMs = 50_000;
const blfKeysEach = 10;

const server = '10.135.0.1';
const lan = { subnet: '10.135.0.0/16', broadcast: '10.135.255.255' };

const macOf = (index: number): string => `805ec0${index.toString(16).padStart(6, '0')}`;
const extensionOf = (index: number): string => String(10_000 + index);

/** Users, devices with their secrets, files of the site, and every door open. */
async function seed(dataDirectory: string): Promise<readonly PlannedPhone[]> {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const store = await openConfigurationStore({
    dataDirectory,
    clock: systemClock,
    logger: silentLogger,
    hashFactoryPassword: () => new PasswordHasher().hash(factoryPassword),
    activate: () => undefined,
  });
  const phones: PlannedPhone[] = [];
  const operations: Operation[] = [
    {
      kind: 'create',
      entity: 'device-file',
      id: 'site',
      after: { name: 'site.cfg', text: fill(2_000) },
    },
    {
      kind: 'create',
      entity: 'device-file',
      id: 'rings',
      after: { name: 'rings.cfg', text: fill(1_000) },
    },
    {
      kind: 'create',
      entity: 'device-group',
      id: 'office',
      after: {
        name: 'Office',
        settings: { 'time.zone': 'Europe/Rome' },
        customFiles: ['site', 'rings'],
      },
    },
  ];
  for (let index = 0; index < phoneCount; index += 1) {
    const mac = macOf(index);
    const extension = extensionOf(index);
    const credentials = createDeviceCredentials();
    const way = index % 4 === 3 ? 'tftp' : 'https';
    phones.push({ mac, token: credentials.token.reveal(), way });
    operations.push(
      {
        kind: 'create',
        entity: 'user',
        id: `user-${extension}`,
        after: {
          role: 'user',
          name: `User ${extension}`,
          extension,
          sipPassword: new Secret(`power-cut-${extension}`),
        },
      },
      {
        kind: 'create',
        entity: 'device',
        id: mac,
        after: {
          mac,
          vendor: 'yealink',
          model: 'T46U',
          lines: [`user-${extension}`],
          groups: ['office'],
          keys: Array.from({ length: blfKeysEach }, (_, key) => ({
            area: 'line' as const,
            index: key + 2,
            kind: 'blf' as const,
            value: extensionOf((index + key + 1) % phoneCount),
            label: `Desk ${String(key + 1)}`,
          })),
          tftpException: way === 'tftp',
          loginNumber: index + 1,
          credentials: sealDeviceCredentials(credentials, mac, store),
        },
      },
    );
  }
  operations.push(
    {
      kind: 'update',
      entity: 'provisioning',
      id: 'provisioning',
      after: { httpEnabled: true, tftpEnabled: true, pnpEnabled: true },
    },
    {
      kind: 'update',
      entity: 'dhcp',
      id: 'dhcp',
      after: {
        interfaces: [
          { name: 'lan1', address: server, isEnabled: true, isAllowedBesideOthers: true },
        ],
        subnets: [
          {
            subnet: lan.subnet,
            ranges: [{ first: '10.135.8.1', last: '10.135.15.254' }],
            routers: [server],
            ntpServers: [server],
          },
        ],
      },
    },
  );
  await store.commit({ author: systemActor, reason: 'Before the power cut', operations });
  await store.close();
  return phones;
}

function fill(lines: number): string {
  return Array.from({ length: lines / 20 }, (_, line) => `site.value.${String(line)} = 1`).join(
    '\n',
  );
}

interface Lateness {
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** By thread, out of what the probe in the daemon wrote between two moments. */
function readLateness(path: string, fromMs: number, toMs: number): ReadonlyMap<string, Lateness> {
  const samples = new Map<string, number[]>();
  for (const line of readFileSync(path, 'utf8').trim().split('\n')) {
    const { thread, atMs, lateMs } = JSON.parse(line) as {
      thread: string;
      atMs: number;
      lateMs: number[];
    };
    if (atMs >= fromMs && atMs <= toMs + 1_000) {
      samples.set(thread, [...(samples.get(thread) ?? []), ...lateMs]);
    }
  }
  return new Map(
    [...samples].map(([thread, late]) => {
      const sorted = late.toSorted((a, b) => a - b);
      const p99Ms = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
      return [thread, { p99Ms, maxMs: sorted.at(-1) ?? 0 }];
    }),
  );
}

/** Of the whole process, in milliseconds. */
function readCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function readResidentMb(pid: number): number {
  const text = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1_024);
}

async function main(): Promise<void> {
  const lab = new NetworkLab();
  const folder = mkdtempSync(join(tmpdir(), 'campanile-power-cut-'));
  const probeFile = join(folder, 'event-loop');
  const serverSpace = lab.addNamespace('server');
  lab.addSwitch(serverSpace, 'lan1', `${server}/16`);
  const phonesSpace = lab.addNamespace('phones');
  const wire = { namespace: serverSpace, switch: 'lan1' };
  lab.connect(phonesSpace, 'eth0', wire, { address: '10.135.0.2/16' });
  let phones: readonly PlannedPhone[] = [];
  const probe = resolve(import.meta.dirname, 'event-loop-probe.ts');
  const daemon = await startDaemon({
    prefix: [
      ...['ip', 'netns', 'exec', serverSpace],
      ...['env', `NODE_OPTIONS=--import=${probe}`, `EVENT_LOOP_PROBE=${probeFile}`],
    ],
    settings: { listenAddresses: [server], sipPort: 5060, httpsPort: 443, httpPort: 80 },
    prepare: async (dataDirectory) => {
      phones = await seed(dataDirectory);
    },
  }).catch((error: unknown) => {
    lab.close();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  try {
    const plan: PhonesPlan = {
      server,
      interfaceName: 'eth0',
      broadcast: lan.broadcast,
      phones,
      spreadMs,
      timeoutMs,
    };
    const planFile = join(folder, 'plan.json');
    writeFileSync(planFile, JSON.stringify(plan));
    const program = resolve(import.meta.dirname, 'power-cut-phones.ts');
    const cpuBeforeMs = readCpuMs(daemon.pid);
    const fromMs = Date.now();
    const { output } = await lab.run(phonesSpace, process.execPath, [program, planFile]);
    const toMs = Date.now();
    const line = output.split('\n').find((text) => text.startsWith('{'));
    if (line === undefined) {
      throw new Error(`The phones ended without a result:\n${output}`);
    }
    const result = JSON.parse(line) as PhonesResult;
    // The probe writes once a second.
    await new Promise((done) => setTimeout(done, 1_100));
    const isGood = report(result, {
      lateness: readLateness(probeFile, fromMs, toMs),
      cpuMs: readCpuMs(daemon.pid) - cpuBeforeMs,
      residentMb: readResidentMb(daemon.pid),
    });
    if (!isGood) {
      for (const entry of daemon.log
        .filter((text) => /"level":"(warn|error)"/.test(text))
        .slice(0, 10)) {
        console.log(entry);
      }
    }
    process.exitCode = isGood ? 0 : 1;
  } finally {
    await daemon.remove();
    lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(
  result: PhonesResult,
  daemon: {
    readonly lateness: ReadonlyMap<string, Lateness>;
    readonly cpuMs: number;
    readonly residentMb: number;
  },
): boolean {
  const call = daemon.lateness.get('main') ?? { p99Ms: Infinity, maxMs: Infinity };
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  const isServed = result.done === phoneCount && result.totalMs <= wantedSec * 1_000;
  const isPrompt = call.p99Ms <= wantedP99Ms;
  console.log(
    `Power cut: ${String(phoneCount)} phones on ${String(cpus().length)} processors, shared with the load`,
  );
  console.log(
    `  served and registered   ${String(result.done)} in ${seconds(result.totalMs)} (wanted: all within ${String(wantedSec)} s) ${isServed ? 'ok' : 'MISSED'}`,
  );
  console.log(
    `  call plane, event loop  p99 ${call.p99Ms.toFixed(1)} ms, max ${call.maxMs.toFixed(1)} ms (wanted: p99 within ${String(wantedP99Ms)} ms) ${isPrompt ? 'ok' : 'MISSED'}`,
  );
  for (const [thread, { p99Ms, maxMs }] of daemon.lateness) {
    if (thread !== 'main') {
      console.log(`  ${thread.padEnd(22)}  p99 ${p99Ms.toFixed(1)} ms, max ${maxMs.toFixed(1)} ms`);
    }
  }
  console.log(
    `  one phone               median ${seconds(result.medianMs)}, slowest ${seconds(result.slowestMs)}`,
  );
  for (const [step, { medianMs, maxMs }] of Object.entries(result.steps)) {
    console.log(
      `    ${step.padEnd(20)}  median ${String(medianMs)} ms, slowest ${String(maxMs)} ms`,
    );
  }
  console.log(
    `  files                   ${String(result.files)}, ${(result.fileBytes / 1e6).toFixed(1)} MB, ${String(result.blfKeys)} BLF keys, ${String(result.retransmissions)} retransmissions`,
  );
  console.log(
    `  processor time          daemon ${seconds(daemon.cpuMs)}, phones ${seconds(result.cpuMs)}; daemon resident ${String(daemon.residentMb)} MB`,
  );
  for (const failure of result.failures) {
    console.log(`  failed: ${failure}`);
  }
  return isServed && isPrompt && result.blfKeys === phoneCount * blfKeysEach;
}

await main();
