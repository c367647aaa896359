import { expect, test } from 'vitest';
import { RejectedDirectory } from '../../../../../system/management-plane/provisioning/directory/rejected-directory.ts';
import {
  unseenDevice,
  type SeenDevice,
} from '../../../../../system/management-plane/provisioning/device-state/seen-device.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';

const documents = [
  { mac: '001565aabb01', vendor: 'yealink', comment: 'Hall', rejectedAt: '2026-03-01T09:00:00Z' },
  { mac: '000413aabb02', vendor: 'snom', rejectedBy: 'Émile', rejectedAt: '2026-03-02T09:00:00Z' },
  { mac: '000b82aabb03' },
];

async function openDirectory() {
  const clock = new FakeClock();
  const seen = new Map<string, SeenDevice>();
  const find = (mac: string): SeenDevice => seen.get(mac) ?? unseenDevice(mac);
  const directory = new RejectedDirectory({
    store: {
      findAll: () =>
        Promise.resolve(documents.map((document) => ({ id: document.mac, document, version: 1 }))),
      onRevision: () => () => undefined,
    },
    seen: {
      find,
      change: (mac, change) => {
        const changed = { ...find(mac), ...change };
        seen.set(mac, changed);
        return changed;
      },
    },
    clock,
  });
  await directory.start();
  return { directory, seen, clock };
}

const query = { sort: 'rejectedAt', direction: 'desc', page: 1, pageSize: 20 } as const;

test('[DEV-058] a rejected device gets nothing and is counted; of another nothing is noted', async () => {
  const { directory, seen, clock } = await openDirectory();

  expect(directory.refuses('001565ffffff')).toBe(false);
  expect([...seen]).toEqual([]);
  expect(directory.refuses('001565aabb01')).toBe(true);
  clock.advance(60_000);
  expect(directory.refuses('001565aabb01')).toBe(true);

  const { items } = directory.list({ ...query, search: 'hall' });
  expect(items).toMatchObject([{ asked: 2, lastAskedAtMs: clock.wallMs() }]);
});

test.each([
  ['', ['000413aabb02', '001565aabb01', '000b82aabb03']],
  ['emile', ['000413aabb02']],
  ['00:15:65', ['001565aabb01']],
  ['yealink hall', ['001565aabb01']],
  ['yealink emile', []],
])('the search %j finds the rejected devices %j, the last rejected first', async (search, macs) => {
  const { directory } = await openDirectory();
  const { items, total } = directory.list({ ...query, search });
  expect(items.map(({ rejected }) => rejected.mac)).toEqual(macs);
  expect(total).toBe(macs.length);
});

test('pages are cut after sorting', async () => {
  const { directory } = await openDirectory();
  const page = directory.list({ ...query, sort: 'mac', direction: 'asc', page: 2, pageSize: 2 });
  expect(page.items.map(({ rejected }) => rejected.mac)).toEqual(['001565aabb01']);
  expect(page.total).toBe(3);
});
