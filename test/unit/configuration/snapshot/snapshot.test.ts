import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldUserPart } from '../../../../system/configuration/entities/fold-user-part.ts';
import {
  settingsEntity,
  type Settings,
} from '../../../../system/configuration/entities/settings.ts';
import {
  compileSnapshot,
  SnapshotCompiler,
} from '../../../../system/configuration/snapshot/compile-snapshot.ts';
import type {
  SnapshotDevice,
  SnapshotUser,
} from '../../../../system/configuration/snapshot/snapshot-subject.ts';
import { Snapshot } from '../../../../system/configuration/snapshot/snapshot.ts';
import type { UserId } from '../../../../system/foundation/ids.ts';
import type { NumberOwner } from '../../../../system/routing/route-call.ts';

const settings = settingsEntity.fromStored({});
const ha1 = { md5: '0123456789abcdef'.repeat(2), sha256: 'fedcba9876543210'.repeat(4) };

function createUser(changes: Partial<SnapshotUser> = {}): SnapshotUser {
  return {
    id: 'u1',
    name: 'Ada Lovelace',
    extension: '101',
    sipUsername: '101',
    aliases: [],
    enabled: true,
    ha1,
    ...changes,
  };
}

function open(users: readonly SnapshotUser[], revision = 1, of: Settings = settings): Snapshot {
  return new Snapshot(compileSnapshot({ revision, settings: of, users }));
}

/** Letters and digits that collide when case is folded, and few enough that keys repeat. */
const key = fc.string({
  unit: fc.constantFrom(...Array.from('aAbB019*#')),
  minLength: 1,
  maxLength: 5,
});

const users: fc.Arbitrary<SnapshotUser[]> = fc
  .array(
    fc.record({
      id: key,
      name: fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
      extension: fc.option(key, { nil: undefined }),
      sipUsername: fc.option(key, { nil: undefined }),
      aliases: fc.array(key, { maxLength: 4 }),
      enabled: fc.boolean(),
      ha1: fc.option(
        fc.record({
          md5: fc.string({
            unit: fc.constantFrom(...Array.from('0123456789abcdef')),
            minLength: 32,
            maxLength: 32,
          }),
          sha256: fc.string({
            unit: fc.constantFrom(...Array.from('0123456789abcdef')),
            minLength: 64,
            maxLength: 64,
          }),
        }),
        { nil: undefined },
      ),
    }),
    { maxLength: 60 },
  )
  .map(makeUnique);

/** Drops what validation would have refused: ids and numbers given twice. */
function makeUnique(candidates: readonly SnapshotUser[]): SnapshotUser[] {
  const ids = new Set<string>();
  const numbers = new Set<string>([settings.echoNumber, settings.milliwattNumber]);
  const take = (number: string): boolean => {
    const folded = foldUserPart(number);
    const isFree = !numbers.has(folded);
    numbers.add(folded);
    return isFree;
  };
  const unique: SnapshotUser[] = [];
  for (const user of candidates) {
    if (ids.has(user.id)) {
      continue;
    }
    ids.add(user.id);
    const extension =
      user.extension !== undefined && take(user.extension) ? user.extension : undefined;
    const sipUsername =
      user.sipUsername !== undefined && take(user.sipUsername) ? user.sipUsername : extension;
    unique.push({ ...user, extension, sipUsername, aliases: user.aliases.filter(take) });
  }
  return unique;
}

interface Naive {
  readonly owners: ReadonlyMap<string, NumberOwner>;
  readonly accounts: ReadonlyMap<string, SnapshotUser>;
  readonly byId: ReadonlyMap<string, SnapshotUser>;
}

function createNaive(all: readonly SnapshotUser[]): Naive {
  const owners = new Map<string, NumberOwner>([
    [settings.echoNumber, { kind: 'service', service: 'echo' }],
    [settings.milliwattNumber, { kind: 'service', service: 'milliwatt' }],
  ]);
  const accounts = new Map<string, SnapshotUser>();
  const byId = new Map<string, SnapshotUser>();
  for (const user of all) {
    byId.set(user.id, user);
    for (const number of [user.extension, user.sipUsername, ...user.aliases]) {
      if (number !== undefined) {
        owners.set(number.toLowerCase(), { kind: 'user', userId: user.id as UserId });
      }
    }
    if (user.enabled && user.ha1 !== undefined && user.sipUsername !== undefined) {
      accounts.set(user.sipUsername.toLowerCase(), user);
    }
  }
  return { owners, accounts, byId };
}

