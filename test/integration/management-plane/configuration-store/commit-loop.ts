/**
 * The process that configuration-durability.test.ts kills: commits revisions without end and prints
 * the number of each once it is acknowledged. Each revision changes two users and the settings, so
 * that a half applied one would show.
 */
import { writeSync } from 'node:fs';
import { systemClock } from '../../../../system/foundation/clock.ts';
import { silentLogger } from '../../../../system/foundation/logger.ts';
import { systemActor } from '../../../../system/management-plane/actor.ts';
import { openConfigurationStore } from '../../../../system/management-plane/configuration-store/open-configuration-store.ts';

const store = await openConfigurationStore({
  dataDirectory: process.argv[2] ?? '',
  clock: systemClock,
  logger: silentLogger,
  hashFactoryPassword: () => Promise.resolve('$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$factory'),
  activate: () => undefined,
});
if (store.head === 1) {
  await store.commit({
    author: systemActor,
    reason: 'users',
    operations: ['a', 'b'].map((id, index) => ({
      kind: 'create',
      entity: 'user',
      id,
      after: { name: id, extension: (101 + index).toString() },
    })),
  });
}
for (;;) {
  const next = (store.head + 1).toString();
  const { number } = await store.commit({
    author: systemActor,
    reason: `revision ${next}`,
    operations: [
      {
        kind: 'update',
        entity: 'user',
        id: 'a',
        after: { department: next, aliases: [`a${next}`] },
      },
      {
        kind: 'update',
        entity: 'user',
        id: 'b',
        after: { department: next, aliases: [`b${next}`] },
      },
      { kind: 'update', entity: 'settings', id: 'settings', after: { systemName: next } },
    ],
  });
  // Past every buffer of this process: what was written is acknowledged.
  writeSync(1, `${number.toString()}\n`);
}
