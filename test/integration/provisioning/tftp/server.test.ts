/** What no well-behaved client does, and what happens inside. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createContent, type FileSource } from '../../../../provisioning/tftp/file-source.ts';
import { FolderSource } from '../../../../provisioning/tftp/folder-source.ts';
import { TftpServer, type TransferEnded } from '../../../../provisioning/tftp/server.ts';
import { systemClock } from '../../../../system/foundation/clock.ts';
import { silentLogger } from '../../../../system/foundation/logger.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

let server: TftpServer;
let port: number;
let ended: TransferEnded[];
let opened: string[];
let released: number;
const clients: Socket[] = [];

const source: FileSource = {
  open: (path, client) => {
    opened.push(`${path} ${client.localAddress}`);
    if (path === 'broken') {
      return Promise.reject(new Error('disk on fire'));
    }
    return path.startsWith('file')
      ? { ...createContent(Buffer.alloc(2_000, path)), release: () => (released += 1) }
      : undefined;
  },
};

beforeEach(async () => {
  opened = [];
  ended = [];
  released = 0;
  server = new TftpServer({
    source,
    clock: systemClock,
    logger: silentLogger,
    limits: { transfers: 3, transfersPerClient: 2 },
  });
  server.events.on('transferEnded', (end) => ended.push(end));
  port = await server.listen({ address: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  for (const client of clients.splice(0)) {
    client.close();
  }
  await server.close();
});

async function openClient(address = '127.0.0.1'): Promise<Socket> {
  const client = createSocket('udp4');
  clients.push(client);
  client.bind(0, address);
  await once(client, 'listening');
  return client;
}

async function receive(client: Socket): Promise<{ hex: string; text: string; from: number }> {
  const [datagram, from] = (await once(client, 'message')) as [Buffer, RemoteInfo];
  return {
    hex: datagram.toString('hex', 0, 4),
    text: datagram.toString('latin1', 4),
    from: from.port,
  };
}

function read(client: Socket, name: string): Promise<{ hex: string; text: string; from: number }> {
  const answer = receive(client);
  client.send(Buffer.from(`\0\x01${name}\0octet\0`), port, '127.0.0.1');
  return answer;
}

describe('the TFTP server', () => {
  it('answers from a new port, and takes no packet of others for the client’s', async () => {
    const client = await openClient();
    const intruder = await openClient();

    const first = await read(client, 'file');
    intruder.send(Buffer.from('00040001', 'hex'), first.from, '127.0.0.1');
    const second = receive(client);
    client.send(Buffer.from('00040001', 'hex'), first.from, '127.0.0.1');

    expect(first.hex).toBe('00030001');
    expect(first.from).not.toBe(port);
    // Had the intruder's acknowledgement counted, ours would have been a repeated one.
    expect((await second).hex).toBe('00030002');
    expect(opened).toEqual(['file 127.0.0.1']);
  });

  it('takes a repeated request for what it is, and a new one from the same port for a new start', async () => {
    const client = await openClient();
    const first = await read(client, 'file1');
    client.send(Buffer.from('\0\x01file1\0octet\0'), port, '127.0.0.1');
    const second = receive(client);
    client.send(Buffer.from('00040001', 'hex'), first.from, '127.0.0.1');
    await second;

    const other = await read(client, 'file2');

    expect(other.from).not.toBe(first.from);
    expect(opened).toEqual(['file1 127.0.0.1', 'file2 127.0.0.1']);
    expect(ended).toMatchObject([{ fileName: 'file1', outcome: 'aborted', sentBytes: 512 }]);
    expect(released).toBe(1);
  });

  it('ends at once when the client says so or is gone', async () => {
    const client = await openClient();
    const { from } = await read(client, 'file');
    client.send(Buffer.from('\0\x05\0\x08Enough\0'), from, '127.0.0.1');
    await expect.poll(() => ended).toMatchObject([{ outcome: 'aborted', detail: 'Enough' }]);

    const second = await openClient();
    const answer = await read(second, 'file');
    clients.pop()?.close();
    const third = await openClient();
    third.send('x', answer.from, '127.0.0.1');

    // Nobody is at the port any more: the next packet to it is answered by ICMP.
    await expect.poll(() => ended.length, { timeout: 5_000 }).toBe(2);
    expect(ended[1]).toMatchObject({ outcome: 'aborted' });
    expect(server.transferCount).toBe(0);
  });

  it('gives the place of a client that has not answered for a second to one that waits', async () => {
    const clock = new FakeClock();
    const limits = { transfers: 3, transfersPerClient: 2 };
    const crowded = new TftpServer({ source, clock, logger: silentLogger, limits });
    port = await crowded.listen({ address: '127.0.0.1', port: 0 });
    const [forged, silent] = [await openClient('127.0.0.2'), await openClient('127.0.0.3')];
    const busy = await openClient('127.0.0.4');
    await read(forged, 'file1');
    await read(silent, 'file2');
    const { from } = await read(busy, 'file3');
    const next = receive(busy);
    busy.send(Buffer.from('00040001', 'hex'), from, '127.0.0.1');
    await next;
    const phone = await openClient('127.0.0.5');

    clock.advance(1_100);
    expect((await read(phone, 'file5')).hex).toBe('00030001');
    const other = await openClient('127.0.0.6');
    clock.advance(1_100);
    expect((await read(other, 'file6')).hex).toBe('00030001');

    const rest = receive(busy);
    busy.send(Buffer.from('00040002', 'hex'), from, '127.0.0.1');
    expect((await rest).hex).toBe('00030003');
    await crowded.close();
  });

  it('lets a client that wants too much at once wait, and others not because of it', async () => {
    const greedy = await Promise.all([openClient(), openClient(), openClient()]);
    const [first] = await Promise.all([read(greedy[0], 'file1'), read(greedy[1], 'file2')]);
    greedy[2].send(Buffer.from('\0\x01file3\0octet\0'), port, '127.0.0.1');
    const modest = await openClient('127.0.0.2');
    await read(modest, 'file4');

    expect(opened.map((line) => line.split(' ')[0])).toEqual(['file1', 'file2', 'file4']);
    greedy[0].send(Buffer.from('\0\x05\0\0\0'), first.from, '127.0.0.1');
    await expect.poll(() => ended.length).toBe(1);
    expect((await read(greedy[2], 'file3')).hex).toBe('00030001');
  });

  it.each([
    ['a file that there is not', '\0\x01none\0octet\0', '00050001', 'File not found\0'],
    ['a source that fails', '\0\x01broken\0octet\0', '00050000', 'Server error\0'],
    ['writing', '\0\x02file\0octet\0', '00050002', 'This server is read only\0'],
    ['DATA out of nowhere', '\0\x03\0\x01abc', '00050004', 'Illegal TFTP operation\0'],
  ])('answers %s with its error code', async (_what, datagram, hex, text) => {
    const client = await openClient();
    const answer = receive(client);
    client.send(Buffer.from(datagram, 'latin1'), port, '127.0.0.1');

    expect(await answer).toMatchObject({ hex, text });
    expect(server.transferCount).toBe(0);
  });
});

describe('a folder of files', () => {
  it('reads each part once for all who want it, and follows a change of the file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'campanile-folder-'));
    writeFileSync(join(folder, 'firmware'), Buffer.alloc(200_000, 1));
    const files = new FolderSource(folder);

    const first = await files.open('firmware');
    const second = await files.open('/firmware');
    const parts = await Promise.all([first?.chunk(1), second?.chunk(1)]);
    writeFileSync(join(folder, 'firmware'), Buffer.alloc(100, 2));
    const third = await files.open('firmware');

    expect(parts[0]).toBe(parts[1]);
    expect(third?.sizeBytes).toBe(100);
    expect(await third?.chunk(0)).toEqual(Buffer.alloc(100, 2));
    for (const content of [first, second, third]) {
      content?.release();
    }
    rmSync(folder, { recursive: true });
  });
});
