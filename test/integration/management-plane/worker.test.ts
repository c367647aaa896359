import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCallPlaneBus } from '../../../system/bus/ends.ts';
import type { ManagementWorkerData } from '../../../system/bus/management-worker-data.ts';
import { systemClock } from '../../../system/foundation/clock.ts';
import { silentLogger } from '../../../system/foundation/logger.ts';
import { ApiClient, testAdminPassword } from '../../support/management-plane/api-client.ts';
import { findFreePorts } from '../../support/daemon/free-ports.ts';
import {
  exampleBinding,
  PlayedCallPlane,
} from '../../support/management-plane/management-plane.ts';

const workerFile = new URL('../../../system/management-plane/worker.ts', import.meta.url);

interface RunningWorker {
  readonly worker: Worker;
  readonly callPlane: PlayedCallPlane;
  readonly ready: Promise<void>;
}

let dataDirectory: string;
let httpsPort: number;
let httpPort: number;
let running: RunningWorker | undefined;

beforeEach(async () => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'campanile-worker-'));
  [httpsPort = 0, httpPort = 0] = await findFreePorts(2);
});

afterEach(async () => {
  await kill();
  rmSync(dataDirectory, { recursive: true, force: true });
});

/** As the daemon starts it. */
function start(restarts: number): RunningWorker {
  const { port1, port2 } = new MessageChannel();
  const bus = createCallPlaneBus({ port: port1, clock: systemClock, logger: silentLogger });
  const callPlane = new PlayedCallPlane(bus);
  const workerData = {
    busPort: port2,
    settings: {
      dataDirectory,
      listenAddresses: ['127.0.0.1'],
      sipPort: 5060,
      sipTlsPort: 5061,
      httpsPort,
      httpPort,
      ftpPort: 2121,
      rtpPortMin: 40_000,
      rtpPortMax: 40_099,
      logLevel: 'error',
      sourceLimits: 'on',
    },
    bootId: 'boot',
    logDescriptor: 2,
    version: '1.2.3',
    restarts,
  } satisfies ManagementWorkerData;
  const worker = new Worker(workerFile, { workerData, transferList: [port2] });
  const ready = new Promise<void>((done, fail) => {
    bus.on('management.ready', () => {
      done();
    });
    worker.on('error', fail);
  });
  running = { worker, callPlane, ready };
  return running;
}

/** At once, in the middle of whatever it does. */
async function kill(): Promise<void> {
  await running?.worker.terminate();
  running?.callPlane.bus.close();
  running = undefined;
}

function connect(): ApiClient {
  return new ApiClient({ httpsUrl: `https://127.0.0.1:${String(httpsPort)}`, dataDirectory });
}

test('[UI-015] a killed web part is back within three seconds, with every acknowledged change', async () => {
  await start(0).ready;
  let client = connect();
  await client.firstLogin();
  const acknowledged: string[] = [];

  for (let round = 1; round <= 4; round += 1) {
    // Writes are under way when the thread ends.
    const writes = Array.from({ length: 8 }, async (_, index) => {
      const extension = String(round * 100 + index);
      const answer = await client.send('POST', '/users', { name: 'U', extension, passwords: {} });
      if (answer.status === 201) {
        acknowledged.push(extension);
      }
    });
    await Promise.race(writes);
    await kill();
    await Promise.allSettled(writes);

    const startedAtMs = performance.now();
    const { callPlane, ready } = start(round);
    await ready;
    const cookie = client.cookie;
    client = connect();
    const session = await client.send('GET', '/session', undefined, { cookie });
    expect(performance.now() - startedAtMs).toBeLessThan(3_000);
    expect(session.status).toBe(200);
    expect(callPlane.revisions).toHaveLength(1);
    await client.login('admin', testAdminPassword);
  }

  const { items } = (await client.expect(200, 'GET', '/users?pageSize=200')) as {
    items: { extension?: string }[];
  };
  const extensions = new Set(items.map(({ extension }) => extension));
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(acknowledged.filter((extension) => !extensions.has(extension))).toEqual([]);
});

test('registrations outlive a restart of the daemon, and follow the call plane after one of the web part', async () => {
  const first = start(0);
  await first.ready;
  const stored = exampleBinding('user-100');
  first.callPlane.bus.emit('bindings.changed', { updated: [stored], removed: [] });
  await first.callPlane.bus.request('stop', {});
  await kill();

  const afterReboot = start(0);
  await afterReboot.ready;
  expect(afterReboot.callPlane.restored).toEqual([stored]);
  await kill();

  const afterCrash = start(1);
  afterCrash.callPlane.bindings = [exampleBinding('user-101'), exampleBinding('user-102')];
  await afterCrash.ready;
  expect(afterCrash.callPlane.restored).toEqual([]);
  const client = connect();
  await client.firstLogin();
  const page = (await client.expect(200, 'GET', '/registrations')) as {
    items: { userId: string }[];
  };
  expect(page.items.map(({ userId }) => userId).sort()).toEqual(['user-101', 'user-102']);
});

test('[SEC-013] bans of SIP outlive a restart of the daemon, and follow the call plane after one of the web part', async () => {
  const first = start(0);
  await first.ready;
  const ban = (address: string, lastsMs = 600_000) => ({
    address,
    offence: 'failed-authentications' as const,
    bannedAtMs: Date.now(),
    endsAtMs: Date.now() + lastsMs,
  });
  const [kept, ending, lifted] = [ban('203.0.113.1'), ban('203.0.113.2', 1), ban('203.0.113.3')];
  first.callPlane.bus.emit('bans.changed', { banned: [kept, ending, lifted], lifted: [] });
  first.callPlane.bus.emit('bans.changed', { banned: [], lifted: [lifted.address] });
  await first.callPlane.bus.request('stop', {});
  await kill();

  const afterReboot = start(0);
  await afterReboot.ready;
  expect(afterReboot.callPlane.bans).toEqual([kept]);
  await kill();

  // The call plane has gone on without it.
  const newer = ban('203.0.113.4');
  const afterCrash = start(1);
  afterCrash.callPlane.bans = [newer];
  await afterCrash.ready;
  await afterCrash.callPlane.bus.request('stop', {});
  await kill();

  const atLast = start(0);
  await atLast.ready;
  expect(atLast.callPlane.bans).toEqual([newer]);
});

test('a port that is taken is told in words', async () => {
  await start(0).ready;
  const holder = running;
  running = undefined;
  const otherDirectory = dataDirectory;
  dataDirectory = mkdtempSync(join(tmpdir(), 'campanile-worker-'));
  try {
    await expect(start(0).ready).rejects.toThrow(`port ${String(httpsPort)}`);
  } finally {
    await holder?.worker.terminate();
    rmSync(otherDirectory, { recursive: true, force: true });
  }
  expect(readFileSync(join(dataDirectory, 'tls/certificate.pem'), 'utf8')).toContain('BEGIN');
});
