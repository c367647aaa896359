/**
 * A UDP socket of one network interface: it hears what arrives there and nothing else, and what it
 * broadcasts leaves there (SO_BINDTODEVICE).
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { toErrorMessage } from '../../../system/foundation/app-error.ts';
import { lookUpLiteral } from '../../../system/foundation/literal-lookup.ts';
import { configureDescriptor } from '../../../system/foundation/socket-descriptor.ts';
import { setSocketOptions } from '../../../system/foundation/socket-options.ts';
import { DhcpError } from '../dhcp-error.ts';
import { formatIpv4, type Ipv4Address } from '../../ipv4.ts';

export interface DhcpSocketOptions {
  readonly interfaceName: string;
  readonly port: number;
  readonly onMessage: (datagram: Buffer, sourceAddress: string) => void;
  /** Errors after opening, of sending too: the interface is down, there is no route … */
  readonly onError: (error: Error) => void;
}

/** What 1,000 clients send at once must wait here while we write leases. */
const receiveBufferBytes = 2 * 1_024 * 1_024;

export class DhcpSocket {
  readonly #socket: Socket;
  readonly #onError: (error: Error) => void;
  #isClosed = false;

  private constructor(socket: Socket, onError: (error: Error) => void) {
    this.#socket = socket;
    this.#onError = onError;
  }

  /** Rejects with DhcpError `socket`. */
  static async open(options: DhcpSocketOptions): Promise<DhcpSocket> {
    const { interfaceName, port, onMessage, onError } = options;
    const socket = createSocket({ type: 'udp4', reuseAddr: true, lookup: lookUpLiteral });
    try {
      // The look-up answers within the call, so the event may come before `bind` returns.
      const listening = once(socket, 'listening');
      socket.bind({ port, address: '0.0.0.0', exclusive: true });
      await listening;
      const boundDescriptors: number[] = [];
      configureDescriptor(socket, (descriptor) => {
        setSocketOptions(descriptor, { device: interfaceName });
        boundDescriptors.push(descriptor);
      });
      if (boundDescriptors.length === 0) {
        throw new Error('the descriptor of the socket cannot be found');
      }
      socket.setBroadcast(true);
      socket.setRecvBufferSize(receiveBufferBytes);
    } catch (error) {
      socket.close();
      throw new DhcpError(
        'socket',
        `UDP port ${String(port)} on ${interfaceName} cannot be opened: ${toErrorMessage(error)}`,
        { cause: error, details: { interfaceName, port } },
      );
    }
    socket.on('error', onError);
    socket.on('message', (datagram, { address }) => onMessage(datagram, address));
    return new DhcpSocket(socket, onError);
  }

  /** Does nothing once closed: an answer may have waited for the disk. */
  send(datagram: Buffer, address: Ipv4Address, port: number): void {
    if (this.#isClosed) {
      return;
    }
    this.#socket.send(datagram, port, formatIpv4(address), (error) => {
      if (error !== null) {
        this.#onError(error);
      }
    });
  }

  close(): Promise<void> {
    if (this.#isClosed) {
      return Promise.resolve();
    }
    this.#isClosed = true;
    return new Promise((resolve) => {
      this.#socket.close(() => resolve());
    });
  }
}
