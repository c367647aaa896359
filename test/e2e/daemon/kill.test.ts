/** kill -9 of the whole daemon: what must survive it. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CallScene } from '../../support/daemon/call-scene.ts';
import { waitUntil } from '../../support/wait-until.ts';

const callsPerSecond = 40;
const kills = 4;

let scene: CallScene;
const closing: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});
beforeAll(async () => {
  scene = await CallScene.open({ users: 20, bootSettings: { sourceLimits: 'off' } });
});
afterAll(() => scene.close());

/** Waits until a phone of the user is on disk: registrations are written a moment after they are made. */
async function waitForRegistration(user: string): Promise<void> {
  const file = join(scene.daemon.dataDirectory, 'registrations.db');
  await waitUntil(() => {
    const database = new Database(file, { readonly: true });
    try {
      const rows = database.prepare('SELECT 1 FROM bindings WHERE user_id = ?');
      return rows.get(`user-${user}`) !== undefined;
    } finally {
      database.close();
    }
  }, `the registration of ${user} is on disk`);
}

async function restart(): Promise<void> {
  await scene.daemon.kill();
  await scene.daemon.start();
  // Sessions end with the daemon.
  await scene.logInAgain();
}

/** The Call-IDs of calls whose BYE sipp saw answered. */
function endedCalls(messages: string): Set<string> {
  const ended = new Set<string>();
  for (const message of messages.split(/^-{20,}.*$/m)) {
    if (/^SIP\/2\.0 200/m.test(message) && /^CSeq: 3 BYE/m.test(message)) {
      const callId = /^Call-ID: *(\S+)/m.exec(message)?.[1];
      if (callId !== undefined) {
        ended.add(callId);
      }
    }
  }
  return ended;
}

/** How often each call of the caller is on record, by the Call-ID of the caller's leg. */
async function recordedCalls(user: string): Promise<Map<string, number>> {
  const recorded = new Map<string, number>();
  for (let page = 1; ; page += 1) {
    const { items, total } = (await scene.api.expect(
      200,
      'GET',
      `/call-records?party=${user}&pageSize=200&page=${String(page)}`,
    )) as { items: { callRef: string }[]; total: number };
    for (const { callRef } of items) {
      const record = (await scene.api.expect(200, 'GET', `/call-records/${callRef}`)) as {
        legs: { sipCallId: string }[];
      };
      const callId = record.legs[0]?.sipCallId ?? '';
      recorded.set(callId, (recorded.get(callId) ?? 0) + 1);
    }
    if (page * 200 >= total) {
      return recorded;
    }
  }
}

describe('after kill -9', () => {
  it('a call reaches a phone that has not registered again', async () => {
    const [caller, callee] = [scene.takeUser(), scene.takeUser()];
    const port = await scene.register(callee);
    await waitForRegistration(callee);
    await restart();
    const phone = await scene.start(callee, 'callee-answers', { port, values: { RING_MS: '0' } });
    await scene.call(caller, callee, 'caller-talks', { values: { TALK_MS: '0' } });
    await phone.succeeded();
  });

  it('a change that was acknowledged at the last moment is there', async () => {
    const user = scene.takeUser();
    for (const department of ['First', 'Second', 'Third']) {
      const { headers } = await scene.api.send('GET', `/users/user-${user}`);
      await scene.api.expect(
        200,
        'PATCH',
        `/users/user-${user}`,
        { department },
        { 'if-match': String(headers['etag']) },
      );
      await restart();
      expect(await scene.api.expect(200, 'GET', `/users/user-${user}`)).toMatchObject({
        department,
      });
    }
  });

  it('[DIAG-009] every call that had ended is on record exactly once', async () => {
    const [caller, callee] = [scene.takeUser(), scene.takeUser()];
    const port = await scene.register(callee);
    await waitForRegistration(callee);
    const ended = new Set<string>();
    for (let kill = 0; kill < kills; kill += 1) {
      const answering = await scene.start(callee, 'callee-answers', {
        port,
        calls: 10_000,
        values: { RING_MS: '0' },
      });
      const calling = await scene.start(caller, 'caller-talks', {
        calls: 10_000,
        values: { TARGET: callee, TALK_MS: '0' },
        more: ['-r', String(callsPerSecond)],
      });
      // Any moment will do, as long as there was something to lose.
      const atLeast = 10 + Math.floor(Math.random() * 40);
      // Twice for each call: the request and its answer.
      await calling.waitForText('CSeq: 3 BYE', 2 * atLeast);
      await scene.daemon.kill();
      await Promise.all([calling.stop(), answering.stop()]);
      for (const callId of endedCalls((await calling.ended()).messages)) {
        ended.add(callId);
      }
      await scene.daemon.start();
      await scene.logInAgain();
    }
    expect(ended.size).toBeGreaterThan(kills * 8);
    // What the journal held is stored soon after the start.
    const recorded = await waitUntil(async () => {
      const calls = await recordedCalls(caller);
      return [...ended].every((callId) => calls.has(callId)) ? calls : undefined;
    }, 'every call that had ended is on record');
    expect([...recorded.values()].filter((count) => count !== 1)).toStrictEqual([]);
  });
});

