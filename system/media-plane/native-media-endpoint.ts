/** One leg's RTP session in the native packet thread: see `MediaEndpoint` for what each verb means. */
import {
  type MediaDirection,
  type MediaEndpoint,
  MediaError,
  type MediaService,
  type MediaStatistics,
  type RemoteMedia,
  type ServiceCodec,
  type ServiceOptions,
} from './media.ts';
import {
  type EndpointNumber,
  type MediaAddon,
  type PlaneNumber,
  statisticsLength,
} from './native/binding.ts';
import { toMediaStatistics } from './rtp/media-statistics.ts';
import { codecNumbers, toServiceNumber } from './service-exchange.ts';

/** No packet has this payload type. */
const noTelephoneEvents = 255;

interface NativeMediaEndpointParts {
  readonly addon: MediaAddon;
  readonly plane: PlaneNumber;
  readonly endpoint: EndpointNumber;
  readonly localAddress: string;
  readonly rtpPort: number;
  readonly onServiceAttached: () => void;
}

export class NativeMediaEndpoint implements MediaEndpoint {
  readonly localAddress: string;
  readonly rtpPort: number;
  readonly #addon: MediaAddon;
  readonly #plane: PlaneNumber;
  readonly #endpoint: EndpointNumber;
  readonly #onServiceAttached: () => void;
  #finalStatistics: MediaStatistics | undefined;

  constructor(parts: NativeMediaEndpointParts) {
    this.#addon = parts.addon;
    this.#plane = parts.plane;
    this.#endpoint = parts.endpoint;
    this.localAddress = parts.localAddress;
    this.rtpPort = parts.rtpPort;
    this.#onServiceAttached = parts.onServiceAttached;
  }

  setRemote(remote: RemoteMedia): void {
    try {
      this.#addon.setRemote(
        this.#plane,
        this.#endpoint,
        remote.address,
        remote.rtpPort,
        remote.rtcpPort ?? 0,
        remote.signallingAddress ?? '',
      );
    } catch (error) {
      throw MediaError.from(error);
    }
  }

  setDirection(direction: MediaDirection): void {
    this.#addon.setDirection(this.#plane, this.#endpoint, direction.sends, direction.receives);
  }

  setPayloadTypes(receivedToOther: ReadonlyMap<number, number>): void {
    const pairs = new Uint8Array(2 * receivedToOther.size);
    let at = 0;
    for (const [received, other] of receivedToOther) {
      pairs[at] = received;
      pairs[at + 1] = other;
      at += 2;
    }
    this.#addon.setPayloadTypes(this.#plane, this.#endpoint, pairs);
  }

  join(other: MediaEndpoint): void {
    if (!(other instanceof NativeMediaEndpoint)) {
      throw new TypeError('endpoints of different media planes cannot be joined');
    }
    this.#addon.join(this.#plane, this.#endpoint, other.#endpoint);
  }

  attach(
    service: MediaService,
    codec: ServiceCodec,
    payloadType: number,
    options: ServiceOptions = {},
  ): void {
    this.#addon.attach(
      this.#plane,
      this.#endpoint,
      toServiceNumber(service, options.language ?? 'en'),
      codecNumbers[codec],
      payloadType,
      options.telephoneEvent ?? noTelephoneEvents,
    );
    this.#onServiceAttached();
  }

  takeDigits(): string {
    return this.#finalStatistics === undefined
      ? this.#addon.takeDigits(this.#plane, this.#endpoint)
      : '';
  }

  detach(): void {
    this.#addon.detach(this.#plane, this.#endpoint);
  }

  statistics(): MediaStatistics {
    if (this.#finalStatistics !== undefined) {
      return this.#finalStatistics;
    }
    const figures = unknownFigures();
    this.#addon.readStatistics(this.#plane, this.#endpoint, figures);
    return toMediaStatistics(figures);
  }

  close(): MediaStatistics {
    if (this.#finalStatistics === undefined) {
      const figures = unknownFigures();
      this.#addon.closeEndpoint(this.#plane, this.#endpoint, figures);
      this.#finalStatistics = toMediaStatistics(figures);
    }
    return this.#finalStatistics;
  }
}

/** What is shown when the whole plane has been closed before the endpoint. */
function unknownFigures(): Float64Array {
  return new Float64Array(statisticsLength).fill(Number.NaN);
}
