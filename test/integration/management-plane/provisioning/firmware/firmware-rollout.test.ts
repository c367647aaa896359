/** Rollouts over simulated phones: rings, halts, going back, and a crash in between. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BindingRecord } from '../../../../../system/bus/contract.ts';
import { systemClock, type Clock } from '../../../../../system/foundation/clock.ts';
import type { CallRef, LegRef, UserId } from '../../../../../system/foundation/ids.ts';
import type { CallRecord } from '../../../../../system/records/call-record.ts';
import { ApiClient, testAdminPassword } from '../../../../support/management-plane/api-client.ts';
import { curl } from '../../../../support/programs/curl.ts';
import { yealinkImage } from '../../../../support/provisioning/firmware-images.ts';
import {
  exampleBinding,
  exampleCall,
  exampleStatistics,
  TestManagementPlane,
} from '../../../../support/management-plane/management-plane.ts';

const oldVersion = '96.86.0.70';
const newVersion = '96.86.0.118';
const macs = ['001565aabb01', '001565aabb02', '001565aabb03'] as const;

let plane: TestManagementPlane;
let admin: ApiClient;
let jumpedMs = 0;
const userIds: string[] = [];
const setIds = new Map<string, string>();

/** Passes as the system's, and jumps when the test says so. */
const clock: Clock = {
  nowMs: () => systemClock.nowMs() + jumpedMs,
  wallMs: () => systemClock.wallMs() + jumpedMs,
  schedule: (delayMs, callback) => systemClock.schedule(Math.min(delayMs, 50), callback),
};

interface Rollout {
  readonly id: string;
  readonly state: string;
  readonly ring: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly canGoBack: number;
  readonly halt?: { readonly cause: string; readonly sentence: string };
}

beforeEach(async () => {
  jumpedMs = 0;
  userIds.length = 0;
  plane = await TestManagementPlane.start({ clock });
  admin = new ApiClient(plane);
  await admin.firstLogin();
  const settings = { httpEnabled: true };
  await admin.expect(200, 'PATCH', '/provisioning/settings', settings, { 'if-match': '*' });
  for (const [index, mac] of macs.entries()) {
    const user = { name: `User ${String(index)}`, extension: String(100 + index) };
    const created = (await admin.expect(201, 'POST', '/users', user)) as { user: { id: string } };
    userIds.push(created.user.id);
    await admin.expect(201, 'POST', '/devices', { macs: [mac], lines: [created.user.id] });
    register(mac, oldVersion);
    await fetchConfiguration(mac, oldVersion);
  }
  for (const version of [oldVersion, newVersion]) {
    const image = yealinkImage({ hardware: 96, model: 'T54W', version });
    const path = `/firmware/files?fileName=T54W-${version}.rom`;
    const { id } = (await admin.expect(201, 'POST', path, image)) as { id: string };
    await admin.expect(200, 'PATCH', `/firmware/sets/${id}`, { isActive: true });
    setIds.set(version, id);
  }
});

afterEach(async () => {
  await plane.remove();
});

const bindingOf = (mac: string, version: string): BindingRecord => {
  const index = macs.indexOf(mac as never);
  const userId = userIds[index] ?? '';
  return exampleBinding(userId, {
    userAgent: `Yealink SIP-T54W ${version} ${mac}`,
    contact: `sip:${userId}@127.0.0.2:${String(5060 + index)}`,
    remotePort: 5060 + index,
    registeredAtMs: clock.wallMs(),
    expiresAtMs: clock.wallMs() + 86_400_000,
  });
};

function register(mac: string, version: string): void {
  plane.callPlane.bus.emit('bindings.changed', { updated: [bindingOf(mac, version)], removed: [] });
}

function unregister(mac: string): void {
  const { userId, contact } = bindingOf(mac, '');
  plane.callPlane.bus.emit('bindings.changed', { updated: [], removed: [{ userId, contact }] });
}

/** What its file tells it to install, as the phone fetches it. */
async function fetchConfiguration(mac: string, version: string): Promise<string | undefined> {
  const revealed = await admin.expect(200, 'POST', `/devices/${mac}/reveal`);
  const { provisioningUrl } = revealed as { provisioningUrl: string };
  const userAgent = `Yealink SIP-T54W ${version} ${mac}`;
  const { body } = await curl(`${provisioningUrl}${mac}.cfg`, { userAgent });
  return /static\.firmware\.url = (\S+)/.exec(body)?.[1];
}

/** The phones that were told by NOTIFY, in order. */
const told = (): string[] =>
  plane.callPlane.notified.map((text) => macs[Number(/:(\d+) /.exec(text)?.[1]) - 5060] ?? text);

async function begin(more: object = {}): Promise<Rollout> {
  const body = {
    setId: setIds.get(newVersion),
    target: { kind: 'models', models: ['T54W'] },
    first: macs[1],
    plan: { watchMin: 0, comeBackMin: 5, minimumCalls: 2 },
    ...more,
  };
  return (await admin.expect(201, 'POST', '/firmware/rollouts', body)) as Rollout;
}