describe('who is turned away', () => {
  it('[SEC-008] [SEC-013] stays so over kill -9, by the limits that are set, until let in again', async () => {
    // Local addresses may do ten times as much and are blocked for a minute.
    const strict = await CallScene.open({
      users: 1,
      settings: { sipMalformedMessages: 3, sipMalformedMessagesBlockSec: 50 },
    });
    closing.push(() => strict.close());
    const socket = createSocket('udp4');
    closing.push(() => socket.close());
    socket.bind(0, '127.0.0.9');
    await once(socket, 'listening');
    let answers = 0;
    socket.on('message', () => {
      answers += 1;
    });
    const send = (text: string) =>
      new Promise((done) => {
        socket.send(text, strict.daemon.sipPort, '127.0.0.1', done);
      });
    const blocked = async () =>
      (await strict.api.expect(200, 'GET', '/blocked-addresses')) as {
        items: { door: string; address: string; reason: string; since: string; until: string }[];
      };
    for (let message = 0; message < 31; message += 1) {
      await send('OPTIONS sip:campanile.local SIP/2.0\r\nVia: nonsense\r\n\r\n');
    }
    await waitUntil(async () => (await blocked()).items.length === 1, 'the address is blocked');
    const [before] = (await blocked()).items;
    expect(before).toMatchObject({
      door: 'sip',
      address: '127.0.0.9',
      reason: 'malformed-messages',
    });
    expect(Date.parse(before?.until ?? '') - Date.parse(before?.since ?? '')).toBe(50_000);
    await waitUntil(() => {
      const database = new Database(join(strict.daemon.dataDirectory, 'registrations.db'), {
        readonly: true,
      });
      try {
        return database.prepare('SELECT 1 FROM bans').get() !== undefined;
      } finally {
        database.close();
      }
    }, 'the ban is on disk');

    await strict.daemon.kill();
    await strict.daemon.start();
    await strict.logInAgain();
    expect((await blocked()).items).toEqual([before]);
    answers = 0;
    const question = `OPTIONS sip:campanile.local SIP/2.0\r
Via: SIP/2.0/UDP 127.0.0.9;branch=z9hG4bKafter;rport\r
From: <sip:stranger@campanile.local>;tag=1\r
To: <sip:campanile.local>\r
Call-ID: after\r
CSeq: 1 OPTIONS\r
Max-Forwards: 70\r
Content-Length: 0\r
\r
`;
    await send(question);
    // The call plane answers twice: it has read the datagram by then.
    await blocked();
    await blocked();
    await strict.api.expect(204, 'DELETE', '/blocked-addresses/sip/127.0.0.9');
    await send(question.replaceAll('after', 'lifted'));
    await waitUntil(() => answers > 0, 'the address is answered again');
    expect(answers).toBe(1);
  });
});
