/**
 * The transport of the SIP layers over real sockets: every message that arrives is weighed by the
 * source gate, parsed and handed to one user; what leaves takes the socket or connection of its
 * flow. Requests go by TCP or TLS where their flow says so; a request that is too large for UDP is moved
 * by the transaction layer, and only onto a connection that exists (`connectionTo`), because few
 * phones listen on TCP unless they registered over it.
 */
import type { RemoteInfo } from 'node:dgram';
import { toErrorMessage } from '../../foundation/app-error.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { SipMessage } from '../sip/messages/message.ts';
import { parseMessage } from '../sip/messages/parse-message.ts';
import { SipParseError } from '../sip/messages/sip-parse-error.ts';
import type { Flow, SipTransport, TransportProtocol, TransportUser } from '../sip/transport.ts';
import { isIpv6, type ListenAddress } from './listen-address.ts';
import { LocalAddressFinder } from './local-address.ts';
import { traceOf } from './message-trace.ts';
import { SipNetworkError } from './sip-network-error.ts';
import { SipTcp } from './sip-tcp.ts';
import { findUdpSocket, SipUdp } from './sip-udp.ts';
import type { ConfigureSocket } from '../../foundation/socket-descriptor.ts';
import type { SourceGate } from './source-gate.ts';
import type { TcpConnection, TcpConnectionOwner } from './tcp-connection.ts';
import { defaultTcpLimits, type TcpLimits } from './tcp-limits.ts';
import { TlsSecurity, type CertificateChains } from './tls-security.ts';

export interface SipNetworkOptions {
  readonly listen: readonly ListenAddress[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly gate: SourceGate;
  readonly tcpLimits?: Partial<TcpLimits>;
  /** Sets options such as DSCP on each socket that sends. */
  readonly configureSocket?: ConfigureSocket;
}

export class SipNetwork implements SipTransport, TcpConnectionOwner {
  readonly #logger: Logger;
  readonly #gate: SourceGate;
  readonly #udp: readonly SipUdp[];
  readonly #tcp: SipTcp;
  readonly #tls: SipTcp;
  readonly #security = new TlsSecurity();
  #user: TransportUser | undefined;

