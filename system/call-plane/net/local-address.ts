/**
 * Which address of ours a peer sees when the socket listens on all of them. A machine with one
 * address has no choice; otherwise what the kernel's routing says, asked by connecting a UDP socket,
 * which sends nothing. Node connects it at once when the name look-up answers at once, so the answer
 * is there on return.
 */
import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import type { Clock } from '../../foundation/clock.ts';
import { GenerationMap } from '../../foundation/generation-map.ts';
import { isIpv6 } from './listen-address.ts';
import { lookUpLiteral } from '../../foundation/literal-lookup.ts';

/** Routes change; an answer older than this is asked for again. */
const freshMs = 60_000;
const capacity = 8_192;
/** Any port will do: nothing is sent. */
const probePort = 5060;

interface Answer {
  readonly address: string | undefined;
  readonly atMs: number;
}

export class LocalAddressFinder {
  readonly #clock: Clock;
  readonly #answers = new GenerationMap<string, Answer>(capacity);
  #soleIpv4: Answer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Our address towards this IP address; undefined when there is no route. */
  find(remoteAddress: string): string | undefined {
    const nowMs = this.#clock.nowMs();
    return this.#findSole(remoteAddress, nowMs) ?? this.#findRouted(remoteAddress, nowMs);
  }

  /** Saves the probe that each new source address, forged ones too, would cost. */
  #findSole(remoteAddress: string, nowMs: number): string | undefined {
    if (isIpv6(remoteAddress) || remoteAddress.startsWith('127.')) {
      return undefined;
    }
    if (this.#soleIpv4 === undefined || nowMs - this.#soleIpv4.atMs >= freshMs) {
      this.#soleIpv4 = { address: findSoleIpv4(), atMs: nowMs };
    }
    return this.#soleIpv4.address;
  }

  #findRouted(remoteAddress: string, nowMs: number): string | undefined {
    const known = this.#answers.get(remoteAddress);
    if (known !== undefined && nowMs - known.atMs < freshMs) {
      return known.address;
    }
    const address = probeRoute(remoteAddress);
    this.#answers.set(remoteAddress, { address, atMs: nowMs });
    return address;
  }
}

/** The machine's IPv4 address, if it has exactly one besides loopback. */
function findSoleIpv4(): string | undefined {
  const addresses = Object.values(networkInterfaces())
    .flatMap((interfaces) => interfaces ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
  return addresses.length === 1 ? addresses[0] : undefined;
}

function probeRoute(remoteAddress: string): string | undefined {
  const probe = createSocket({
    type: isIpv6(remoteAddress) ? 'udp6' : 'udp4',
    lookup: lookUpLiteral,
  });
  // Without a route `connect` fails later, by an event; `address` below has told us by then.
  probe.on('error', () => undefined);
  try {
    probe.connect(probePort, remoteAddress);
    probe.remoteAddress();
    return probe.address().address;
  } catch {
    // Not connected: there is no route to this address.
    return undefined;
  } finally {
    probe.close();
  }
}
