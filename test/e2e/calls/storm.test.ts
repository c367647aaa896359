/** Many calls at once that end in every way, also the bad ones: nothing of them may be left. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ActiveCall } from '../../../system/management-plane/api/routes/calls/schema.ts';
import { CallScene } from '../../support/daemon/call-scene.ts';
import { chooseRtpRange } from '../../support/daemon/free-ports.ts';
import type { Sipp } from '../../support/programs/sipp.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** Of each kind, all at the same time. */
const calls = 6;
const ringTimeoutSec = 5;
const atOnce = { calls, more: ['-r', String(calls)] };
/** Timers B, F and H of RFC 3261 run 32 s; the last of them starts after the ring timeout. */
const longestMs = 60_000;

let scene: CallScene;

beforeAll(async () => {
  scene = await CallScene.open({
    users: 60,
    settings: { mediaPolicy: 'anchored', ringTimeoutSec },
    // Each call takes four ports; those of the phones come out of the same slice.
    bootSettings: { sourceLimits: 'off', ...chooseRtpRange(400) },
  });
});
afterAll(() => scene.close());

/** What the health page says of everything that a call takes. */
async function takenByCalls(): Promise<Readonly<Record<string, number | undefined>>> {
  const { items } = (await scene.api.expect(200, 'GET', '/parts')) as {
    items: { name: string; figures: Record<string, number> }[];
  };
  const figure = (part: string, name: string): number | undefined =>
    items.find((item) => item.name === part)?.figures[name];
  return {
    calls: figure('call-plane.calls', 'calls'),
    dialogs: figure('call-plane.calls', 'dialogs'),
    transactions: figure('call-plane.transactions', 'transactions'),
    ports: figure('media-plane', 'portsUsed'),
    servicePorts: figure('media-plane', 'servicePorts'),
  };
}

async function activeCalls(caller: string): Promise<readonly ActiveCall[]> {
  const { items } = (await scene.api.expect(200, 'GET', '/calls')) as { items: ActiveCall[] };
  return items.filter(({ callerNumber }) => callerNumber === caller);
}

/** A way in which calls go that both phones play to its end. */
interface Way {
  readonly caller: string;
  readonly callee: string;
  readonly values?: Readonly<Record<string, string>>;
}

const ways: readonly Way[] = [
  {
    caller: 'caller-talks',
    callee: 'callee-answers',
    values: { RING_MS: '100', TALK_MS: '2000' },
  },
  {
    caller: 'caller-hung-up',
    callee: 'callee-hangs-up',
    values: { TALK_MS: '2000', REASON: 'Q.850;cause=16' },
  },
  {
    caller: 'caller-cancels',
    callee: 'callee-is-cancelled',
    values: { SILENT_MS: '0', REASON: 'Q.850;cause=16' },
  },
  {
    caller: 'caller-cancels-early',
    callee: 'callee-is-cancelled',
    values: { SILENT_MS: '300', REASON: 'Q.850;cause=16' },
  },
  { caller: 'caller-cancels', callee: 'callee-crosses-cancel' },
  {
    caller: 'caller-refused',
    callee: 'callee-refuses',
    values: { STATUS: '486', REASON: 'Q.850;cause=17' },
  },
  { caller: 'caller-early-media', callee: 'callee-early-media' },
  { caller: 'caller-holds', callee: 'callee-held' },
];

async function play({ caller, callee, values = {} }: Way): Promise<void> {
  const [from, to] = [scene.takeUser(), scene.takeUser()];
  const phone = await scene.answerAs(to, callee, { values, calls });
  await scene.call(from, to, caller, { values, ...atOnce });
  await phone.succeeded();
}

async function ringInVain(): Promise<void> {
  const [from, to] = [scene.takeUser(), scene.takeUser()];
  const reason = 'Q.850;cause=19';
  const phone = await scene.answerAs(to, 'callee-is-cancelled', {
    values: { SILENT_MS: '0', REASON: reason },
    calls,
  });
  await scene.call(from, to, 'caller-refused', {
    values: { STATUS: '480', REASON: reason },
    ...atOnce,
  });
  await phone.succeeded();
}

