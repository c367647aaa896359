/** The SIP network on real sockets, and its peers; everything is closed when the test is over. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished, vi } from 'vitest';
import { SipNetwork, type SipNetworkOptions } from '../../../system/call-plane/net/sip-network.ts';
import type { SipMessage } from '../../../system/call-plane/sip/messages/message.ts';
import type { SipParseError } from '../../../system/call-plane/sip/messages/sip-parse-error.ts';
import type {
  Flow,
  TransportProtocol,
  TransportUser,
} from '../../../system/call-plane/sip/transport.ts';
import { systemClock } from '../../../system/foundation/clock.ts';
import { silentLogger } from '../../../system/foundation/logger.ts';

export const openGate = {
  admit: () => 'pass' as const,
  admitRequest: () => 'pass' as const,
  noteMalformed: () => undefined,
};

export class Recorder {
  readonly messages: { message: SipMessage; flow: Flow }[] = [];
  readonly errors: SipParseError[] = [];
  readonly closedConnections: number[] = [];
  onMessage: (message: SipMessage, flow: Flow) => void = () => undefined;
  onParseError: (error: SipParseError, flow: Flow) => void = () => undefined;

  handleMessage(message: SipMessage, flow: Flow): void {
    this.messages.push({ message, flow });
    this.onMessage(message, flow);
  }

  handleParseError(error: SipParseError, flow: Flow): void {
    this.errors.push(error);
    this.onParseError(error, flow);
  }

  handleConnectionClosed(connectionId: number): void {
    this.closedConnections.push(connectionId);
  }

  get callIds(): string[] {
    return this.messages.map(({ message }) => message.callId);
  }
}

export async function startNetwork(user: TransportUser, options: Partial<SipNetworkOptions> = {}) {
  const network = new SipNetwork({
    listen: [
      { protocol: 'udp', address: '127.0.0.1', port: 0 },
      { protocol: 'udp', address: '::1', port: 0 },
      { protocol: 'tcp', address: '127.0.0.1', port: 0 },
      { protocol: 'tcp', address: '::1', port: 0 },
    ],
    clock: systemClock,
    logger: silentLogger,
    gate: openGate,
    ...options,
  });
  onTestFinished(() => network.close());
  await network.start(user);
  return {
    network,
    portOf: (protocol: TransportProtocol, address = '127.0.0.1'): number =>
      network.boundAddresses.find(
        (bound) => bound.protocol === protocol && bound.address === address,
      )?.port ?? 0,
  };
}

export async function openUdp(address = '127.0.0.1'): Promise<UdpSocket> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  return socket;
}

export async function openTcp(port: number, address = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: address });
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Unlike `once`, does not mind that the connection was reset. */
export function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
}

export async function listenTcp(onConnection: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer(onConnection);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

export function createText(
  callId: string,
  via = 'SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1',
  body = '',
): string {
  return [
    'OPTIONS sip:127.0.0.1 SIP/2.0',
    `Via: ${via}`,
    'Max-Forwards: 70',
    'From: <sip:a@example.test>;tag=a',
    'To: <sip:b@example.test>',
    `Call-ID: ${callId}`,
    'CSeq: 1 OPTIONS',
    `Content-Length: ${String(body.length)}`,
    '',
    body,
  ].join('\r\n');
}

export function requireFlow(flow: Flow | undefined): Flow {
  if (flow === undefined) {
    throw new Error('there is no flow');
  }
  return flow;
}

export async function until(condition: () => boolean): Promise<void> {
  await vi.waitUntil(condition, { timeout: 5_000, interval: 2 });
}
