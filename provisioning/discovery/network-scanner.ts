/**
 * Asks the addresses of a local network who is there: one small SIP request each, which makes the kernel
 * ask for the hardware address; who has one is asked for its web page as well where that may tell more.
 * Gentle: so few at once that neither phones nor the kernel's table of neighbours notice.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../system/foundation/clock.ts';
import { lookUpLiteral } from '../../system/foundation/literal-lookup.ts';
import type { Logger } from '../../system/foundation/logger.ts';
import { readNeighbours } from '../../system/foundation/neighbour-table.ts';
import { formatIpv4, isInSubnet, type Ipv4Address } from '../ipv4.ts';
import type { OwnNetwork } from './scan-range.ts';
import { parseSipAnswer, serializeSipProbe } from './sip-probe.ts';
import { probeWeb, type WebHint } from './web-probe.ts';

/** Somebody who answered by ARP, with what he told of himself. */
export interface FoundHost {
  readonly address: string;
  readonly mac: string;
  /** Whether he answered by SIP. */
  readonly speaksSip: boolean;
  readonly userAgent: string | undefined;
  readonly web: WebHint | undefined;
}

export interface NetworkScannerOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether the web page of such a host is worth asking for. */
  readonly wantsWebPage: (host: Omit<FoundHost, 'web'>) => boolean;
  /** Of those asked; others for tests. */
  readonly ports?: { readonly sip: number; readonly http: number; readonly https: number };
}

export interface ScanRun {
  readonly addresses: readonly Ipv4Address[];
  readonly own: readonly OwnNetwork[];
  readonly signal: AbortSignal;
  readonly onChecked: (count: number) => void;
  readonly onFound: (host: FoundHost) => void;
}

/** At a time; the kernel keeps 1,024 neighbours at most, those that do not answer for three seconds. */
const batchSize = 64;
/** A phone answers within some milliseconds; one that sleeps, or a lost datagram, gets a second chance. */
const answerMs = 600;
const attempts = 2;
const webTimeoutMs = 3_000;
const defaultPorts = { sip: 5_060, http: 80, https: 443 };

export class NetworkScanner {
  readonly #options: NetworkScannerOptions;
  /** User-Agent by address, of those who answered by SIP. */
  readonly #agents = new Map<string, string | undefined>();
  readonly #callId = `scan-${randomBytes(9).toString('hex')}`;

  constructor(options: NetworkScannerOptions) {
    this.#options = options;
  }

  /** Resolves at the end, or soon after the signal. Rejects when no socket can be had. */
  async run({ addresses, own, signal, onChecked, onFound }: ScanRun): Promise<void> {
    const socket = await this.#open();
    try {
      for (let start = 0; start < addresses.length && !signal.aborted; start += batchSize) {
        const batch = addresses.slice(start, start + batchSize);
        for (let attempt = 1; attempt <= attempts; attempt += 1) {
          this.#ask(socket, batch, own);
          await this.#wait(answerMs);
        }
        await this.#report(batch, signal, onFound);
        onChecked(batch.length);
      }
    } finally {
      socket.close();
    }
  }

  async #open(): Promise<Socket> {
    const socket = createSocket({ type: 'udp4', lookup: lookUpLiteral });
    // Who is not there, or does not listen, is told by ICMP: that is an answer, too.
    socket.on('error', (error) => {
      this.#options.logger.debug('A probe was refused', { error: error.message });
    });
    socket.on('message', (datagram, source) => {
      this.#hear(datagram, source);
    });
    const listening = once(socket, 'listening');
    socket.bind(0);
    await listening;
    return socket;
  }

  #hear(datagram: Buffer, { address }: RemoteInfo): void {
    const answer = parseSipAnswer(datagram);
    if (answer?.callId === `${this.#callId}@${address}`) {
      this.#agents.set(address, answer.userAgent ?? this.#agents.get(address));
    }
  }

  #ask(socket: Socket, batch: readonly Ipv4Address[], own: readonly OwnNetwork[]): void {
    const { sip: port } = this.#options.ports ?? defaultPorts;
    for (const target of batch) {
      const address = formatIpv4(target);
      const near = own.find(({ subnet }) => isInSubnet(target, subnet));
      if (near === undefined || this.#agents.has(address)) {
        continue;
      }
      const server = `${formatIpv4(near.address)}:${String(socket.address().port)}`;
      const datagram = serializeSipProbe({
        callId: `${this.#callId}@${address}`,
        target: port === defaultPorts.sip ? address : `${address}:${String(port)}`,
        server,
        branch: `z9hG4bK${randomBytes(8).toString('hex')}`,
        tag: randomBytes(6).toString('hex'),
      });
      socket.send(datagram, port, address, () => undefined);
    }
  }

  async #report(
    batch: readonly Ipv4Address[],
    signal: AbortSignal,
    onFound: (host: FoundHost) => void,
  ): Promise<void> {
    const { wantsWebPage, ports } = this.#options;
    const { http: httpPort, https: httpsPort } = ports ?? defaultPorts;
    const macs = new Map((await readNeighbours()).map(({ address, mac }) => [address, mac]));
    const reports = batch.map(async (target) => {
      const address = formatIpv4(target);
      const mac = macs.get(address);
      if (mac === undefined) {
        return;
      }
      const speaksSip = this.#agents.has(address);
      const host = { address, mac, speaksSip, userAgent: this.#agents.get(address) };
      const options = { timeoutMs: webTimeoutMs, httpPort, httpsPort, signal };
      const web = wantsWebPage(host) ? await probeWeb(address, options) : undefined;
      if (!signal.aborted) {
        onFound({ ...host, web });
      }
    });
    await Promise.all(reports);
  }

  #wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.schedule(delayMs, resolve);
    });
  }
}
