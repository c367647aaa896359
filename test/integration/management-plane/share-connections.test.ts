import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { shareConnections } from '../../../system/management-plane/share-connections.ts';

let server: Server;
let accepted: Socket[];
const peers: Socket[] = [];

beforeEach(async () => {
  accepted = [];
  server = createServer((socket) => {
    accepted.push(socket);
    socket.resume();
  });
  shareConnections(server, 40);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  for (const socket of [...peers.splice(0), ...accepted]) {
    socket.destroy();
  }
  server.close();
  await once(server, 'close');
});

async function open(localAddress: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const { port } = server.address() as AddressInfo;
    const peer = connect({ port, host: '127.0.0.1', localAddress });
    peer.on('error', () => undefined);
    peers.push(peer);
    await once(peer, 'connect');
  }
}

const openFrom = (address: string): number =>
  accepted.filter((socket) => !socket.destroyed && socket.remoteAddress === address).length;

test('[DEV-038] one address that takes all connections it can get leaves half of them to others', async () => {
  await open('127.0.3.1', 60);
  await open('127.0.3.2', 8);

  await expect.poll(() => openFrom('127.0.3.2')).toBe(8);
  expect(openFrom('127.0.3.1')).toBe(20);
});

test('an office behind one address may come at once, and again when it has left', async () => {
  await open('127.0.3.1', 20);
  await expect.poll(() => openFrom('127.0.3.1')).toBe(20);
  for (const peer of peers.splice(0)) {
    peer.destroy();
  }
  await expect.poll(() => openFrom('127.0.3.1')).toBe(0);

  await open('127.0.3.1', 20);
  await expect.poll(() => openFrom('127.0.3.1')).toBe(20);
});
