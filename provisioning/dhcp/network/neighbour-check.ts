/**
 * Whether somebody already answers on an address that is about to be offered (RFC 2131 §3.1.2: a
 * server should look). A datagram to the address makes the kernel ask by ARP; its table tells who
 * answered. Works on the interface's own link only, which is where unmanaged addresses are.
 */
import type { Clock } from '../../../system/foundation/clock.ts';
import { readNeighbours, type Neighbour } from '../../../system/foundation/neighbour-table.ts';
import type { DhcpSocket } from './dhcp-socket.ts';
import { formatIpv4, type Ipv4Address } from '../../ipv4.ts';

const discardPort = 9;
const answerTimeMs = 250;

export interface NeighbourQuestion {
  readonly socket: DhcpSocket;
  readonly interfaceName: string;
  readonly address: Ipv4Address;
  /** Hardware addresses that may answer: the client's own, and that of whoever had the lease. */
  readonly expectedMacs: readonly string[];
}

export class NeighbourCheck {
  readonly #clock: Clock;
  #table: Promise<readonly Neighbour[]> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The hardware address of a stranger on the address, if there is one. Never rejects. */
  async findStranger(question: NeighbourQuestion): Promise<string | undefined> {
    const { socket, interfaceName, address, expectedMacs } = question;
    socket.send(Buffer.of(0), address, discardPort);
    await new Promise<void>((resolve) => {
      this.#clock.schedule(answerTimeMs, resolve);
    });
    const text = formatIpv4(address);
    const stranger = (await this.#readTable()).find(
      (neighbour) => neighbour.address === text && neighbour.interfaceName === interfaceName,
    );
    return stranger === undefined || expectedMacs.includes(stranger.mac) ? undefined : stranger.mac;
  }

  /** Questions that end at about the same time share one reading. */
  #readTable(): Promise<readonly Neighbour[]> {
    this.#table ??= readNeighbours().finally(() => {
      this.#table = undefined;
    });
    return this.#table;
  }
}