describe('Snapshot', () => {
  it('answers exactly as a map of the same configuration', () => {
    fc.assert(
      fc.property(users, fc.array(key, { maxLength: 40 }), (all, strangers) => {
        const snapshot = open(all);
        const naive = createNaive(all);
        const asked = new Set([
          ...strangers,
          ...naive.owners.keys(),
          ...all.flatMap((user) => [user.id, user.sipUsername ?? '', ...user.aliases]),
        ]);
        // Twice, so that the second answer comes from the caches.
        for (const text of [...asked, ...asked]) {
          expect(snapshot.findNumber(text)).toEqual(naive.owners.get(text.toLowerCase()));
          const account = naive.accounts.get(text.toLowerCase());
          expect(snapshot.findSipAccount(text)).toEqual(
            account && {
              userId: account.id,
              username: account.sipUsername,
              ha1Md5: account.ha1?.md5,
              ha1Sha256: account.ha1?.sha256,
            },
          );
          const user = naive.byId.get(text);
          expect(snapshot.findUser(text as UserId)).toEqual(
            user && {
              userId: user.id,
              name: user.name,
              extension: user.extension ?? '',
              sipUsername: user.sipUsername ?? '',
              aliases: user.aliases,
              enabled: user.enabled,
            },
          );
        }
      }),
      { numRuns: 150 },
    );
  });

  it('[SIP-028] finds numbers and SIP user names whatever the case of their letters', () => {
    const snapshot = open([createUser({ sipUsername: 'Ada.L', aliases: ['Reception'] })]);

    expect(snapshot.findSipAccount('aDA.l')?.userId).toBe('u1');
    expect(snapshot.findNumber('RECEPTION')).toEqual({ kind: 'user', userId: 'u1' });
    // U+212A KELVIN SIGN becomes k in lower case, but it is not the letter k.
    expect(open([createUser({ aliases: ['kim'] })]).findNumber('\u212Aim')).toBeUndefined();
  });

  it('[USR-027] knows the number of a disabled user but no SIP account', () => {
    const snapshot = open([createUser({ enabled: false })]);

    expect(snapshot.findSipAccount('101')).toBeUndefined();
    expect(snapshot.findNumber('101')).toEqual({ kind: 'user', userId: 'u1' });
    expect(snapshot.findUser('u1' as UserId)?.enabled).toBe(false);
  });

  it('carries revision and settings', () => {
    const of = settingsEntity.fromStored({ systemName: 'Torre ☎', ringTimeoutSec: 30 });

    const snapshot = open([], 4711, of);

    expect(snapshot.revision).toBe(4711);
    expect(snapshot.settings).toEqual(of);
  });

  it('refuses bytes that are no whole snapshot', () => {
    const buffer = compileSnapshot({ revision: 1, settings, users: [createUser()] });
    const cut = new SharedArrayBuffer(buffer.byteLength - 1);
    new Uint8Array(cut).set(new Uint8Array(buffer).subarray(0, cut.byteLength));

    expect(() => new Snapshot(cut)).toThrow('does not hold a whole snapshot');
    expect(() => new Snapshot(new SharedArrayBuffer(8))).toThrow('does not hold a whole snapshot');
  });

  it('keeps at most so many decoded entries, whatever is asked for', () => {
    const all = Array.from({ length: 9000 }, (_, index) => {
      const number = (10_000 + index).toString();
      return createUser({ id: `u${number}`, extension: number, sipUsername: number });
    });
    const snapshot = open(all);

    for (const user of all) {
      expect(snapshot.findNumber(user.extension ?? '')).toEqual({ kind: 'user', userId: user.id });
    }
    expect(snapshot.findNumber('1')).toBeUndefined();
    expect(snapshot.cachedEntries).toBeLessThanOrEqual(4096);
  });
});

