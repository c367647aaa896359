import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { NodeResolver } from '../../../../system/call-plane/net/node-resolver.ts';

const cleanUps: (() => void)[] = [];

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) {
    cleanUp();
  }
});

function encodeName(name: string): Buffer {
  const labels = name.split('.').map((label) => {
    return Buffer.concat([Buffer.of(label.length), Buffer.from(label)]);
  });
  return Buffer.concat([...labels, Buffer.of(0)]);
}

function encodeText(text: string): Buffer {
  return Buffer.concat([Buffer.of(text.length), Buffer.from(text)]);
}

function encodeNumbers(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 2);
  numbers.forEach((number, index) => bytes.writeUInt16BE(number, index * 2));
  return bytes;
}

/** A name server that gives one answer, or `NXDOMAIN` without one. Returns its address. */
async function startNameServer(type: number, data: Buffer | undefined): Promise<string> {
  const socket = createSocket('udp4');
  socket.on('message', (query: Buffer, remote: RemoteInfo) => {
    const question = query.subarray(12, query.indexOf(0, 12) + 5);
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(data === undefined ? 0x81_83 : 0x81_80, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(data === undefined ? 0 : 1, 6);
    const answer =
      data === undefined
        ? Buffer.alloc(0)
        : Buffer.concat([encodeNumbers(0xc0_0c, type, 1, 0, 60, data.length), data]);
    socket.send(Buffer.concat([header, question, answer]), remote.port, remote.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  cleanUps.push(() => void socket.close());
  return `127.0.0.1:${String(socket.address().port)}`;
}

describe('resolver over node:dns', () => {
  it('[SIP-005] reads SRV records', async () => {
    const data = Buffer.concat([encodeNumbers(10, 60, 5070), encodeName('s1.example.test')]);
    const resolver = new NodeResolver([await startNameServer(33, data)]);
    expect(await resolver.resolveSrv('_sip._udp.example.test')).toMatchObject([
      { priority: 10, weight: 60, port: 5070, name: 's1.example.test' },
    ]);
  });

  it('[SIP-005] reads NAPTR records', async () => {
    const data = Buffer.concat([
      encodeNumbers(50, 20),
      encodeText('s'),
      encodeText('SIP+D2U'),
      encodeText(''),
      encodeName('_sip._udp.example.test'),
    ]);
    const resolver = new NodeResolver([await startNameServer(35, data)]);
    expect(await resolver.resolveNaptr('example.test')).toMatchObject([
      {
        order: 50,
        preference: 20,
        flags: 's',
        service: 'SIP+D2U',
        replacement: '_sip._udp.example.test',
      },
    ]);
  });

  it('answers with nothing for a name that does not exist', async () => {
    const resolver = new NodeResolver([await startNameServer(33, undefined)]);
    expect(await resolver.resolveSrv('_sip._udp.nobody.test')).toEqual([]);
  });

  it('resolves addresses as the system does', async () => {
    expect(await new NodeResolver().resolveAddresses('localhost')).toContain('127.0.0.1');
  });
});
