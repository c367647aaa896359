/** What strangers and broken phones send, and that people who talk do not notice. */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Baresip } from '../../support/programs/baresip.ts';
import { CallScene, passwordOf } from '../../support/daemon/call-scene.ts';
import { waitForTone } from '../../support/media-plane/hearing.ts';
import { waitUntil } from '../../support/wait-until.ts';

const largestDatagramBytes = 65_507;
/** All of 127.0.0.0/8 is ours; limits count by address. */
const strangers = ['127.0.0.2', '127.0.0.3', '127.0.0.4'] as const;

let scene: CallScene;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  scene = await CallScene.open({
    users: 40,
    settings: { ringTimeoutSec: 10, mediaPolicy: 'anchored' },
  });
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});
afterAll(() => scene.close());

function optionsMessage(branch: string, more = '', body = ''): string {
  return `OPTIONS sip:campanile.local SIP/2.0\r
Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK${branch};rport\r
From: <sip:stranger@campanile.local>;tag=1\r
To: <sip:campanile.local>\r
Call-ID: ${branch}\r
CSeq: 1 OPTIONS\r
Max-Forwards: 70\r
${more}Content-Length: ${String(Buffer.byteLength(body))}\r
\r
${body}`;
}

/** Sends datagrams in order and resolves with what was answered to the last one, an OPTIONS. */
async function sendDatagrams(datagrams: readonly (Buffer | string)[]): Promise<string> {
  const socket = createSocket('udp4');
  closing.push(() => socket.close());
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const last = `last-${randomBytes(8).toString('hex')}`;
  const answers: string[] = [];
  socket.on('message', (message) => answers.push(message.toString('latin1')));
  for (const datagram of datagrams) {
    await new Promise<void>((done, fail) => {
      socket.send(datagram, scene.daemon.sipPort, '127.0.0.1', (error) => {
        if (error === null) {
          done();
        } else {
          fail(error);
        }
      });
    });
  }
  socket.send(optionsMessage(last), scene.daemon.sipPort, '127.0.0.1');
  await waitUntil(
    () => answers.some((answer) => answer.includes(last)),
    'the last one is answered',
  );
  return answers.join('\n');
}

async function openConnection(localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port: scene.daemon.sipPort, host: '127.0.0.1', localAddress });
  closing.push(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Everything that comes over a connection until it has `count` responses. */
async function readResponses(socket: Socket, count: number): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  await waitUntil(
    () => text.split('SIP/2.0 401').length - 1 >= count,
    `${String(count)} responses are there`,
  );
  return text;
}

describe('malformed and oversize datagrams', () => {
  it.each([
    ['noise', () => randomBytes(1_200)],
    ['zeros', () => Buffer.alloc(500)],
    ['no header fields', () => 'INVITE sip:101@campanile.local SIP/2.0\r\n\r\n'],
    ['a length that lies', () => optionsMessage('lies').replace('Length: 0', 'Length: 99999')],
    ['a negative length', () => optionsMessage('minus').replace('Length: 0', 'Length: -1')],
    ['a header field of 60 kB', () => optionsMessage('long', `Subject: ${'x'.repeat(60_000)}\r\n`)],
    ['5000 header fields', () => optionsMessage('many', 'X: y\r\n'.repeat(5_000))],
    ['10000 parameters', () => optionsMessage('params').replace(';rport', ';a'.repeat(10_000))],
    ['64 kB of nothing', () => Buffer.alloc(largestDatagramBytes, 'A')],
    [
      'a body of 60 kB',
      () => optionsMessage('body', 'Content-Type: text/plain\r\n', 'x'.repeat(60_000)),
    ],
    [
      'a response to nothing',
      () =>
        optionsMessage('answer').replace('OPTIONS sip:campanile.local SIP/2.0', 'SIP/2.0 200 OK'),
    ],
  ])('[SIP-001] %s leave the system as it was', async (_, make) => {
    const { pid } = scene.daemon;
    const answers = await sendDatagrams([make(), make(), make()]);
    expect(answers).toContain('SIP/2.0 401 ');
    expect(scene.daemon.pid).toBe(pid);
  });

  it('[SIP-001] what can be answered is answered 400', async () => {
    const answers = await sendDatagrams([
      optionsMessage('no-cseq').replace('CSeq: 1 OPTIONS', 'CSeq: none'),
    ]);
    expect(answers).toMatch(/^SIP\/2\.0 400 /m);
  });
});

