/** The media plane on the native packet thread of this process. */
import {
  figuresIndex,
  figuresLength,
  loadMediaAddon,
  type MediaAddon,
  type PlaneNumber,
} from './native/binding.ts';
import {
  type MediaEndpoint,
  type MediaEndpointOptions,
  MediaError,
  type MediaPlane,
} from './media.ts';
import { NativeMediaEndpoint } from './native-media-endpoint.ts';

export interface NativeMediaPlaneOptions {
  /** First and last port; RTP uses the even ones, RTCP the next. */
  readonly portRange: { readonly from: number; readonly to: number };
  /** Differentiated services code point of media packets; 46 (expedited forwarding) when absent. */
  readonly dscp?: number;
  /** How long a released port pair rests while others are free. 2000 when absent. */
  readonly quarantineMs?: number;
  /** How long an unexpected host may become the source after signalling. 5000 when absent. */
  readonly learningWindowMs?: number;
  /** Called whenever an endpoint begins to end in the PBX: from then on a media worker is needed. */
  readonly onServiceAttached?: () => void;
}

export interface MediaPlaneFigures {
  readonly portsUsed: number;
  readonly portsTotal: number;
  /** Endpoints that end in the PBX now. */
  readonly servicePorts: number;
  /** 20 ms ticks that the media worker missed since the start. */
  readonly missedTicks: number;
}

export class NativeMediaPlane implements MediaPlane {
  readonly #addon: MediaAddon;
  readonly #onServiceAttached: () => void;
  /** For a media worker to connect with. */
  readonly plane: PlaneNumber;
  readonly #port = new Float64Array(1);
  readonly #figures = new Float64Array(figuresLength);

  /** Starts the packet thread. Throws MediaError `unavailable`, or RangeError for a bad range. */
  constructor(options: NativeMediaPlaneOptions) {
    const { firstPort, lastPort } = toEvenPorts(options.portRange.from, options.portRange.to);
    this.#onServiceAttached = options.onServiceAttached ?? ((): void => undefined);
    try {
      this.#addon = loadMediaAddon();
      this.plane = this.#addon.openPlane(
        firstPort,
        lastPort,
        options.dscp ?? 46,
        options.quarantineMs ?? 2000,
        options.learningWindowMs ?? 5000,
      );
    } catch (error) {
      throw MediaError.from(error);
    }
  }

  createEndpoint(options: MediaEndpointOptions): MediaEndpoint {
    const { localAddress } = options;
    try {
      const endpoint = this.#addon.openEndpoint(this.plane, localAddress, this.#port);
      return new NativeMediaEndpoint({
        addon: this.#addon,
        plane: this.plane,
        endpoint,
        localAddress,
        rtpPort: this.#port[0] ?? 0,
        onServiceAttached: this.#onServiceAttached,
      });
    } catch (error) {
      throw MediaError.from(error);
    }
  }

  portUsage(): { readonly used: number; readonly total: number } {
    const { portsUsed, portsTotal } = this.figures();
    return { used: portsUsed, total: portsTotal };
  }

  figures(): MediaPlaneFigures {
    this.#figures.fill(0);
    this.#addon.readFigures(this.plane, this.#figures);
    return {
      portsUsed: this.#figures[figuresIndex.portsUsed] ?? 0,
      portsTotal: this.#figures[figuresIndex.portsTotal] ?? 0,
      servicePorts: this.#figures[figuresIndex.servicePorts] ?? 0,
      missedTicks: this.#figures[figuresIndex.missedTicks] ?? 0,
    };
  }

  /** Idempotent. Endpoints that are still open lose their sockets. */
  close(): void {
    this.#addon.closePlane(this.plane);
  }
}

/** The even ports whose odd neighbour is in the range too. */
function toEvenPorts(from: number, to: number): { firstPort: number; lastPort: number } {
  const firstPort = from + (from % 2);
  const lastPort = to % 2 === 0 ? to - 2 : to - 1;
  if (!Number.isInteger(from) || !Number.isInteger(to) || firstPort < 2 || to > 65535) {
    throw new RangeError(`not a range of ports: ${String(from)} to ${String(to)}`);
  }
  if (lastPort < firstPort) {
    throw new RangeError(`no pair of ports fits into ${String(from)} to ${String(to)}`);
  }
  return { firstPort, lastPort };
}
