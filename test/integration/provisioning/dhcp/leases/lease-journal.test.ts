import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Lease } from '../../../../../provisioning/dhcp/leases/lease.ts';
import type { StoredLeases } from '../../../../../provisioning/dhcp/leases/lease-store.ts';
import { LeaseJournal } from '../../../../../provisioning/dhcp/leases/lease-journal.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'campanile-leases-'));
  path = join(folder, 'leases');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function createLease(host: number, expiresAtMs = 1_000): Lease {
  return {
    address: 0x0a000000 + host,
    clientKey: `mac:${String(host)}`,
    mac: '00005e005301',
    state: 'bound',
    startedAtMs: 0,
    expiresAtMs,
    hostName: 'phone "one"',
  };
}

async function openJournal(): Promise<LeaseJournal> {
  const journal = new LeaseJournal(path);
  await journal.load();
  return journal;
}

async function reload(): Promise<StoredLeases> {
  const journal = new LeaseJournal(path);
  const loaded = await journal.load();
  await journal.close();
  return loaded;
}

describe('the journal of leases', () => {
  it('gives back the last state of each address, oldest change first', async () => {
    const journal = await openJournal();
    await Promise.all([
      journal.save([createLease(1), createLease(2)]),
      journal.save([createLease(3)]),
      journal.save([createLease(1, 2_000)]),
      journal.remove(createLease(3).address),
    ]);
    await journal.close();

    expect(await reload()).toEqual({
      leases: [createLease(2), createLease(1, 2_000)],
      damagedEntries: 0,
    });
  });

  it('has every lease on the disk when `save` resolves, without being closed', async () => {
    const journal = await openJournal();
    await journal.save([createLease(1)]);

    expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(1);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await journal.close();
  });

  it('leaves out a line that a crash cut off, and writes on behind it', async () => {
    const journal = await openJournal();
    await journal.save([createLease(1)]);
    await journal.close();
    appendFileSync(path, '{"address":"10.0.0.2","clientKe');

    const next = new LeaseJournal(path);
    const loaded = await next.load();
    await next.save([createLease(3)]);
    await next.close();

    expect(loaded).toEqual({ leases: [createLease(1)], damagedEntries: 0 });
    expect((await reload()).leases).toEqual([createLease(1), createLease(3)]);
  });

  it('keeps a damaged file aside and serves what is readable', async () => {
    const journal = await openJournal();
    await journal.save([createLease(1)]);
    await journal.close();
    const damaged = `garbage\n{"address":"10.0.0.9","state":"odd"}\n${readFileSync(path, 'utf8')}`;
    writeFileSync(path, damaged);

    const loaded = await reload();

    expect(loaded).toEqual({ leases: [createLease(1)], damagedEntries: 2 });
    expect(readFileSync(`${path}.damaged`, 'utf8')).toBe(damaged);
  });

  it('does not grow with renewals', async () => {
    const journal = await openJournal();
    for (let round = 0; round < 25; round += 1) {
      const renewals = Array.from({ length: 100 }, (_, host) => createLease(host, round));
      await journal.save(renewals);
    }
    await journal.close();

    const lineCount = readFileSync(path, 'utf8').split('\n').length;
    expect(lineCount).toBeLessThanOrEqual(1_001);
    const { leases } = await reload();
    expect(leases).toEqual(Array.from({ length: 100 }, (_, host) => createLease(host, 24)));
  });

  it('says so when the disk refuses, and goes on when it does not any more', async () => {
    const journal = await openJournal();
    const leases = Array.from({ length: 250 }, (_, host) => createLease(host));
    for (let round = 0; round < 4; round += 1) {
      await journal.save(leases);
    }
    rmSync(folder, { recursive: true });

    // The open file takes lines still; but now so many are outdated that it is written anew.
    await expect(journal.save([createLease(1, 6_000)])).rejects.toMatchObject({ code: 'ENOENT' });
    mkdirSync(folder);
    await journal.save([createLease(5, 7_000)]);
    await journal.close();

    // What was refused is in the next file too: nothing that is known is lost.
    const loaded = await reload();
    expect(loaded.leases).toHaveLength(250);
    expect(loaded.leases.slice(-2)).toEqual([createLease(1, 6_000), createLease(5, 7_000)]);
  });
});
