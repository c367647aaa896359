/**
 * The phones of `power-cut.ts`, a process in the phones' network namespace. Each does what a real one
 * does when the power comes back: DHCP, its files over one TLS connection (or by TFTP), and a
 * registration with the account that stands in them. Cheap on purpose: raw sockets, no HTTP library.
 *
 * Argument: path of a JSON file, PhonesPlan. Prints one JSON line, PhonesResult.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { formatIpv4 } from '../../provisioning/ipv4.ts';
import { findMessageType } from '../../provisioning/dhcp/message-type.ts';
import { parseDhcpPacket, serializeDhcpPacket } from '../../provisioning/dhcp/packet.ts';
import { createClientMessage } from '../support/dhcp-conversation.ts';

export interface PlannedPhone {
  readonly mac: string;
  /** Of the device: part of the address of its files, which it has stored. */
  readonly token: string;
  readonly way: 'https' | 'tftp';
}

export interface PhonesPlan {
  readonly server: string;
  readonly interfaceName: string;
  readonly broadcast: string;
  readonly phones: readonly PlannedPhone[];
  /** They start within this time, as their boot takes one more or less. */
  readonly spreadMs: number;
  readonly timeoutMs: number;
}

export interface PhonesResult {
  readonly done: number;
  readonly failures: readonly string[];
  /** From the first start to the last registration. */
  readonly totalMs: number;
  /** Of one phone, from its start. */
  readonly medianMs: number;
  readonly slowestMs: number;
  readonly files: number;
  readonly fileBytes: number;
  readonly blfKeys: number;
  /** Slowest of each step, median of each step. */
  readonly steps: Readonly<Record<string, { readonly medianMs: number; readonly maxMs: number }>>;
  readonly retransmissions: number;
  readonly cpuMs: number;
}

const userAgent = (mac: string): string => `Yealink SIP-T46U 108.86.0.20 ${mac}`;
const plan = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as PhonesPlan;

let retransmissions = 0;
let files = 0;
let fileBytes = 0;
let blfKeys = 0;
const stepMs = new Map<string, number[]>();

async function measured<Value>(step: string, work: Promise<Value>): Promise<Value> {
  const startMs = performance.now();
  const value = await work;
  const times = stepMs.get(step) ?? [];
  times.push(performance.now() - startMs);
  stepMs.set(step, times);
  return value;
}

/** Sends and waits for the given times, one after the other, until the answer comes. */
async function askAgain<Value>(
  what: string,
  send: () => void,
  answer: Promise<Value>,
  waitsMs: readonly number[],
): Promise<Value> {
  for (const [attempt, waitMs] of waitsMs.entries()) {
    retransmissions += attempt === 0 ? 0 : 1;
    send();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => {
      resolve(undefined);
    }, waitMs);
    const first = await Promise.race([answer.then((value) => ({ value })), promise]);
    clearTimeout(timer);
    if (first !== undefined) {
      return first.value;
    }
  }
  throw new Error(`no answer to ${what}`);
}

