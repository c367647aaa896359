/** A media plane without packets: it counts ports and remembers what each endpoint was told. */
import { AppError } from '../../../system/foundation/app-error.ts';
import type {
  MediaDirection,
  MediaEndpoint,
  MediaEndpointOptions,
  MediaPlane,
  MediaService,
  MediaStatistics,
  RemoteMedia,
  ServiceCodec,
} from '../../../system/media-plane/media.ts';

export class FakeMediaEndpoint implements MediaEndpoint {
  readonly localAddress: string;
  readonly rtpPort: number;
  readonly remotes: RemoteMedia[] = [];
  direction: MediaDirection = { sends: true, receives: true };
  joined: MediaEndpoint | undefined;
  service: readonly [MediaService, ServiceCodec, number] | undefined;
  isClosed = false;
  silentForMs: number | undefined = 0;
  readonly #onClose: () => void;

  constructor(localAddress: string, rtpPort: number, onClose: () => void) {
    this.localAddress = localAddress;
    this.rtpPort = rtpPort;
    this.#onClose = onClose;
  }

  setRemote(remote: RemoteMedia): void {
    this.remotes.push(remote);
  }

  setDirection(direction: MediaDirection): void {
    this.direction = direction;
  }

  setPayloadTypes(): void {
    throw new Error('payload types pass unchanged between two phones');
  }

  join(other: MediaEndpoint): void {
    this.joined = other;
    if (other instanceof FakeMediaEndpoint) {
      other.joined = this;
    }
  }

  attach(service: MediaService, codec: ServiceCodec, payloadType: number): void {
    this.service = [service, codec, payloadType];
  }

  /** Keys that the phone pressed, until somebody takes them. */
  digits = '';

  takeDigits(): string {
    const { digits } = this;
    this.digits = '';
    return digits;
  }

  detach(): void {
    this.joined = undefined;
    this.service = undefined;
  }

  packetsFromStrangers = 0;

  statistics(): MediaStatistics {
    return {
      packetsReceived: 0,
      packetsSent: 0,
      bytesReceived: 0,
      bytesSent: 0,
      packetsLost: undefined,
      jitterMs: undefined,
      remotePacketsLost: undefined,
      remoteJitterMs: undefined,
      roundTripMs: undefined,
      mos: undefined,
      payloadType: undefined,
      packetsFromStrangers: this.packetsFromStrangers,
      silentForMs: this.silentForMs,
    };
  }

  close(): MediaStatistics {
    if (!this.isClosed) {
      this.isClosed = true;
      this.#onClose();
    }
    return this.statistics();
  }
}

export class FakeMediaPlane implements MediaPlane {
  /** Every endpoint ever made, closed ones included. */
  readonly endpoints: FakeMediaEndpoint[] = [];
  /** How many ports there are; two per endpoint. */
  totalPorts = 1_000;
  #usedPorts = 0;
  #nextPort = 30_000;

  createEndpoint(options: MediaEndpointOptions): MediaEndpoint {
    if (this.#usedPorts + 2 > this.totalPorts) {
      throw new AppError('no-ports', 'all ports are in use');
    }
    this.#usedPorts += 2;
    const endpoint = new FakeMediaEndpoint(options.localAddress, this.#nextPort, () => {
      this.#usedPorts -= 2;
    });
    this.#nextPort += 2;
    this.endpoints.push(endpoint);
    return endpoint;
  }

  portUsage(): { readonly used: number; readonly total: number } {
    return { used: this.#usedPorts, total: this.totalPorts };
  }
}
