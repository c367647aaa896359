import { once } from 'node:events';
import { type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createResponse } from '../../../../system/call-plane/sip/messages/message.ts';
import { serializeMessage } from '../../../../system/call-plane/sip/messages/serialize-message.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { findFreePorts } from '../../../support/daemon/free-ports.ts';
import {
  closing,
  createText,
  listenTcp,
  openGate,
  openTcp,
  Recorder,
  requireFlow,
  startNetwork,
  until,
} from '../../../support/call-plane/sip-sockets.ts';

describe('TCP', () => {
  it.each(['127.0.0.1', '::1'])(
    '[SIP-001] cuts a fragmented and pipelined stream into messages on %s',
    async (address) => {
      const recorder = new Recorder();
      const { portOf } = await startNetwork(recorder);
      const phone = await openTcp(portOf('tcp', address), address);
      phone.setNoDelay(true);
      const stream = ['a', 'b', 'c'].map((id) => createText(id, undefined, 'v=0\r\n')).join('');
      const pieces = [10, 200, 300, 555, 900];
      let start = 0;
      for (const end of [...pieces, stream.length]) {
        phone.write(stream.slice(start, end));
        start = end;
        await new Promise(setImmediate);
      }
      await until(() => recorder.messages.length === 3);
      expect(recorder.callIds).toEqual(['a', 'b', 'c']);
      expect(recorder.messages[2]?.message.body.toString()).toBe('v=0\r\n');
      expect(recorder.messages[0]?.flow).toMatchObject({
        protocol: 'tcp',
        localAddress: address,
        localPort: portOf('tcp', address),
        remotePort: phone.localPort,
      });
    },
  );

  it('answers CRLF CRLF with CRLF (RFC 5626 §4.4.1)', async () => {
    const { portOf } = await startNetwork(new Recorder());
    const phone = await openTcp(portOf('tcp'));
    phone.write('\r\n\r\n');
    const [answer] = (await once(phone, 'data')) as [Buffer];
    expect(answer.toString()).toBe('\r\n');
  });

  it('answers over the connection that the request came over, and finds it by its address', async () => {
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder);
    const phone = await openTcp(portOf('tcp'));
    phone.write(createText('one'));
    await until(() => recorder.messages.length === 1);
    const flow = requireFlow(recorder.messages[0]?.flow);
    expect(network.connectionTo('127.0.0.1', phone.localPort ?? 0)).toBe(flow);
    network.send(Buffer.from('SIP/2.0 200 OK\r\n\r\n'), flow);
    const [answer] = (await once(phone, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^SIP\/2\.0 200/);
  });

  it('opens a connection for a request, keeps it, and opens it again when it is gone', async () => {
    const connections: Socket[] = [];
    const texts: string[] = [];
    const port = await listenTcp((socket) => {
      connections.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', (data) => void texts.push(data.toString()));
    });
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder);
    const flow = requireFlow(network.flowTo('tcp', '127.0.0.1', port));
    expect(flow).toMatchObject({ localAddress: '127.0.0.1', localPort: portOf('tcp') });
    network.send(Buffer.from(createText('one')), flow);
    network.send(Buffer.from(createText('two')), flow);
    await until(() => texts.join('').includes('Call-ID: two'));
    expect(connections).toHaveLength(1);
    const established = requireFlow(network.connectionTo('127.0.0.1', port));

    connections[0]?.destroy();
    await until(() => recorder.closedConnections.length === 1);
    expect(recorder.closedConnections).toEqual([established.connectionId]);
    network.send(Buffer.from(createText('three')), established);
    await until(() => texts.join('').includes('Call-ID: three'));
    expect(connections).toHaveLength(2);
  });

  it('tells of every message that waited for a connection that is refused', async () => {
    const [port = 0] = await findFreePorts(1);
    const { network } = await startNetwork(new Recorder());
    const failures: Error[] = [];
    const flow = requireFlow(network.flowTo('tcp', '127.0.0.1', port));
    network.send(Buffer.from('a'), flow, (error) => failures.push(error));
    network.send(Buffer.from('b'), flow, (error) => failures.push(error));
    await until(() => failures.length === 2);
    expect(network.connectionCount).toBe(0);
  });

  it('hands up a request whose body cannot be cut, and closes behind the answer', async () => {
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder);
    recorder.onParseError = (_error, flow) => {
      network.send(Buffer.from('SIP/2.0 400 Bad Request\r\n\r\n'), flow);
    };
    const phone = await openTcp(portOf('tcp'));
    const texts: string[] = [];
    phone.on('data', (data: Buffer) => void texts.push(data.toString()));
    const closed = closing(phone);
    phone.write(createText('cut').replace(/Content-Length: *\d+/i, 'Content-Length: -1'));
    // Whatever follows is read by nobody, yet does not reset the connection.
    phone.write('x'.repeat(1_000_000));
    await closed;
    expect(recorder.errors.map(({ request }) => request?.callId)).toEqual(['cut']);
    expect(texts.join('')).toMatch(/^SIP\/2\.0 400/);
    expect(recorder.messages).toHaveLength(0);
    await until(() => network.connectionCount === 0);
  });

  it.each([
    ['rubbish', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['binary rubbish', Buffer.alloc(100, 255)],
    [
      'a message that is too large',
      Buffer.from(`OPTIONS sip:x SIP/2.0\r\n${'X: y\r\n'.repeat(20_000)}`),
    ],
    [
      'a body that is too large',
      Buffer.from('OPTIONS sip:x SIP/2.0\r\nContent-Length: 99999999\r\n\r\n'),
    ],
  ])('closes a connection that carries %s, and notes it', async (_, bytes) => {
    const malformed: string[] = [];
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder, {
      gate: { ...openGate, noteMalformed: (address) => void malformed.push(address) },
    });
    const phone = await openTcp(portOf('tcp'));
    const closed = closing(phone);
    phone.resume();
    phone.write(bytes);
    await closed;
    await until(() => network.connectionCount === 0);
    expect(malformed).toEqual(['127.0.0.1']);
    expect(recorder.closedConnections).toHaveLength(1);
  });

  it('goes on after a message with a fault that does not hide the next one', async () => {
    const recorder = new Recorder();
    const { portOf } = await startNetwork(recorder);
    const phone = await openTcp(portOf('tcp'));
    phone.write(createText('bad').replace('CSeq: 1', 'CSeq: x') + createText('good'));
    await until(() => recorder.messages.length === 1);
    expect(recorder.errors.map((error) => error.code)).toEqual(['cseq']);
    expect(recorder.callIds).toEqual(['good']);
  });

  it('refuses connections beyond the limit per address, and takes new ones when others end', async () => {
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder, {
      tcpLimits: { connectionsPerAddress: 3 },
    });
    const phones = await Promise.all([1, 2, 3].map(() => openTcp(portOf('tcp'))));
    await until(() => network.connectionCount === 3);
    const refused = await openTcp(portOf('tcp'));
    refused.resume();
    await closing(refused);
    expect(network.connectionCount).toBe(3);

    phones[0]?.destroy();
    await until(() => network.connectionCount === 2);
    const late = await openTcp(portOf('tcp'));
    late.write(createText('late'));
    await until(() => recorder.callIds.includes('late'));
  });

  it('closes the connection of a peer that does not read what it is sent', async () => {
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder, {
      tcpLimits: { unreadOutputBytes: 100_000 },
    });
    const phone = await openTcp(portOf('tcp'));
    phone.write(createText('one'));
    await until(() => recorder.messages.length === 1);
    const flow = requireFlow(recorder.messages[0]?.flow);
    phone.pause();
    const message = Buffer.alloc(50_000, 120);
    for (let sent = 0; sent < 400 && network.connectionCount > 0; sent++) {
      network.send(message, flow);
      await new Promise(setImmediate);
    }
    expect(recorder.closedConnections).toEqual([flow.connectionId]);
  });

  it('closes connections that bring no whole message in time, and keeps those that did', async () => {
    const clock = new FakeClock();
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder, { clock });
    const [silent, trickling, good] = await Promise.all(
      [1, 2, 3].map(() => openTcp(portOf('tcp'))),
    );
    await until(() => network.connectionCount === 3);
    good?.write(createText('good'));
    trickling?.write(createText('one') + createText('two').slice(0, 50));
    await until(() => recorder.messages.length === 2);
    silent?.resume();
    clock.advance(20_000);
    trickling?.write('x');
    clock.advance(20_000);
    await until(() => network.connectionCount === 1);
    clock.advance(7_400_000);
    await new Promise(setImmediate);
    expect(network.connectionCount).toBe(1);
    clock.advance(200_000);
    await until(() => network.connectionCount === 0);
  });

  it('lets a peer that has sent its last byte read its answer', async () => {
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder);
    recorder.onMessage = (message, flow) => {
      if (message.kind === 'request') {
        network.send(serializeMessage(createResponse(message, 200)), flow);
      }
    };
    const phone = await openTcp(portOf('tcp'));
    const chunks: Buffer[] = [];
    phone.on('data', (chunk) => void chunks.push(chunk));
    phone.end(createText('half'));
    await closing(phone);
    expect(Buffer.concat(chunks).toString()).toMatch(/^SIP\/2\.0 200/);
    await until(() => network.connectionCount === 0);
  });

  it('survives connections that are reset', async () => {
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder);
    for (let index = 0; index < 20; index++) {
      const phone = await openTcp(portOf('tcp'));
      phone.write('OPTIONS sip:x SIP');
      phone.resetAndDestroy();
    }
    await until(() => network.connectionCount === 0);
    const phone = await openTcp(portOf('tcp'));
    phone.write(createText('after'));
    await until(() => recorder.callIds.includes('after'));
  });
});