const show = async (id: string): Promise<Rollout> =>
  (await admin.expect(200, 'GET', `/firmware/rollouts/${id}`)) as Rollout;

/** The phone does as it was told: fetches, installs, registers again. */
async function comeBack(mac: string, from: string, to: string): Promise<void> {
  expect(await fetchConfiguration(mac, from)).toContain(`T54W-${to}.rom`);
  register(mac, to);
}

test('[DEV-029] goes from one phone to all, tells nobody in a call, and becomes the setting of the model', async () => {
  const [first] = [macs[1]];
  plane.callPlane.calls = [
    {
      ...exampleCall,
      legs: ['5060', '5062'].flatMap((port) =>
        exampleCall.legs.map((leg) => ({ ...leg, remote: `udp 127.0.0.2:${port}` })),
      ),
    },
  ];
  const { id } = await begin();

  await expect.poll(told).toEqual([first]);
  expect(await fetchConfiguration(macs[0], oldVersion)).toBeUndefined();
  await comeBack(first, oldVersion, newVersion);

  // The others talk to each other.
  await expect.poll(async () => (await show(id)).ring).toBe(1);
  jumpedMs += 60_000;
  expect(await show(id)).toMatchObject({ counts: { updated: 1, waiting: 2 } });
  plane.callPlane.calls = [];
  for (const count of [2, 3]) {
    await expect.poll(() => told().length).toBe(count);
    await comeBack(told().at(-1) ?? '', oldVersion, newVersion);
  }
  const third = macs[2];

  await expect.poll(async () => (await show(id)).state).toBe('completed');
  await expect
    .poll(() => admin.expect(200, 'GET', `/devices/${first}/firmware`))
    .toMatchObject({ running: newVersion, target: { label: newVersion, source: 'model' } });
  const history = (await admin.expect(200, 'GET', `/devices/${first}/history`)) as {
    items: { kind: string; detail: string }[];
  };
  expect(history.items).toContainEqual(
    expect.objectContaining({
      kind: 'firmware-updated',
      detail: `${newVersion} instead of ${oldVersion}`,
    }),
  );
  // A phone that is reset to the old firmware gets the new one without a rollout.
  register(third, oldVersion);
  expect(await fetchConfiguration(third, oldVersion)).toContain(newVersion);
}, 20_000);

test('halts when updated phones lose their registration, says why, and rolls back', async () => {
  const [first] = [macs[1]];
  const { id } = await begin({ plan: { watchMin: 60, comeBackMin: 5 } });
  await expect.poll(told).toEqual([first]);
  await comeBack(first, oldVersion, newVersion);
  await expect.poll(async () => (await show(id)).counts['updated']).toBe(1);

  unregister(first);
  await expect
    .poll(async () => {
      jumpedMs += 30_000;
      return (await show(id)).state;
    })
    .toBe('halted');

  const halted = await show(id);
  expect(halted.halt).toMatchObject({ cause: 'lost' });
  expect(halted.halt?.sentence).toContain('1 updated and then not registered any more');
  expect(halted.canGoBack).toBe(1);
  expect(await admin.expect(200, 'GET', '/audit?action=rollout-halted')).toMatchObject({
    items: [{ actorName: 'System' }],
  });
  expect(told()).toEqual([first]);

  register(first, newVersion);
  await admin.expect(200, 'POST', `/firmware/rollouts/${id}/roll-back`);
  await expect.poll(told).toEqual([first, first]);
  await comeBack(first, newVersion, oldVersion);
  await expect.poll(async () => (await show(id)).state).toBe('rolled-back');
  expect(await fetchConfiguration(first, oldVersion)).toBeUndefined();
  expect(await admin.expect(200, 'GET', `/devices/${first}/history`)).toMatchObject({
    items: expect.arrayContaining([
      expect.objectContaining({ kind: 'firmware-updated', detail: `back to ${oldVersion}` }),
    ]) as unknown,
  });
}, 20_000);

test('halts when the audio of updated phones gets worse', async () => {
  const [first] = [macs[1]];
  await talk(first, [4.3, 4.2], -3_600_000);
  const { id } = await begin({ plan: { watchMin: 60, minimumCalls: 2 } });
  await expect.poll(told).toEqual([first]);
  await comeBack(first, oldVersion, newVersion);
  await expect.poll(async () => (await show(id)).counts['updated']).toBe(1);
  await talk(first, [3.1, 3.3], 1_000);
  jumpedMs += 60_000;
  await expect.poll(async () => (await show(id)).halt?.cause).toBe('audio');
  expect((await show(id)).halt?.sentence).toBe(
    'Audio of updated devices fell from 4.25 (2 calls) to 3.20 (2 calls).',
  );
  await admin.expect(200, 'POST', `/firmware/rollouts/${id}/resume`);
  await expect.poll(async () => (await show(id)).state).toBe('running');
}, 20_000);