describe('SnapshotCompiler', () => {
  it('encodes only what changed', () => {
    const compiler = new SnapshotCompiler(settings);
    for (let index = 0; index < 500; index += 1) {
      const number = (1000 + index).toString();
      compiler.setUser(createUser({ id: `u${number}`, extension: number, sipUsername: number }));
    }
    compiler.compile(1);

    compiler.setUser(createUser({ id: 'u1001', extension: '2001', sipUsername: '2001' }));
    compiler.removeUser('u1002');
    const snapshot = new Snapshot(compiler.compile(2));

    expect(compiler.encodedUsers).toBe(501);
    expect(snapshot.userCount).toBe(499);
    expect(snapshot.findNumber('1001')).toBeUndefined();
    expect(snapshot.findNumber('2001')).toEqual({ kind: 'user', userId: 'u1001' });
    expect(snapshot.findNumber('1002')).toBeUndefined();
  });

  it('leaves the original as it is when a fork changes', () => {
    const compiler = new SnapshotCompiler(settings);
    compiler.setUser(createUser());

    const fork = compiler.fork();
    fork.removeUser('u1');
    fork.setSettings(settingsEntity.fromStored({ echoNumber: '*99' }));

    const original = new Snapshot(compiler.compile(1));
    expect(original.findNumber('101')).toBeDefined();
    expect(original.findNumber('*43')).toBeDefined();
    expect(new Snapshot(fork.compile(2)).findNumber('*43')).toBeUndefined();
  });

  describe('accounts of devices', () => {
    const mac = '001565aabb01';
    const device: SnapshotDevice = {
      mac,
      accounts: [
        { userId: 'u1', username: `${mac}-aaaaaaaa`, ha1 },
        { userId: 'u2', username: `${mac}-bbbbbbbb`, ha1 },
      ],
      login: { ownerId: `device.${mac}`, name: 'login3', username: `${mac}-login`, ha1 },
    };
    const compile = (users: readonly SnapshotUser[]): Snapshot =>
      new Snapshot(compileSnapshot({ revision: 1, settings, users, devices: [device] }));

    it('register for the user of their line and name their device', () => {
      const snapshot = compile([createUser()]);
      expect(snapshot.findSipAccount(`${mac}-AAAAAAAA`)).toEqual({
        userId: 'u1',
        username: `${mac}-aaaaaaaa`,
        device: mac,
        ha1Md5: ha1.md5,
        ha1Sha256: ha1.sha256,
      });
      expect(snapshot.findSipAccount('101')).toMatchObject({ userId: 'u1', device: undefined });
      expect(snapshot.findSipAccount(`${mac}-login`)).toBeUndefined();
      expect(snapshot.findNumber('login3')).toBeUndefined();
    });

    it('do not work for users that are disabled or not there', () => {
      const snapshot = compile([createUser({ enabled: false })]);
      expect(snapshot.findSipAccount(`${mac}-aaaaaaaa`)).toBeUndefined();
      expect(snapshot.findSipAccount(`${mac}-bbbbbbbb`)).toBeUndefined();
      expect(snapshot.findSipAccount(`${mac}-login`)).toBeUndefined();
    });

    it('[DEV-021] a device none of whose users is there is loginX', () => {
      const snapshot = compile([]);
      expect(snapshot.findSipAccount(`${mac}-login`)).toMatchObject({
        userId: `device.${mac}`,
        device: mac,
      });
      expect(snapshot.findNumber('LOGIN3')).toEqual({ kind: 'device', userId: `device.${mac}` });
      expect(snapshot.findUser(`device.${mac}` as UserId)).toBeUndefined();
    });

    it('stay with the copy that they were compiled into', () => {
      const compiler = new SnapshotCompiler(settings);
      compiler.setDevice(device);
      const fork = compiler.fork();
      compiler.removeDevice(mac);
      const find = (of: SnapshotCompiler) =>
        new Snapshot(of.compile(1)).findSipAccount(`${mac}-login`);
      expect(find(compiler)).toBeUndefined();
      expect(find(fork)).toBeDefined();
    });
  });
});
