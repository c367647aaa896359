/** Whom the address filter turns away: nobody answers him, whatever door he knocks at. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ApiClient } from '../../../../support/management-plane/api-client.ts';
import { curl } from '../../../../support/programs/curl.ts';
import { TestManagementPlane } from '../../../../support/management-plane/management-plane.ts';

const denied = '127.0.0.9';
const welcome = '127.0.0.8';
const mac = '805ec0aabb01';
const anyVersion = { 'if-match': '*' };

let plane: TestManagementPlane;
let admin: ApiClient;

beforeEach(async () => {
  plane = await TestManagementPlane.start();
  admin = new ApiClient(plane);
  await admin.firstLogin();
  await admin.expect(201, 'POST', '/devices', { macs: [mac] });
});

afterEach(async () => {
  await plane.remove();
});

/** Sends from each of the addresses in turn; resolves with the senders that got an answer, once the last one has. */
async function answeredByUdp(
  port: number,
  datagram: Buffer,
  senders: readonly string[],
): Promise<string[]> {
  const answered: string[] = [];
  const sockets = await Promise.all(
    senders.map(async (address) => {
      const socket = createSocket('udp4');
      socket.bind(0, address);
      await once(socket, 'listening');
      return { address, socket };
    }),
  );
  const last = sockets.at(-1);
  const lastAnswer = last === undefined ? undefined : once(last.socket, 'message');
  for (const { address, socket } of sockets) {
    socket.on('message', () => answered.push(address));
    socket.send(datagram, port, '127.0.0.1');
  }
  await lastAnswer;
  for (const { socket } of sockets) {
    socket.close();
  }
  return answered;
}

test('[SEC-017] an address that is turned away gets no answer of the web, TFTP, FTP and the port of certificates, and writes no log', async () => {
  const on = { httpEnabled: true, tftpEnabled: true, ftpEnabled: true };
  await admin.expect(200, 'PATCH', '/provisioning/settings', on, anyVersion);
  const access = { certificatesEnabled: true, syslogEnabled: true };
  await admin.expect(200, 'PATCH', '/device-access', access, anyVersion);
  await expect.poll(() => plane.devicePorts.ftp).toBeDefined();
  const state = (await admin.expect(200, 'GET', '/device-access/state')) as {
    certificatesPort: number;
    syslogPort: number;
  };
  const { tftp = 0, ftp = 0 } = plane.devicePorts;
  await admin.expect(200, 'PATCH', '/settings', { deniedAddresses: [denied] }, anyVersion);

  const pages = [
    `http://127.0.0.1:${String(plane.httpPort)}/prov/${mac}.cfg`,
    `https://127.0.0.1:${String(state.certificatesPort)}/prov/${mac}.cfg`,
    `ftp://PlcmSpIp:PlcmSpIp@127.0.0.1:${String(ftp)}/`,
  ];
  for (const page of pages) {
    await expect(curl(page, { more: ['--interface', denied] })).rejects.toThrow('curl');
    await expect(curl(page, { more: ['--interface', welcome] })).resolves.toBeDefined();
  }
  const readRequest = Buffer.from(`\0\u0001${mac}.cfg\0octet\0`);
  expect(await answeredByUdp(tftp, readRequest, [denied, welcome])).toEqual([welcome]);

  for (const address of [denied, welcome]) {
    const socket = createSocket('udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    socket.send('<14>hello', state.syslogPort, '127.0.0.1', () => socket.close());
    await once(socket, 'close');
  }
  // The device fetched its file from the welcome address, so the line from there is its own.
  await expect
    .poll(() => admin.expect(200, 'GET', `/devices/${mac}/log`))
    .toMatchObject({ items: [{ text: 'hello' }] });
  expect(await admin.expect(200, 'GET', '/device-access/state')).toMatchObject({
    unknownSenders: [],
  });
});