describe('connections', () => {
  it('[SIP-001] carry messages in pieces of one byte', async () => {
    const socket = await openConnection();
    socket.setNoDelay(true);
    for (const byte of optionsMessage('pieces').replace('/UDP', '/TCP')) {
      await new Promise((done) => socket.write(byte, 'latin1', done));
    }
    expect(await readResponses(socket, 1)).toContain('Call-ID: pieces');
  });

  it('[SIP-001] carry several messages in one piece', async () => {
    const socket = await openConnection();
    const names = ['one', 'two', 'three'];
    socket.write(names.map((name) => optionsMessage(name).replace('/UDP', '/TCP')).join(''));
    const answers = await readResponses(socket, names.length);
    for (const name of names) {
      expect(answers).toContain(`Call-ID: ${name}`);
    }
  });

  it('[SIP-001] that send no SIP are closed, others go on', async () => {
    const [good, bad] = await Promise.all([openConnection(), openConnection()]);
    bad.on('error', () => undefined);
    const closed = new Promise<void>((done) => bad.on('close', () => done()));
    bad.resume();
    bad.write(`GET / HTTP/1.1\r\nHost: ${'x'.repeat(100_000)}\r\n\r\n`);
    await closed;
    good.write(optionsMessage('good').replace('/UDP', '/TCP'));
    await readResponses(good, 1);
  });

  it('[SEC-037] that stop in the middle of a message keep nobody from calling over TCP', async () => {
    const stalled = await Promise.all(
      Array.from({ length: 150 }, async () => {
        const socket = connect({
          port: scene.daemon.sipPort,
          host: '127.0.0.1',
          localAddress: strangers[0],
        });
        socket.on('error', () => undefined);
        closing.push(() => socket.destroy());
        await once(socket, 'connect');
        socket.write('REGISTER sip:campanile.local SIP/2.0\r\nVia: SIP/2.0/TCP 127');
        return socket;
      }),
    );
    expect(stalled).toHaveLength(150);
    const [caller, callee] = [scene.takeUser(), scene.takeUser()];
    const phone = await scene.answerAs(callee, 'callee-answers', { values: { RING_MS: '0' } });
    await scene.call(caller, callee, 'caller-talks', {
      transport: 'tcp',
      values: { TALK_MS: '0' },
    });
    await phone.succeeded();
  });
});

describe('hostile text in a call', () => {
  const attack = '<img src=x onerror=alert(1)>';

  it('[SIP-001] in a display name stays where it came from', async () => {
    const [caller, callee] = [scene.takeUser(), scene.takeUser()];
    const phone = await scene.answerAs(callee, 'callee-answers', { values: { RING_MS: '0' } });
    await scene.call(caller, callee, 'caller-with-a-name', {
      values: { NAME: attack },
    });
    const seen = await phone.succeeded();
    expect(seen).not.toContain('onerror');
    expect(seen).toContain(`From: "User ${caller}" <sip:${caller}@campanile.local>`);
    expect((await scene.recordOf(caller)).callerName).toBe(`User ${caller}`);
  });

  it('[SIP-001] in a dialled number makes no header field', async () => {
    const caller = scene.takeUser();
    await scene.call(caller, '102%0d%0aX-Evil%3a%20yes', 'caller-refused', {
      values: { STATUS: '404', REASON: 'Q.850;cause=1' },
    });
    const record = await scene.recordOf(caller);
    expect(record.calleeNumber).toBe('102\r\nX-Evil: yes');
    const csv = await scene.api.send('GET', `/call-records/export.csv?party=${caller}`);
    // One row, however the number is broken into lines.
    expect(String(csv.body)).toContain('"102\r\nX-Evil: yes"');
  });
});

describe('a flood', () => {
  it('[SEC-037] of REGISTERs and rubbish disturbs neither calls in progress nor new ones', async () => {
    const [caller, callee] = [scene.takeUser(), scene.takeUser()];
    const { sipPort } = scene.daemon;
    const [first, second] = await Promise.all(
      [
        [caller, 440],
        [callee, 600],
      ].map(([user, toneHz]) => {
        const account = {
          user: String(user),
          password: passwordOf(String(user)),
          sipPort,
          transport: 'udp' as const,
        };
        return Baresip.start({ account, toneHz: Number(toneHz) });
      }),
    );
    if (first === undefined || second === undefined) {
      throw new Error('there are two phones');
    }
    closing.push(
      () => first.stop(),
      () => second.stop(),
    );
    first.command('dial', callee);
    await second.waitFor(/Incoming call/i);
    second.command('accept');
    const { callRef } = await scene.activeCall(caller);
    const target = scene.takeUser();
    const phone = await scene.answerAs(target, 'callee-answers', {
      calls: 20,
      values: { RING_MS: '0' },
    });

    await scene.start('intruder', 'registers-in-vain', {
      address: strangers[1],
      calls: 1_000_000,
      values: { AGENT: 'Phone 1.0' },
      more: ['-r', '2000'],
    });
    const noise = createSocket('udp4');
    noise.bind(0, strangers[2]);
    const sending = setInterval(() => {
      for (let count = 0; count < 20; count += 1) {
        noise.send(randomBytes(200), sipPort, '127.0.0.1');
      }
    }, 10);
    closing.push(() => {
      clearInterval(sending);
      noise.close();
    });
    await waitUntil(async () => {
      const { items } = (await scene.api.expect(200, 'GET', '/parts')) as {
        items: { name: string; figures: Record<string, number> }[];
      };
      const part = items.find(({ name }) => name === 'call-plane.authentication');
      return part?.figures['bannedSources'] === 2;
    }, 'both strangers are banned');
    const blocked = async (): Promise<readonly string[]> => {
      const { items } = (await scene.api.expect(200, 'GET', '/blocked-addresses')) as {
        items: { door: string; address: string }[];
      };
      return items.filter(({ door }) => door === 'sip').map(({ address }) => address);
    };
    // [SEC-011]
    expect((await blocked()).toSorted()).toEqual([strangers[1], strangers[2]]);
    await scene.api.expect(204, 'DELETE', `/blocked-addresses/sip/${strangers[2]}`);
    await waitUntil(async () => (await blocked()).length === 2, 'who goes on is banned again');

    await scene.call(scene.takeUser(), target, 'caller-talks', {
      calls: 20,
      values: { TALK_MS: '0' },
      more: ['-r', '10'],
    });
    await phone.succeeded();
    await Promise.all([waitForTone(first, 600), waitForTone(second, 440)]);
    for (const media of await scene.mediaOf(callRef)) {
      expect(media.packetsLost).toBe(0);
      expect(media.mos).toBeGreaterThan(4);
    }
  });
});