/** One socket for all: answers to clients without an address are broadcasts. */
class DhcpClients {
  readonly #socket: Socket;
  readonly #waiting = new Map<string, (address: string) => void>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (datagram) => {
      const reply = parseDhcpPacket(datagram);
      const type = findMessageType(reply.options) ?? '';
      const key = `${reply.hardwareAddress.toString('hex')} ${type}`;
      this.#waiting.get(key)?.(formatIpv4(reply.yourAddress));
    });
  }

  static async open(): Promise<DhcpClients> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    socket.bind(68);
    await once(socket, 'listening');
    socket.setBroadcast(true);
    socket.setRecvBufferSize(8_000_000);
    return new DhcpClients(socket);
  }

  /** The address, after DISCOVER, OFFER, REQUEST and ACK. */
  async take(mac: string): Promise<string> {
    const requested = await this.#exchange(mac, 'discover', 'offer', {});
    return this.#exchange(mac, 'request', 'acknowledge', { requested, server: plan.server });
  }

  /** Resolves when the server answers: after its start it looks for other servers for some seconds. */
  async untilOpen(): Promise<void> {
    await this.#exchange('02000000ffff', 'discover', 'offer', {}, Array<number>(60).fill(500));
    retransmissions = 0;
  }

  close(): void {
    this.#socket.close();
  }

  async #exchange(
    mac: string,
    type: 'discover' | 'request',
    wanted: 'offer' | 'acknowledge',
    fields: { readonly requested?: string; readonly server?: string },
    waitsMs: readonly number[] = [4_000, 8_000, 16_000, 16_000],
  ): Promise<string> {
    const options = [
      [55, Buffer.of(1, 3, 6, 15, 42, 43, 66)],
      [60, Buffer.from('yealink')],
    ] as const;
    const { datagram } = serializeDhcpPacket(
      createClientMessage(type, { mac, options, ...fields }),
    );
    const { promise, resolve } = Promise.withResolvers<string>();
    const key = `${mac} ${wanted}`;
    this.#waiting.set(key, resolve);
    try {
      const send = (): void => {
        this.#socket.send(datagram, 67, plan.broadcast);
      };
      return await askAgain(`DHCP ${type}`, send, promise, waitsMs);
    } finally {
      this.#waiting.delete(key);
    }
  }
}

function isOwn(address: string): Promise<boolean> {
  return new Promise((done) => {
    const probe = createSocket('udp4');
    const tell = (isThere: boolean): void => {
      probe.close();
      done(isThere);
    };
    probe.on('error', () => {
      tell(false);
    });
    probe.bind(0, address, () => {
      tell(true);
    });
  });
}

/** Gives the interface one more address: a phone of its own on the wire. */
class Addresses {
  readonly #ip: ChildProcess = spawn('ip', ['-batch', '-', '-force'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });

  async add(address: string): Promise<void> {
    this.#ip.stdin?.write(`address add ${address}/32 dev ${plan.interfaceName}\n`);
    while (!(await isOwn(address))) {
      await new Promise((done) => setTimeout(done, 10));
    }
  }

  close(): void {
    this.#ip.stdin?.end();
  }
}

/** Files over one connection that stays open, one request after another. */
class HttpsFetcher {
  readonly #socket: TLSSocket;
  readonly #mac: string;
  #received = Buffer.alloc(0);
  #wake: () => void = () => undefined;
  #failure: Error | undefined;

  private constructor(socket: TLSSocket, mac: string) {
    this.#socket = socket;
    this.#mac = mac;
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    const fail = (error?: Error): void => {
      this.#failure ??= error ?? new Error('the connection was closed');
      this.#wake();
    };
    socket.on('error', fail);
    socket.on('close', () => {
      fail();
    });
  }

  static async open(mac: string, localAddress: string): Promise<HttpsFetcher> {
    const wire = connectTcp({ host: plan.server, port: 443, localAddress });
    await once(wire, 'connect');
    const socket = connect({ socket: wire, rejectUnauthorized: false, maxVersion: 'TLSv1.2' });
    await once(socket, 'secureConnect');
    return new HttpsFetcher(socket, mac);
  }

