/**
 * What the configuration costs with so many users (default 10,000) and half as many phones: start, compile, swap, one change,
 * one page of the list. Run with `node test/bench/snapshot.ts [users]`; prints milliseconds.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsEntity } from '../../system/configuration/entities/settings.ts';
import { compileSnapshot } from '../../system/configuration/snapshot/compile-snapshot.ts';
import type {
  SnapshotDevice,
  SnapshotUser,
} from '../../system/configuration/snapshot/snapshot-subject.ts';
import { Snapshot } from '../../system/configuration/snapshot/snapshot.ts';
import { systemClock } from '../../system/foundation/clock.ts';
import { silentLogger } from '../../system/foundation/logger.ts';
import { Secret } from '../../system/foundation/secret.ts';
import { systemActor } from '../../system/management-plane/actor.ts';
import { openConfigurationStore } from '../../system/management-plane/configuration-store/open-configuration-store.ts';
import { toSnapshotDevice } from '../../system/management-plane/device-accounts/device-sip-account.ts';
import type { Operation } from '../../system/management-plane/configuration-store/operation.ts';

const userCount = Number(process.argv[2] ?? 10_000);
const firstNumber = 100_000;

async function measure(title: string, rounds: number, run: () => unknown): Promise<void> {
  const durations: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startMs = performance.now();
    await run();
    durations.push(performance.now() - startMs);
  }
  durations.sort((a, b) => a - b);
  const [first = 0] = durations;
  const median = durations[Math.floor(durations.length / 2)] ?? 0;
  const last = durations.at(-1) ?? 0;
  const figures = [first, median, last].map((value) => value.toFixed(2).padStart(9)).join('');
  console.log(`${title.padEnd(44)}${figures}`);
}

function numberOf(index: number): string {
  return (firstNumber + index).toString();
}

const users: SnapshotUser[] = Array.from({ length: userCount }, (_, index) => ({
  id: `user${index.toString().padStart(12, '0')}`,
  name: `User ${index.toString()}`,
  extension: numberOf(index),
  sipUsername: numberOf(index),
  aliases: [`did${index.toString()}`],
  enabled: true,
  ha1: { md5: 'ab'.repeat(16), sha256: 'cd'.repeat(32) },
}));
const settings = settingsEntity.fromStored({});
/** Half as many phones as users, each with an account of its own. */
const deviceCount = Math.ceil(userCount / 2);
const sipKey = new Secret('bench');
const devices: SnapshotDevice[] = Array.from({ length: deviceCount }, (_, index) =>
  toSnapshotDevice(
    {
      mac: (0x001565000000 + index).toString(16).padStart(12, '0'),
      lines: [users[index]?.id ?? ''],
      loginNumber: index + 1,
    },
    sipKey,
    settings.sipDomain,
  ),
);

console.log(`${`${userCount.toString()} users, ms`.padEnd(44)}      min   median      max`);
await measure('compile everything', 10, () =>
  compileSnapshot({ revision: 1, settings, users, devices }),
);
const buffer = compileSnapshot({ revision: 1, settings, users, devices });
await measure('swap', 50, () => new Snapshot(buffer));
const snapshot = new Snapshot(buffer);
let next = 0;
await measure('1,000 SIP accounts, not decoded before', 4, () => {
  for (let index = 0; index < 1000; index += 1) {
    next = (next + 7) % userCount;
    snapshot.findSipAccount(numberOf(next));
  }
});
await measure('1,000 accounts of devices, not decoded', 2, () => {
  for (let index = 0; index < 1000; index += 1) {
    next = (next + 7) % deviceCount;
    snapshot.findSipAccount(devices[next]?.accounts[0]?.username ?? '');
  }
});

const dataDirectory = mkdtempSync(join(tmpdir(), 'campanile-bench-'));
const options = {
  dataDirectory,
  clock: systemClock,
  logger: silentLogger,
  hashFactoryPassword: () => Promise.resolve('$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$factory'),
  activate: () => undefined,
};
let store = await openConfigurationStore(options);
const operations = users.map((user): Operation => ({
  kind: 'create',
  entity: 'user',
  id: user.id,
  after: {
    name: user.name,
    extension: user.extension,
    aliases: user.aliases,
    sipPassword: new Secret(`password of ${user.name}`),
  },
}));
await measure('one revision that creates all', 1, () =>
  store.commit({ author: systemActor, reason: 'bench', operations }),
);
let round = 0;
await measure('one revision that changes one user', 20, () => {
  round += 1;
  const after = { department: `Department ${round.toString()}` };
  const operation: Operation = { kind: 'update', entity: 'user', id: users[5]?.id ?? '', after };
  return store.commit({ author: systemActor, reason: 'bench', operations: [operation] });
});
const page = { sort: 'name', direction: 'asc', page: 100, pageSize: 20 } as const;
await measure('list, page 100', 20, () => store.listUsers(page));
await measure('list, search of two words', 20, () =>
  store.listUsers({ ...page, page: 1, search: 'user 99' }),
);
await measure('export as text, secrets sealed', 3, () => store.exportText({ secrets: 'sealed' }));
await measure('close and start again', 3, async () => {
  await store.close();
  store = await openConfigurationStore(options);
});
const sizeBytes = statSync(join(dataDirectory, 'configuration.db')).size;
console.log(
  `database ${(sizeBytes / 1e6).toFixed(1)} MB, snapshot ${(buffer.byteLength / 1e6).toFixed(1)} MB`,
);
await store.close();
rmSync(dataDirectory, { recursive: true, force: true });
