import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../../system/foundation/logger.ts';
import { systemClock } from '../../../../system/foundation/clock.ts';
import { SipNetwork } from '../../../../system/call-plane/net/sip-network.ts';
import { createResponse } from '../../../../system/call-plane/sip/messages/message.ts';
import { serializeMessage } from '../../../../system/call-plane/sip/messages/serialize-message.ts';
import type { Flow } from '../../../../system/call-plane/sip/transport.ts';
import {
  createText,
  listenTcp,
  openGate,
  openUdp,
  Recorder,
  requireFlow,
  startNetwork,
  until,
} from '../../../support/call-plane/sip-sockets.ts';

describe('UDP', () => {
  it.each(['127.0.0.1', '::1'])('[SIP-001] receives and answers on %s', async (address) => {
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder);
    recorder.onMessage = (message, flow) => {
      if (message.kind === 'request') {
        network.send(serializeMessage(createResponse(message, 200)), flow);
      }
    };
    const phone = await openUdp(address);
    const answered = once(phone, 'message');
    phone.send(createText('one'), portOf('udp', address), address);
    const [response] = (await answered) as [Buffer];
    expect(response.toString()).toMatch(/^SIP\/2\.0 200 OK\r\n/);
    expect(recorder.messages[0]?.flow).toEqual({
      protocol: 'udp',
      localAddress: address,
      localPort: portOf('udp', address),
      remoteAddress: address,
      remotePort: phone.address().port,
    });
  });

  it('uses the same flow object for every packet of a peer', async () => {
    const recorder = new Recorder();
    const { portOf } = await startNetwork(recorder);
    const phone = await openUdp();
    phone.send(createText('one'), portOf('udp'), '127.0.0.1');
    phone.send(createText('two'), portOf('udp'), '127.0.0.1');
    await until(() => recorder.messages.length === 2);
    expect(recorder.messages[0]?.flow).toBe(recorder.messages[1]?.flow);
  });

  it.each([
    ['0.0.0.0', '127.0.0.1'],
    ['::', '::1'],
  ])('names our address towards the peer when it listens on %s', async (wildcard, address) => {
    const recorder = new Recorder();
    const { network, portOf } = await startNetwork(recorder, {
      listen: [{ protocol: 'udp', address: wildcard, port: 0 }],
    });
    const phone = await openUdp(address);
    phone.send(createText('one'), portOf('udp', wildcard), address);
    await until(() => recorder.messages.length === 1);
    expect(recorder.messages[0]?.flow.localAddress).toBe(address);
    expect(network.flowTo('udp', address, 5060)?.localAddress).toBe(address);
    const other = address === '::1' ? '127.0.0.1' : '::1';
    expect(network.flowTo('udp', other, 5060)).toBeUndefined();
  });

  it('sends over a flow that was read from a store', async () => {
    const { network, portOf } = await startNetwork(new Recorder());
    const phone = await openUdp();
    const arrived = once(phone, 'message');
    const flow: Flow = {
      protocol: 'udp',
      localAddress: '127.0.0.1',
      localPort: portOf('udp'),
      remoteAddress: '127.0.0.1',
      remotePort: phone.address().port,
    };
    network.send(Buffer.from(createText('stored')), flow);
    const [, remote] = (await arrived) as [Buffer, { port: number }];
    expect(remote.port).toBe(portOf('udp'));
  });

  it('ignores keep-alives and STUN, reports rubbish to the gate, and lives through all of it', async () => {
    const malformed: string[] = [];
    const recorder = new Recorder();
    const { portOf } = await startNetwork(recorder, {
      gate: { ...openGate, noteMalformed: (address) => void malformed.push(address) },
    });
    const phone = await openUdp();
    const stun = Buffer.alloc(20);
    stun.writeUInt16BE(1, 0);
    const inputs = [
      Buffer.from('\r\n\r\n'),
      Buffer.from('\r\n'),
      Buffer.alloc(4),
      Buffer.alloc(0),
      stun,
      Buffer.from('rubbish'),
      Buffer.alloc(9_000, 255),
      Buffer.from(createText('cut').slice(0, 100)),
      Buffer.from(createText('answerable').replace('70', 'many')),
      Buffer.from(createText('last')),
    ];
    for (const input of inputs) {
      phone.send(input, portOf('udp'), '127.0.0.1');
    }
    await until(() => recorder.callIds.includes('last'));
    expect(malformed).toEqual(Array.from({ length: 4 }, () => '127.0.0.1'));
    expect(recorder.errors.map((error) => error.request?.callId)).toEqual(['answerable']);
  });

  it('drops what the gate does not admit before it is parsed', async () => {
    const recorder = new Recorder();
    let count = 0;
    const { portOf } = await startNetwork(recorder, {
      gate: { ...openGate, admit: () => ((count += 1) <= 2 ? 'pass' : 'drop') },
    });
    const phone = await openUdp();
    for (const callId of ['a', 'b', 'c', 'd']) {
      phone.send(createText(callId), portOf('udp'), '127.0.0.1');
    }
    await until(() => count === 4);
    expect(recorder.callIds).toEqual(['a', 'b']);
  });

  it('survives a user that throws', async () => {
    const recorder = new Recorder();
    recorder.onMessage = (message) => {
      if (message.callId === 'bad') {
        throw new Error('a bug');
      }
    };
    const { portOf } = await startNetwork(recorder);
    const phone = await openUdp();
    phone.send(createText('bad'), portOf('udp'), '127.0.0.1');
    phone.send(createText('good'), portOf('udp'), '127.0.0.1');
    await until(() => recorder.callIds.includes('good'));
    expect(recorder.callIds).toEqual(['bad', 'good']);
  });

  it.each(['127.0.0.1', '::1'])(
    'sends what one turn brings in its order to %s',
    async (address) => {
      const { network } = await startNetwork(new Recorder());
      const phones = [await openUdp(address), await openUdp(address)];
      const heard = phones.map((phone) => {
        const texts: string[] = [];
        phone.on('message', (datagram) => texts.push(datagram.toString()));
        return texts;
      });
      const failed: number[] = [];
      const numbers = Array.from({ length: 100 }, (_, index) => index);
      for (const index of numbers) {
        const phone = phones[index % 2];
        const flow = requireFlow(network.flowTo('udp', address, phone?.address().port ?? 0));
        // Every tenth is too long for a datagram.
        const message = index % 10 === 9 ? Buffer.alloc(70_000) : Buffer.from(String(index));
        network.send(message, flow, () => failed.push(index));
      }
      await until(() => heard[0]?.length === 50 && heard[1]?.length === 40);
      const expected = (rest: number): string[] =>
        numbers.filter((index) => index % 2 === rest && index % 10 !== 9).map(String);
      expect(heard).toEqual([expected(0), expected(1)]);
      expect(failed).toEqual(numbers.filter((index) => index % 10 === 9));
    },
  );

  it('sends what waits before it closes', async () => {
    const { network } = await startNetwork(new Recorder());
    const phone = await openUdp();
    const heard: string[] = [];
    phone.on('message', (datagram) => heard.push(datagram.toString()));
    const flow = requireFlow(network.flowTo('udp', '127.0.0.1', phone.address().port));
    // More than leave at once.
    const words = Array.from({ length: 10 }, (_, index) => `word ${String(index)}`);
    for (const word of words) {
      network.send(Buffer.from(word), flow);
    }
    await network.close();
    await until(() => heard.length === words.length);
    expect(heard).toEqual(words);
  });

  it('tells of a message that could not leave', async () => {
    const { network, portOf } = await startNetwork(new Recorder());
    const failures: Error[] = [];
    const flow = requireFlow(network.flowTo('udp', '127.0.0.1', 5060));
    network.send(Buffer.alloc(70_000), flow, (error) => failures.push(error));
    network.send(Buffer.from('x'), { ...flow, remotePort: 0 }, (error) => failures.push(error));
    network.send(Buffer.from('x'), { ...flow, remoteAddress: '::1' }, (e) => failures.push(e));
    expect(failures).toEqual([]);
    await until(() => failures.length === 3);
    expect(portOf('udp')).toBeGreaterThan(0);
  });

  it('names the address that it cannot listen on, and opens none', async () => {
    const taken = await openUdp();
    const network = new SipNetwork({
      listen: [
        { protocol: 'udp', address: '127.0.0.1', port: 0 },
        { protocol: 'udp', address: '127.0.0.1', port: taken.address().port },
      ],
      clock: systemClock,
      logger: silentLogger,
      gate: openGate,
    });
    await expect(network.start(new Recorder())).rejects.toMatchObject({
      code: 'address-in-use',
      details: { address: '127.0.0.1', port: taken.address().port },
    });
    const second = new SipNetwork({
      listen: [{ protocol: 'tcp', address: '203.0.113.1', port: 0 }],
      clock: systemClock,
      logger: silentLogger,
      gate: openGate,
    });
    await expect(second.start(new Recorder())).rejects.toMatchObject({
      code: 'address-unavailable',
    });
  });

  it('hands the descriptor of every socket that sends to the configuring function', async () => {
    const descriptors = new Set<number>();
    const { network } = await startNetwork(new Recorder(), {
      configureSocket: (descriptor) => descriptors.add(descriptor),
    });
    expect(descriptors.size).toBe(4);
    const port = await listenTcp(() => undefined);
    network.send(
      Buffer.from(createText('x')),
      requireFlow(network.flowTo('tcp', '127.0.0.1', port)),
    );
    await until(() => descriptors.size === 5);
  });
});