test('goes on after a crash where it was; what was told and lost is told again', async () => {
  const [first] = [macs[1]];
  const { id } = await begin();
  await expect.poll(told).toEqual([first]);
  await plane.stop();
  const { dataDirectory } = plane;
  plane = await TestManagementPlane.start({ dataDirectory, bootId: 'next', clock });
  admin = new ApiClient(plane);
  await admin.login('admin', testAdminPassword);
  macs.forEach((mac) => {
    register(mac, oldVersion);
  });

  expect(await show(id)).toMatchObject({ state: 'running', counts: { told: 1, waiting: 2 } });
  jumpedMs += 6 * 60_000;
  await expect.poll(told).toEqual([first]);
  await comeBack(first, oldVersion, newVersion);
  await expect.poll(async () => (await show(id)).counts['updated']).toBe(1);
}, 20_000);

test('refuses what cannot be: wrong model, inactive set, a device of another rollout; keeps what it needs', async () => {
  const image = yealinkImage({ hardware: 66, model: 'T46S', version: '66.86.0.15' });
  const path = '/firmware/files?fileName=T46S-66.86.0.15.rom';
  const other = (await admin.expect(201, 'POST', path, image)) as { id: string };
  const target = { kind: 'devices', macs: [macs[0]] };
  const refuse = (body: object) =>
    admin.expect(409, 'POST', '/firmware/rollouts', { target, ...body });
  expect(await refuse({ setId: other.id })).toMatchObject({
    detail: expect.stringContaining('not active') as string,
  });
  await admin.expect(200, 'PATCH', `/firmware/sets/${other.id}`, { isActive: true });
  expect(await refuse({ setId: other.id })).toMatchObject({
    detail: expect.stringContaining('has no firmware for the model') as string,
  });
  expect(await refuse({ setId: setIds.get(oldVersion) })).toMatchObject({
    detail: `${macs[0]} runs ${oldVersion} already.`,
  });

  const { id } = await begin();
  expect(await refuse({ setId: setIds.get(newVersion) })).toMatchObject({
    detail: `another rollout has ${macs[0]} already.`,
  });
  const setPath = `/firmware/sets/${setIds.get(newVersion) ?? ''}`;
  await admin.expect(409, 'PATCH', setPath, { isActive: false });
  await admin.expect(409, 'DELETE', `/firmware/rollouts/${id}`);
  await admin.expect(200, 'POST', `/firmware/rollouts/${id}/cancel`);
  await admin.expect(409, 'POST', `/firmware/rollouts/${id}/resume`);
  await admin.expect(200, 'PATCH', setPath, { isActive: false });
  await expect
    .poll(async () => (await admin.send('DELETE', `/firmware/rollouts/${id}`)).status)
    .toBe(204);
});

test('[DEV-017] [DEV-029] "update firmware" takes the newest image for several devices at once', async () => {
  const chosen = [macs[0], macs[2]];
  const { rollouts, devices } = (await admin.expect(201, 'POST', '/firmware/updates', {
    macs: chosen,
  })) as { rollouts: Rollout[]; devices: number };
  expect([rollouts.length, devices]).toEqual([1, 2]);
  await expect.poll(() => told().toSorted()).toEqual(chosen);
  for (const mac of chosen) {
    await comeBack(mac, oldVersion, newVersion);
  }
  await expect.poll(async () => (await show(rollouts[0]?.id ?? '')).state).toBe('completed');
  await admin.expect(409, 'POST', '/firmware/updates', { macs: chosen });
}, 20_000);

/** Finished calls of the phone's user with these scores, so long from now. */
async function talk(mac: string, scores: readonly number[], offsetMs: number): Promise<void> {
  const userId = (userIds[macs.indexOf(mac as never)] ?? '') as UserId;
  for (const [index, mos] of scores.entries()) {
    const startedAtMs = clock.wallMs() + offsetMs + index;
    const callRef = `call-${String(startedAtMs)}-${String(mos)}` as CallRef;
    const record: CallRecord = {
      callRef,
      caller: { userId, number: '101', name: 'User' },
      callee: { number: '*43', userId: undefined, name: 'Echo' },
      startedAtMs,
      answeredAtMs: startedAtMs + 10,
      endedAtMs: startedAtMs + 1_000,
      outcome: 'answered',
      hangupSide: 'caller',
      sipStatus: 200,
      mediaMode: 'service',
      revision: 1,
      trace: [],
      legs: [
        {
          legRef: `${callRef}.1` as LegRef,
          role: 'caller',
          userId,
          address: 'sip:101@campanile.local',
          sipCallId: callRef,
          userAgent: `Yealink SIP-T54W 96.86.0.70 ${mac}`,
          remote: 'udp 127.0.0.2:5061',
          startedAtMs,
          ringingAtMs: undefined,
          answeredAtMs: startedAtMs + 10,
          endedAtMs: startedAtMs + 1_000,
          sipStatus: 200,
          media: { ...exampleStatistics, mos, codec: 'PCMA' },
        },
      ],
    };
    plane.journal.append(JSON.stringify(record));
  }
  plane.callPlane.bus.emit('records.waiting', {});
  await expect
    .poll(async () => {
      const { items } = (await admin.expect(200, 'GET', '/call-records')) as { items: unknown[] };
      return items.length;
    })
    .toBeGreaterThanOrEqual(scores.length);
}
