/**
 * kill -9 while new phones come into the list: their revision is there whole or not at all, who was
 * served is known, and every phone can go on.
 */
import { watch } from 'node:fs';
import { get as getHttp } from 'node:http';
import { get as getHttps, type RequestOptions } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, testAdminPassword } from '../../support/management-plane/api-client.ts';
import { startDaemon, type TestDaemon } from '../../support/daemon/daemon.ts';

const rounds = 8;
const phonesPerRound = 48;
/** Longer than a commit of so many. */
const longestDelayMs = 60;

interface Phone {
  readonly mac: string;
  readonly address: string;
}

/** How far a phone has come: where it is to fetch next. */
interface Progress {
  readonly phone: Phone;
  /** It was answered where its secret file is. */
  temporaryUrl?: string;
  /** It has had its secret file, and with it its own address. */
  ownUrl?: string;
}

interface RevisionItem {
  readonly number: number;
  readonly reason: string;
  readonly operationCount: number;
}

let daemon: TestDaemon;
let admin: ApiClient;

beforeAll(async () => {
  daemon = await startDaemon();
  admin = new ApiClient(daemon);
  await admin.firstLogin();
  const anyVersion = { 'if-match': '*' };
  await admin.expect(200, 'PATCH', '/provisioning/settings', { httpEnabled: true }, anyVersion);
});
afterAll(() => daemon.remove());

/** The body of a 200; undefined: another answer, or none because the daemon is gone. */
function fetchFile(url: string, { address }: Phone): Promise<string | undefined> {
  const userAgent = 'Yealink SIP-T53W 96.86.0.15';
  const options: RequestOptions = {
    localAddress: address,
    headers: { 'user-agent': userAgent },
    rejectUnauthorized: false,
    agent: false,
    timeout: 10_000,
  };
  return new Promise((done) => {
    const request = (url.startsWith('https:') ? getHttps : getHttp)(url, options, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (text: string) => {
        body += text;
      });
      answer.on('close', () => {
        done(answer.complete && answer.statusCode === 200 ? body : undefined);
      });
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => {
      done(undefined);
    });
  });
}

function fetchUrlOf(body: string | undefined): string | undefined {
  return /^static\.auto_provision\.server\.url = (\S+)$/m.exec(body ?? '')?.[1];
}

/** As far as it gets. */
async function boot(progress: Progress): Promise<void> {
  const { phone } = progress;
  const file = `${phone.mac}.cfg`;
  const bootstrap = await fetchFile(`${daemon.httpUrl}/prov/${file}`, phone);
  const temporaryUrl = fetchUrlOf(bootstrap);
  if (temporaryUrl !== undefined) {
    progress.temporaryUrl = temporaryUrl;
    const ownUrl = fetchUrlOf(await fetchFile(temporaryUrl + file, phone));
    if (ownUrl !== undefined) {
      progress.ownUrl = ownUrl;
    }
  }
}

/** Resolves when the file of the configuration is written to. */
function waitForCommit(): Promise<void> {
  return new Promise((done) => {
    const watcher = watch(daemon.dataDirectory, (_event, name) => {
      if (name === 'configuration.db-wal') {
        watcher.close();
        done();
      }
    });
  });
}

/** Every item of a list, page by page. */
async function listAll<T>(path: string): Promise<T[]> {
  const all: T[] = [];
  for (let page = 1; ; page += 1) {
    const { items, total } = (await admin.expect(
      200,
      'GET',
      `${path}?pageSize=200&page=${String(page)}`,
    )) as { items: T[]; total: number };
    all.push(...items);
    if (items.length === 0 || all.length >= total) {
      return all;
    }
  }
}

describe('kill -9 while new phones are stored', () => {
  it('[DEV-037] [DEV-040] forgets no phone that was served, stores no half revision, and lets each go on', async () => {
    const started: Progress[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await admin.expect(200, 'POST', '/provisioning/window', { minutes: 5 });
      const now = Array.from({ length: phonesPerRound }, (_, index): Progress => {
        const number = (round * phonesPerRound + index).toString(16).padStart(6, '0');
        // An address may bring four new devices.
        const address = `127.1.${String(round)}.${String(1 + (index >> 2))}`;
        return { phone: { mac: `805ec0${number}`, address } };
      });
      started.push(...now);

      // By turns inside the commit, and when the first phones have been served.
      const committing = waitForCommit();
      const booting = now.map(boot);
      await (round % 2 === 0 ? committing : Promise.race(booting));
      await new Promise((wake) => setTimeout(wake, Math.random() * longestDelayMs));
      await daemon.kill();
      await Promise.all(booting);

      await daemon.start();
      await admin.login('admin', testAdminPassword);
      const devices = await listAll<{ mac: string; extension: string }>('/devices');
      const known = new Set(devices.map(({ mac }) => mac));
      const served = started.filter(({ temporaryUrl }) => temporaryUrl !== undefined);
      expect(served.filter(({ phone }) => !known.has(phone.mac))).toEqual([]);
      // Each has a login number of its own.
      expect(new Set(devices.map(({ extension }) => extension)).size).toBe(devices.length);
      const revisions = await listAll<RevisionItem>('/revisions');
      let appeared = 0;
      for (const { reason, operationCount } of revisions) {
        const said = /^(?:A device|(\d+) devices) appeared/.exec(reason);
        if (said !== null) {
          expect(operationCount).toBe(Number(said[1] ?? 1));
          appeared += operationCount;
        }
      }
      expect(appeared).toBe(devices.length);
      expect(revisions.map(({ number }) => number)).toEqual(
        revisions.map((_, index) => revisions.length - index),
      );

      // Without a window: those of the list go on with what they have, or begin anew.
      const stuck = await Promise.all(
        now
          .filter(({ phone }) => known.has(phone.mac))
          .map(async (progress) => {
            const { phone, ownUrl } = progress;
            if (ownUrl === undefined) {
              await boot(progress);
            }
            const file = await fetchFile(`${progress.ownUrl ?? ''}${phone.mac}.cfg`, phone);
            return file === undefined ? [phone.mac] : [];
          }),
      );
      expect(stuck.flat()).toEqual([]);
    }
    const { items: parts } = (await admin.expect(200, 'GET', '/parts')) as {
      items: { name: string; state: string }[];
    };
    expect(parts.filter(({ state }) => state !== 'running')).toEqual([]);
  });
});