  async fetch(path: string): Promise<Buffer> {
    this.#socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${plan.server}\r\nUser-Agent: ${userAgent(this.#mac)}\r\n\r\n`,
    );
    for (;;) {
      const headEnd = this.#received.indexOf('\r\n\r\n');
      const head = headEnd === -1 ? '' : this.#received.toString('latin1', 0, headEnd);
      const length = /^content-length: (\d+)$/im.exec(head)?.[1];
      if (headEnd !== -1) {
        if (!head.startsWith('HTTP/1.1 200') || length === undefined) {
          throw new Error(`${path}: ${head.split('\r\n', 1)[0] ?? ''}`);
        }
        const end = headEnd + 4 + Number(length);
        if (this.#received.length >= end) {
          const body = this.#received.subarray(headEnd + 4, end);
          this.#received = this.#received.subarray(end);
          return body;
        }
      }
      if (this.#failure !== undefined) {
        throw this.#failure;
      }
      await new Promise<void>((done) => {
        this.#wake = done;
      });
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** RFC 1350, blocks of 512 bytes, as old phones do it. */
async function fetchByTftp(path: string, localAddress: string): Promise<Buffer> {
  const socket = createSocket('udp4');
  socket.bind(0, localAddress);
  await once(socket, 'listening');
  try {
    const blocks: Buffer[] = [];
    let packet = Buffer.from(`\0\u0001${path}\0octet\0`, 'latin1');
    let port = 69;
    for (let number = 1; ; number += 1) {
      const { promise, resolve } = Promise.withResolvers<Buffer>();
      const hear = (datagram: Buffer, remote: { readonly port: number }): void => {
        if (datagram.readUInt16BE(0) === 5 || datagram.readUInt16BE(2) === (number & 0xffff)) {
          port = remote.port;
          resolve(datagram);
        }
      };
      socket.on('message', hear);
      const send = (): void => {
        socket.send(packet, port, plan.server);
      };
      const datagram = await askAgain(
        `TFTP ${path}`,
        send,
        promise,
        [3_000, 5_000, 5_000, 5_000, 10_000],
      );
      socket.off('message', hear);
      if (datagram.readUInt16BE(0) === 5) {
        throw new Error(`TFTP ${path}: ${datagram.toString('latin1', 4)}`);
      }
      blocks.push(datagram.subarray(4));
      packet = Buffer.from([0, 4, (number >> 8) & 0xff, number & 0xff]);
      if (datagram.length < 516) {
        socket.send(packet, port, plan.server, () => {
          socket.close();
        });
        return Buffer.concat(blocks);
      }
    }
  } catch (error) {
    socket.close();
    throw error;
  }
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

async function register(configuration: string, localAddress: string): Promise<void> {
  const valueOf = (name: string): string =>
    new RegExp(`^account\\.1\\.${name} = (.*)$`, 'm').exec(configuration)?.[1]?.trim() ?? '';
  const user = valueOf('user_name');
  const authName = valueOf('auth_name') || user;
  const password = valueOf('password');
  const socket = createSocket('udp4');
  socket.bind(5060, localAddress);
  await once(socket, 'listening');
  const tag = randomBytes(6).toString('hex');
  const ask = async (sequence: number, authorization: string): Promise<string> => {
    const request = [
      'REGISTER sip:campanile.local SIP/2.0',
      `Via: SIP/2.0/UDP ${localAddress}:5060;branch=z9hG4bK${tag}${String(sequence)};rport`,
      `From: <sip:${user}@campanile.local>;tag=${tag}`,
      `To: <sip:${user}@campanile.local>`,
      `Call-ID: ${tag}@${localAddress}`,
      `CSeq: ${String(sequence)} REGISTER`,
      `Contact: <sip:${user}@${localAddress}:5060>`,
      'Max-Forwards: 70',
      'Expires: 300',
      'User-Agent: Yealink SIP-T46U 108.86.0.20',
      ...(authorization === '' ? [] : [authorization]),
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n');
    const { promise, resolve } = Promise.withResolvers<string>();
    const hear = (datagram: Buffer): void => {
      const text = datagram.toString('latin1');
      if (text.includes(`CSeq: ${String(sequence)} REGISTER`)) {
        resolve(text);
      }
    };
    socket.on('message', hear);
    const send = (): void => {
      socket.send(request, 5060, plan.server);
    };
    const answer = await askAgain(
      'REGISTER',
      send,
      promise,
      [500, 1_000, 2_000, 4_000, 4_000, 4_000],
    );
    socket.off('message', hear);
    return answer;
  };
  try {
    const challenge = await ask(1, '');
    const offered = challenge.split('\r\n').find((line) => /^WWW-Authenticate:.*MD5/i.test(line));
    const read = (name: string): string =>
      new RegExp(`${name}="?([^",]+)"?`, 'i').exec(offered ?? '')?.[1] ?? '';
    const uri = 'sip:campanile.local';
    const [realm, nonce, cnonce] = [read('realm'), read('nonce'), randomBytes(8).toString('hex')];
    const ha1 = md5(`${authName}:${realm}:${password}`);
    const ha2 = md5(`REGISTER:${uri}`);
    const response = md5(`${ha1}:${nonce}:00000001:${cnonce}:auth:${ha2}`);
    const opaque = read('opaque');
    const answer = await ask(
      2,
      `Authorization: Digest username="${authName}", realm="${realm}", nonce="${nonce}", uri="${uri}", ` +
        `response="${response}", algorithm=MD5, cnonce="${cnonce}", qop=auth, nc=00000001` +
        (opaque === '' ? '' : `, opaque="${opaque}"`),
    );
    if (!answer.startsWith('SIP/2.0 200')) {
      throw new Error(`REGISTER: ${answer.split('\r\n', 1)[0] ?? ''}`);
    }
  } finally {
    socket.close();
  }
}

/** What the boot file says comes after it; the two of the site first, then the phone's own. */
async function fetchAll(phone: PlannedPhone, address: string): Promise<string> {
  const { mac, token, way } = phone;
  const names = [`${mac}.boot`, 'y000000000108.cfg', 'site.cfg', 'rings.cfg', `${mac}.cfg`];
  const https =
    way === 'https' ? await measured('tls', HttpsFetcher.open(mac, address)) : undefined;
  let configuration = '';
  for (const name of names) {
    const body =
      https === undefined
        ? await measured('tftp file', fetchByTftp(`prov/${token}/${name}`, address))
        : await measured('https file', https.fetch(`/prov/${token}/${name}`));
    files += 1;
    fileBytes += body.length;
    configuration = body.toString('utf8');
  }
  https?.close();
  return configuration;
}

async function main(): Promise<void> {
  const dhcp = await DhcpClients.open();
  await dhcp.untilOpen();
  const addresses = new Addresses();
  const failures: string[] = [];
  const tookMs: number[] = [];
  const beginMs = performance.now();
  let lastMs = beginMs;
  const boot = async (phone: PlannedPhone, delayMs: number): Promise<void> => {
    await new Promise((done) => setTimeout(done, delayMs));
    const startMs = performance.now();
    try {
      const address = await measured('dhcp', dhcp.take(phone.mac));
      await addresses.add(address);
      const configuration = await fetchAll(phone, address);
      blfKeys += configuration.match(/^linekey\.\d+\.type = 16$/gm)?.length ?? 0;
      await measured('register', register(configuration, address));
      lastMs = performance.now();
      tookMs.push(lastMs - startMs);
    } catch (error) {
      failures.push(`${phone.mac}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const { phones, spreadMs, timeoutMs } = plan;
  const all = Promise.all(
    phones.map((phone, index) => boot(phone, (index * spreadMs) / phones.length)),
  );
  const { promise: overtime, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => {
    resolve(undefined);
  }, timeoutMs);
  await Promise.race([all, overtime]);
  clearTimeout(timer);
  dhcp.close();
  addresses.close();
  const sorted = tookMs.toSorted((a, b) => a - b);
  const middle = (values: readonly number[]): number =>
    Math.round(values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0);
  const { user, system } = process.cpuUsage();
  const result: PhonesResult = {
    done: tookMs.length,
    failures: failures.slice(0, 10),
    totalMs: Math.round(lastMs - beginMs),
    medianMs: middle(sorted),
    slowestMs: Math.round(sorted.at(-1) ?? 0),
    files,
    fileBytes,
    blfKeys,
    steps: Object.fromEntries(
      [...stepMs].map(([step, times]) => [
        step,
        { medianMs: middle(times), maxMs: Math.round(Math.max(...times)) },
      ]),
    ),
    retransmissions,
    cpuMs: Math.round((user + system) / 1_000),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}

await main();