async function ringNobody(): Promise<void> {
  const [from, to] = [scene.takeUser(), scene.takeUser()];
  // Registered, and nobody is there any more.
  await scene.register(to);
  const values = { STATUS: '480', REASON: 'Q.850' };
  await scene.call(from, to, 'caller-refused', { values, ...atOnce });
}

async function neverAcknowledge(): Promise<void> {
  const values = { RING_MS: '0' };
  await play({ caller: 'caller-never-acknowledges', callee: 'callee-answers', values });
}

/** Starts calls, waits until they are as wanted, and kills the phones without a word. */
async function die(
  state: ActiveCall['state'],
  from: string,
  target: string,
  phones: readonly Sipp[],
): Promise<readonly ActiveCall[]> {
  const values = { TARGET: target, TALK_MS: '60000' };
  const calling = await scene.start(from, 'caller-talks', { values, ...atOnce });
  const dying = [calling, ...phones];
  try {
    return await waitUntil(
      async () => {
        const active = (await activeCalls(from)).filter((call) => call.state === state);
        return active.length === calls && active;
      },
      `${String(calls)} calls are ${state}`,
    );
  } catch (error) {
    const seen = await Promise.all(dying.map(messagesOf));
    throw new Error(`${String(error)}\n${seen.join('\n\n')}`, { cause: error });
  } finally {
    await Promise.all(dying.map((phone) => phone.stop()));
  }
}

/** The first line and the Call-ID of everything that a phone sent and received. */
async function messagesOf(phone: Sipp): Promise<string> {
  await phone.stop();
  const { messages } = await phone.ended();
  return (messages.match(/^(UDP message .*|SIP\/2\.0 .*|\w+ sips?:.*|Call-ID: .*)$/gm) ?? []).join(
    '\n',
  );
}

async function callerDiesWhileItRings(): Promise<void> {
  const [from, to] = [scene.takeUser(), scene.takeUser()];
  const phone = await scene.answerAs(to, 'callee-is-cancelled', {
    values: { SILENT_MS: '0', REASON: 'Q.850;cause=19' },
    calls,
  });
  await die('ringing', from, to, []);
  await phone.succeeded();
}

async function bothDieWhileTheyTalk(): Promise<void> {
  const [from, to] = [scene.takeUser(), scene.takeUser()];
  const phone = await scene.answerAs(to, 'callee-answers', { values: { RING_MS: '0' }, calls });
  await hangUp(await die('answered', from, to, [phone]));
}

async function callerOfServiceDies(): Promise<void> {
  await hangUp(await die('answered', scene.takeUser(), '*43', []));
}

/** As WMS does. */
async function hangUp(active: readonly ActiveCall[]): Promise<void> {
  for (const { callRef } of active) {
    await scene.api.expect(204, 'DELETE', `/calls/${callRef}`);
  }
}

it('[SIP-001] a storm of calls leaves no call, dialog, transaction or port behind', async () => {
  const nothing = { calls: 0, dialogs: 0, transactions: 0, ports: 0, servicePorts: 0 };
  expect(await takenByCalls()).toEqual(nothing);

  const others = [
    ringInVain,
    ringNobody,
    neverAcknowledge,
    callerDiesWhileItRings,
    bothDieWhileTheyTalk,
    callerOfServiceDies,
  ];
  const storm = Promise.all([...ways.map(play), ...others.map((run) => run())]);
  await Promise.race([
    storm,
    waitUntil(
      async () => Object.values(await takenByCalls()).every((value = 0) => value > 0),
      'calls take of everything',
    ),
  ]);
  await storm;

  await waitUntil(
    async () => Object.values(await takenByCalls()).every((value) => value === 0),
    'nothing is left of the calls',
    longestMs,
  ).catch(() => undefined);
  expect(await takenByCalls()).toEqual(nothing);
});
