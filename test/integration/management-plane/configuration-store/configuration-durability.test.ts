import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemActor } from '../../../../system/management-plane/actor.ts';
import { ConfigurationFixture } from '../../../support/management-plane/configuration-fixture.ts';

const commitLoop = fileURLToPath(new URL('commit-loop.ts', import.meta.url));

let fixture: ConfigurationFixture;

beforeEach(() => {
  fixture = new ConfigurationFixture();
});

afterEach(async () => {
  await fixture.close();
});

/** Runs the loop until it has acknowledged so many revisions, kills it, returns the last number. */
async function runAndKill(acknowledgements: number, delayMs: number): Promise<number> {
  const child = spawn(process.execPath, [commitLoop, fixture.dataDirectory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    const isEnough = countLines(output) >= acknowledgements;
    output += text;
    if (!isEnough && countLines(output) >= acknowledgements) {
      // At some moment inside one of the following commits.
      setTimeout(() => child.kill('SIGKILL'), delayMs);
    }
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return Number(output.trimEnd().split('\n').at(-1));
}

function countLines(text: string): number {
  return text.split('\n').length - 1;
}

describe('kill -9 while changes are committed', () => {
  it('loses no acknowledged revision and leaves none half applied', async () => {
    for (let round = 0; round < 20; round += 1) {
      const acknowledged = await runAndKill(3, round * 0.9);

      const store = await fixture.open();
      const { head } = store;
      const [a, b] = await store.findUsers(['a', 'b']);
      // At most the one commit that was under way may be there beyond the acknowledged ones.
      expect(head - acknowledged).toBeGreaterThanOrEqual(0);
      expect(head - acknowledged).toBeLessThanOrEqual(1);
      const last = head.toString();
      expect([a?.document.department, b?.document.department]).toEqual([last, last]);
      expect(store.settings.systemName).toBe(last);
      expect(fixture.snapshot.findNumber(`b${last}`)).toEqual({ kind: 'user', userId: 'b' });
      expect(fixture.snapshot.findNumber(`b${(head - 1).toString()}`)).toBeUndefined();
      const { items, total } = await store.listRevisions({ page: 1, pageSize: 200 });
      expect(total).toBe(head);
      expect(items.slice(0, -2).every((revision) => revision.operationCount === 3)).toBe(true);
      expect(store.problems).toEqual([]);
      await store.close();
    }
  }, 120_000);
});

describe('a broken configuration database', () => {
  const commitOne = async (name: string): Promise<void> => {
    const store = await fixture.open();
    const operation = { kind: 'update', entity: 'user', id: 'admin', after: { name } } as const;
    await store.commit({ author: systemActor, reason: 'test', operations: [operation] });
    await store.close();
  };

  const quarantined = (): string[] =>
    readdirSync(fixture.dataDirectory).filter((name) => name.includes('.broken-'));

  it.each([
    [
      'overwritten',
      () => {
        writeFileSync(fixture.databasePath, 'not a database at all'.repeat(100));
      },
    ],
    [
      'damaged inside',
      () => {
        overwriteMiddle(fixture.databasePath);
      },
    ],
    [
      'truncated to nothing',
      () => {
        truncateSync(fixture.databasePath, 0);
      },
    ],
    [
      'cut off',
      () => {
        truncateSync(fixture.databasePath, 10_000);
      },
    ],
  ])(
    'is put aside and its copy taken, and that is reported, when it is %s',
    async (_how, damage) => {
      await commitOne('Kept');
      damage();

      const store = await fixture.open();

      expect((await store.findUser('admin'))?.document.name).toBe('Kept');
      expect(quarantined().length).toBeGreaterThanOrEqual(1);
      expect(store.problems).toEqual([expect.stringContaining('its copy of')]);
      const reopened = await fixture.reopen();
      expect(reopened.problems).toEqual([]);
    },
  );

  it('that has vanished is replaced by its copy', async () => {
    await commitOne('Kept');
    rmSync(fixture.databasePath);

    const store = await fixture.open();

    expect((await store.findUser('admin'))?.document.name).toBe('Kept');
    expect(store.problems).toEqual([expect.stringContaining('vanished')]);
  });

  it('without a copy is put aside, not overwritten, and that is reported', async () => {
    await commitOne('Lost');
    rmSync(`${fixture.databasePath}.copy`);
    writeFileSync(fixture.databasePath, 'garbage');

    const store = await fixture.open();

    expect(store.head).toBe(1);
    expect(store.problems).toEqual([expect.stringContaining('an empty one is in use')]);
    const [name = ''] = quarantined();
    expect(readFileSync(`${fixture.dataDirectory}/${name}`, 'utf8')).toBe('garbage');
  });

  it('is copied a minute after a change, and when it is closed', async () => {
    const store = await fixture.open();
    const copies = (): boolean =>
      readdirSync(fixture.dataDirectory).includes('configuration.db.copy');
    expect(copies()).toBe(false);

    fixture.clock.advance(60_000);
    await store.close();

    expect(copies()).toBe(true);
  });
});

function overwriteMiddle(path: string): void {
  const bytes = readFileSync(path);
  bytes.fill(0xa5, 4096, bytes.length - 100);
  writeFileSync(path, bytes);
}