  constructor(options: SipNetworkOptions) {
    const { listen, clock, logger, gate, configureSocket } = options;
    const localAddresses = new LocalAddressFinder(clock);
    this.#logger = logger;
    this.#gate = gate;
    this.#udp = listen
      .filter(({ protocol }) => protocol === 'udp')
      .map(
        (udpListen) =>
          new SipUdp({
            listen: udpListen,
            localAddresses,
            clock,
            logger,
            configureSocket,
            receive: (datagram, remote, socket) => {
              this.#receiveDatagram(datagram, remote, socket);
            },
          }),
      );
    let lastConnectionId = 0;
    const shared = {
      createConnectionId: () => {
        lastConnectionId += 1;
        return lastConnectionId;
      },
      localAddresses,
      clock,
      logger,
      limits: { ...defaultTcpLimits, ...options.tcpLimits },
      configureSocket,
      owner: this,
      isAdmitted: (remoteAddress: string) => gate.admit(remoteAddress) === 'pass',
    };
    this.#tcp = new SipTcp({
      ...shared,
      listen: listen.filter(({ protocol }) => protocol === 'tcp'),
    });
    this.#tls = new SipTcp({
      ...shared,
      listen: listen.filter(({ protocol }) => protocol === 'tls'),
      security: this.#security,
    });
  }

  /** As bound: the ports are the real ones. */
  get boundAddresses(): ListenAddress[] {
    return [
      ...this.#udp.map((socket) => socket.boundAddress),
      ...this.#tcp.boundAddresses,
      ...this.#tls.boundAddresses,
    ];
  }

  get connectionCount(): number {
    return this.#tcp.connectionCount + this.#tls.connectionCount;
  }

  /** TLS connections are accepted from the first certificate on. Throws when a key does not fit. */
  useCertificates(chains: CertificateChains): void {
    this.#security.use(chains);
  }

  /**
   * Opens every address, or none.
   *
   * @throws SipNetworkError naming the address that could not be listened on
   */
  async start(user: TransportUser): Promise<void> {
    this.#user = user;
    try {
      for (const socket of this.#udp) {
        await socket.open();
      }
      await this.#tcp.open();
      await this.#tls.open();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Connections may hand over what was sent before, for half a second. */
  async close(): Promise<void> {
    this.#user = undefined;
    await Promise.all([
      ...this.#udp.map((socket) => socket.close()),
      this.#tcp.close(),
      this.#tls.close(),
    ]);
  }

  send(message: Buffer, flow: Flow, onFailure?: (error: Error) => void): void {
    this.#trace('sent', message, flow.remoteAddress, flow.remotePort);
    if (flow.protocol !== 'udp') {
      this.#poolOf(flow.protocol).send(message, flow, onFailure);
      return;
    }
    const socket = findUdpSocket(flow) ?? this.#findUdp(flow.localAddress, flow.localPort);
    if (socket?.isIpv6 === isIpv6(flow.remoteAddress)) {
      socket.send(message, flow, onFailure);
    } else if (onFailure !== undefined) {
      queueMicrotask(() => {
        onFailure(new SipNetworkError('no-route', `no UDP socket for ${flow.remoteAddress}`));
      });
    }
  }

  flowTo(protocol: TransportProtocol, address: string, port: number): Flow | undefined {
    if (protocol !== 'udp') {
      return this.#poolOf(protocol).findFlow(address, port);
    }
    for (const socket of this.#udp) {
      if (socket.isIpv6 === isIpv6(address)) {
        const flow = socket.findFlow(address, port);
        if (flow !== undefined) {
          return flow;
        }
      }
    }
    return undefined;
  }

  connectionTo(address: string, port: number): Flow | undefined {
    return this.#tcp.findConnectionFlow(address, port);
  }

  handleMessageBytes(message: Buffer, connection: TcpConnection): void {
    const { flow } = connection;
    if (this.#gate.admit(flow.remoteAddress) === 'drop') {
      connection.destroy();
      return;
    }
    this.#trace('received', message, flow.remoteAddress, flow.remotePort);
    const parsed = this.#parse(message, flow.remoteAddress);
    if (parsed !== undefined && !this.#isAdmitted(parsed, flow.remoteAddress)) {
      connection.destroy();
    } else if (parsed !== undefined) {
      this.#deliver(parsed, flow);
    }
  }

  handleMisframed(error: unknown, connection: TcpConnection): void {
    const { remoteAddress } = connection.flow;
    if (!(error instanceof SipParseError)) {
      this.#reportBug(error);
      return;
    }
    this.#noteMalformed(error, remoteAddress);
    if (error.request !== undefined) {
      this.#deliver(error, connection.flow);
    }
  }

  handleClosed(connection: TcpConnection): void {
    try {
      this.#user?.handleConnectionClosed(connection.id);
    } catch (error) {
      this.#reportBug(error);
    }
  }

  #poolOf(protocol: 'tcp' | 'tls'): SipTcp {
    return protocol === 'tcp' ? this.#tcp : this.#tls;
  }

  #receiveDatagram(datagram: Buffer, remote: RemoteInfo, socket: SipUdp): void {
    // Port 0 cannot be answered: such packets are forged.
    if (this.#gate.admit(remote.address) === 'drop' || remote.port === 0) {
      return;
    }
    if (isKeepAlive(datagram)) {
      return;
    }
    this.#trace('received', datagram, remote.address, remote.port);
    const parsed = this.#parse(datagram, remote.address);
    if (parsed !== undefined && !this.#isAdmitted(parsed, remote.address)) {
      return;
    }
    // Only for what is worth an answer: for an address that is new the flow may cost system calls.
    const flow = parsed === undefined ? undefined : socket.findFlow(remote.address, remote.port);
    if (parsed !== undefined && flow !== undefined) {
      this.#deliver(parsed, flow);
    }
  }

  /** Undefined when there is nothing that could be answered. */
  #parse(bytes: Buffer, remoteAddress: string): SipMessage | SipParseError | undefined {
    try {
      return parseMessage(bytes);
    } catch (error) {
      if (!(error instanceof SipParseError)) {
        this.#reportBug(error);
        return undefined;
      }
      this.#noteMalformed(error, remoteAddress);
      return error.request === undefined ? undefined : error;
    }
  }

  #isAdmitted(parsed: SipMessage | SipParseError, remoteAddress: string): boolean {
    if (parsed instanceof SipParseError || parsed.kind === 'response') {
      return true;
    }
    const userAgent = parsed.headers.get('User-Agent');
    return this.#gate.admitRequest(remoteAddress, parsed.method, userAgent) === 'pass';
  }

  #deliver(parsed: SipMessage | SipParseError, flow: Flow): void {
    try {
      if (parsed instanceof SipParseError) {
        this.#user?.handleParseError(parsed, flow);
      } else {
        this.#user?.handleMessage(parsed, flow);
      }
    } catch (error) {
      this.#reportBug(error);
    }
  }

  #trace(what: 'received' | 'sent', message: Buffer, address: string, port: number): void {
    if (this.#logger.isDebugEnabled()) {
      this.#logger.debug(what, { ...traceOf(message), address, port });
    }
  }

  #noteMalformed(error: SipParseError, remoteAddress: string): void {
    this.#gate.noteMalformed(remoteAddress);
    if (this.#logger.isDebugEnabled()) {
      this.#logger.debug('what came is not SIP', { remoteAddress, error: error.message });
    }
  }

  #reportBug(error: unknown): void {
    this.#logger.error('handling a SIP message failed', {
      error: toErrorMessage(error),
      stack: error instanceof Error ? error.stack : undefined,
    });
  }

  #findUdp(localAddress: string, localPort: number): SipUdp | undefined {
    return (
      this.#udp.find((socket) => socket.isAt(localAddress, localPort)) ??
      // A flow of another start of the daemon, whose addresses have changed since.
      this.#udp.find((socket) => socket.isIpv6 === isIpv6(localAddress))
    );
  }
}

/**
 * What phones send to keep a NAT open, which is no SIP: line ends, zeros, and STUN (RFC 5626
 * §3.5.2), whose first two bits are zero as no SIP message's are. The packet's arrival is all that
 * was wanted.
 */
function isKeepAlive(datagram: Buffer): boolean {
  const first = datagram[0];
  return (
    first === undefined || first < 2 || (datagram.length <= 4 && (first === 13 || first === 10))
  );
}
