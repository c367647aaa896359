/**
 * What the provisioning servers cost: CPU per DHCP handshake (DISCOVER to ACK, lease on the disk) and
 * per MB by TFTP to 50 clients at once (`atftp`). Needs root, for the socket bound to an interface.
 *
 *   node test/bench/provisioning-servers.ts
 *
 * The servers run in a process of their own, so that only their time counts.
 */
import { execFile, fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { formatIpv4 } from '../../provisioning/ipv4.ts';
import { LeaseJournal } from '../../provisioning/dhcp/leases/lease-journal.ts';
import { findMessageType } from '../../provisioning/dhcp/message/message-type.ts';
import { parseDhcpPacket, serializeDhcpPacket } from '../../provisioning/dhcp/message/packet.ts';
import { phoneOptionRules } from '../../provisioning/dhcp/options/phone-options.ts';
import { DhcpServer } from '../../provisioning/dhcp/server.ts';
import { FolderSource } from '../../provisioning/tftp/folder-source.ts';
import { TftpServer } from '../../provisioning/tftp/server.ts';
import { systemClock } from '../../system/foundation/clock.ts';
import { silentLogger } from '../../system/foundation/logger.ts';
import { createClientMessage } from '../support/provisioning/dhcp-conversation.ts';
import { findFreePorts } from '../support/daemon/free-ports.ts';

const clientCount = 1_000;
const transfersAtOnce = 50;
const fileMb = 2;
const serverAddress = '127.0.0.1';
/** The clients sit behind this relay, so that unicast answers reach them without interfaces. */
const relayAddress = '127.0.0.2';

async function serve(folder: string, dhcpPort: number): Promise<void> {
  const clock = systemClock;
  const logger = silentLogger;
  const dhcp = new DhcpServer({
    store: new LeaseJournal(join(folder, 'leases')),
    directory: { describe: () => undefined, refuses: () => false },
    phoneRules: phoneOptionRules,
    clock,
    logger,
    random: randomBytes,
    ports: { server: dhcpPort, client: dhcpPort + 1 },
  });
  await dhcp.start({
    interfaces: [
      {
        name: 'lo',
        address: serverAddress,
        isEnabled: true,
        provisioningUrl: `http://${serverAddress}/prov/`,
        isAllowedBesideOthers: true,
      },
    ],
    subnets: [
      {
        subnet: '127.0.0.0/8',
        ranges: [{ first: '127.1.0.1', last: '127.1.255.250' }],
        routers: [serverAddress],
        dnsServers: [serverAddress],
        ntpServers: [serverAddress],
      },
    ],
  });
  const tftp = new TftpServer({ source: new FolderSource(folder), clock, logger });
  const tftpPort = await tftp.listen({ address: serverAddress, port: 0 });
  process.on('message', () => process.send?.({ cpuUs: toTotal(process.cpuUsage()) }));
  process.send?.({ tftpPort });
}

function toTotal({ user, system }: NodeJS.CpuUsage): number {
  return user + system;
}

async function readCpuMs(server: ChildProcess): Promise<number> {
  const answer = once(server, 'message') as Promise<[{ cpuUs: number }]>;
  server.send('cpu');
  const [{ cpuUs }] = await answer;
  return cpuUs / 1_000;
}

/** DISCOVER, OFFER, REQUEST, ACK of every client, all at once; resolves when the last has its lease. */
async function shakeHands(dhcpPort: number): Promise<void> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  socket.bind(dhcpPort, relayAddress);
  await once(socket, 'listening');
  socket.setRecvBufferSize(8_000_000);
  const send = (type: 'discover' | 'request', index: number, fields = {}): void => {
    const mac = `02${index.toString(16).padStart(10, '0')}`;
    const options = [
      [55, Buffer.of(1, 3, 6, 15, 42, 43, 66, 67, 150, 160)],
      [60, Buffer.from('yealink')],
    ] as const;
    const message = createClientMessage(type, { mac, giaddr: relayAddress, options, ...fields });
    socket.send(serializeDhcpPacket(message).datagram, dhcpPort, serverAddress);
  };
  let bound = 0;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  socket.on('message', (datagram) => {
    const reply = parseDhcpPacket(datagram);
    if (findMessageType(reply.options) === 'offer') {
      const index = reply.hardwareAddress.readUIntBE(1, 5);
      const requested = formatIpv4(reply.yourAddress);
      send('request', index, { requested, server: serverAddress });
    } else {
      bound += 1;
      if (bound === clientCount) {
        resolve(undefined);
      }
    }
  });
  for (let index = 0; index < clientCount; index += 1) {
    send('discover', index);
  }
  await promise;
  socket.close();
}

async function measure(
  what: string,
  server: ChildProcess,
  unitCount: number,
  unit: string,
  work: () => Promise<unknown>,
): Promise<void> {
  const cpuBeforeMs = await readCpuMs(server);
  const startedAtMs = performance.now();
  await work();
  const wallMs = performance.now() - startedAtMs;
  const cpuMs = (await readCpuMs(server)) - cpuBeforeMs;
  const each = (cpuMs / unitCount).toFixed(3);
  console.log(`${what}: ${each} ms CPU per ${unit}, ${(wallMs / 1_000).toFixed(2)} s in all`);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'campanile-bench-'));
  writeFileSync(join(folder, 'firmware'), randomBytes(fileMb * 1_000_000));
  const [dhcpPort = 0] = await findFreePorts(1);
  const server = fork(import.meta.filename, ['serve', folder, String(dhcpPort)]);
  const [{ tftpPort }] = (await once(server, 'message')) as [{ tftpPort: number }];
  const run = promisify(execFile);
  const fetchAll = (options: readonly string[]): Promise<unknown> =>
    Promise.all(
      Array.from({ length: transfersAtOnce }, (_, index) =>
        run('atftp', [
          ...options.flatMap((option) => ['--option', option]),
          ...['--get', '-r', 'firmware', '-l', join(folder, `got${String(index)}`)],
          ...[serverAddress, String(tftpPort)],
        ]),
      ),
    );
  await measure(
    `${String(clientCount)} DHCP clients, first time`,
    server,
    clientCount,
    'lease',
    () => shakeHands(dhcpPort),
  );
  await measure(`${String(clientCount)} DHCP clients, again`, server, clientCount, 'lease', () =>
    shakeHands(dhcpPort),
  );
  for (const options of [['blksize 1428', 'windowsize 16'], ['blksize 1428'], []]) {
    const name = options.length === 0 ? '512-byte blocks' : options.join(', ');
    const megabytes = transfersAtOnce * fileMb;
    await measure(
      `TFTP, ${String(transfersAtOnce)} at once, ${name}`,
      server,
      megabytes,
      'MB',
      () => fetchAll(options),
    );
  }
  server.kill();
  rmSync(folder, { recursive: true });
}

const [, , role, folder = '', dhcpPort = ''] = process.argv;
await (role === 'serve' ? serve(folder, Number(dhcpPort)) : main());
