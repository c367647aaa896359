/**
 * One UDP socket for SIP. Flows are kept per peer, so that a packet from a known peer allocates
 * none; what is sent leaves in batches.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { toErrorMessage } from '../../foundation/app-error.ts';
import type { Clock, Timer } from '../../foundation/clock.ts';
import { GenerationMap } from '../../foundation/generation-map.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { Flow } from '../sip/transport.ts';
import { isIpv6, isWildcard, type ListenAddress } from './listen-address.ts';
import { lookUpLiteral } from '../../foundation/literal-lookup.ts';
import type { LocalAddressFinder } from './local-address.ts';
import { toListenError } from './sip-network-error.ts';
import { loadDatagramSender } from '../../foundation/datagram-sender.ts';
import { configureDescriptor, type ConfigureSocket } from '../../foundation/socket-descriptor.ts';
import { DatagramQueue, type OnFailure } from './datagram-queue.ts';

/** 500 calls/s bring about 5,000 packets/s: this holds what arrives while we are busy for 0.5 s. */
const receiveBufferBytes = 4 * 1_024 * 1_024;
const sendBufferBytes = 2 * 1_024 * 1_024;
/** Peers whose flows are kept, at most. */
const flowCapacity = 32_768;
/** Our address towards a peer can change: flows of a socket on all addresses are made anew. */
const forgetFlowsMs = 60_000;

const sender = loadDatagramSender();

/** A flow that knows its socket. What it knows is private: a copy of a flow is data only. */
class UdpFlow implements Flow {
  readonly protocol = 'udp';
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly #socket: SipUdp;
  /** The remote end as the kernel wants it; undefined before it is first used. */
  #destination: Buffer | undefined;

  constructor(
    socket: SipUdp,
    localAddress: string,
    localPort: number,
    remoteAddress: string,
    remotePort: number,
  ) {
    this.#socket = socket;
    this.localAddress = localAddress;
    this.localPort = localPort;
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
  }

  static socketOf(flow: Flow): SipUdp | undefined {
    return flow instanceof UdpFlow ? flow.#socket : undefined;
  }

  /** Undefined for an address with a zone, which only Node can read. */
  static destinationOf(flow: Flow): Buffer | undefined {
    if (!(flow instanceof UdpFlow)) {
      return sender.toSocketAddress(flow.remoteAddress, flow.remotePort);
    }
    flow.#destination ??= sender.toSocketAddress(flow.remoteAddress, flow.remotePort);
    return flow.#destination;
  }
}

/** The socket that this flow was received on or made by; undefined for flows read from a store. */
export function findUdpSocket(flow: Flow): SipUdp | undefined {
  return UdpFlow.socketOf(flow);
}

export interface SipUdpOptions {
  readonly listen: ListenAddress;
  readonly localAddresses: LocalAddressFinder;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly configureSocket: ConfigureSocket | undefined;
  /** Called for every datagram. It must not throw. */
  receive(datagram: Buffer, remote: RemoteInfo, socket: SipUdp): void;
}

export class SipUdp {
  readonly #options: SipUdpOptions;
  readonly #socket: Socket;
  readonly #isWildcard: boolean;
  readonly isIpv6: boolean;
  /**
   * The latest flow of each remote address: a phone keeps to its port, so nearly every packet finds
   * its flow. Several phones behind one address make new objects, no more.
   */
  #flows = new GenerationMap<string, UdpFlow>(flowCapacity);
  #forgetting: Timer | undefined;
  #port = 0;
  #isOpen = false;
  /** Undefined when closed, or when Node hides the descriptor: then Node sends, one by one. */
  #queue: DatagramQueue | undefined;

  constructor(options: SipUdpOptions) {
    const { address } = options.listen;
    this.#options = options;
    this.#isWildcard = isWildcard(address);
    this.isIpv6 = isIpv6(address);
    this.#socket = createSocket({
      type: this.isIpv6 ? 'udp6' : 'udp4',
      // IPv4 has sockets of its own: mapped addresses would have to be translated everywhere.
      ipv6Only: this.isIpv6,
      lookup: lookUpLiteral,
      recvBufferSize: receiveBufferBytes,
      sendBufferSize: sendBufferBytes,
    });
  }

  /** As bound: the port is the real one. */
  get boundAddress(): ListenAddress {
    return { ...this.#options.listen, port: this.#port };
  }

  /** @throws SipNetworkError */
  async open(): Promise<void> {
    const { listen, logger, configureSocket } = this.#options;
    try {
      // Waited for before it is asked: our look-up answers at once, and so may the socket.
      const listening = once(this.#socket, 'listening');
      this.#socket.bind({ address: listen.address, port: listen.port, exclusive: true });
      await listening;
    } catch (error) {
      this.#socket.close();
      throw toListenError(error, listen);
    }
    this.#isOpen = true;
    this.#port = this.#socket.address().port;
    configureDescriptor(this.#socket, configureSocket);
    configureDescriptor(this.#socket, (descriptor) => {
      this.#queue = new DatagramQueue(sender, descriptor);
    });
    this.#socket.on('error', (error) => {
      logger.warn('SIP UDP socket error', { error: toErrorMessage(error) });
    });
    this.#socket.on('message', (datagram, remote) => {
      this.#options.receive(datagram, remote, this);
    });
    if (this.#isWildcard) {
      this.#scheduleForgetting();
    }
  }

  /** Undefined when there is no route to the peer. */
  findFlow(remoteAddress: string, remotePort: number): Flow | undefined {
    const known = this.#flows.get(remoteAddress);
    if (known?.remotePort === remotePort) {
      return known;
    }
    const localAddress = this.#isWildcard
      ? this.#options.localAddresses.find(remoteAddress)
      : this.#options.listen.address;
    if (localAddress === undefined) {
      return undefined;
    }
    const flow = new UdpFlow(this, localAddress, this.#port, remoteAddress, remotePort);
    this.#flows.set(remoteAddress, flow);
    return flow;
  }

  /** Whether packets from this address of ours leave here. */
  isAt(localAddress: string, localPort: number): boolean {
    return (
      localPort === this.#port &&
      (this.#isWildcard
        ? isIpv6(localAddress) === this.isIpv6
        : localAddress === this.#options.listen.address)
    );
  }

  send(message: Buffer, flow: Flow, onFailure?: OnFailure): void {
    const destination = this.#queue && UdpFlow.destinationOf(flow);
    if (this.#queue === undefined || destination === undefined) {
      this.#sendByNode(message, flow, onFailure);
    } else {
      this.#queue.push(message, destination, onFailure);
    }
  }

  async close(): Promise<void> {
    if (!this.#isOpen) {
      return;
    }
    this.#isOpen = false;
    this.#queue?.flush();
    this.#queue = undefined;
    this.#forgetting?.cancel();
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  #sendByNode(message: Buffer, flow: Flow, onFailure: OnFailure | undefined): void {
    try {
      this.#socket.send(message, flow.remotePort, flow.remoteAddress, (error) => {
        if (error !== null) {
          onFailure?.(error);
        }
      });
    } catch (error) {
      // Closed, or port 0 out of a Via: nothing can leave.
      queueMicrotask(() => {
        onFailure?.(new Error(toErrorMessage(error)));
      });
    }
  }

  #scheduleForgetting(): void {
    this.#forgetting = this.#options.clock.schedule(forgetFlowsMs, () => {
      this.#flows = new GenerationMap(flowCapacity);
      this.#scheduleForgetting();
    });
  }
}
