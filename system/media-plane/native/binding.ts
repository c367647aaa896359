/**
 * The addon's media functions as TypeScript sees them. Planes and endpoints are numbers; a number
 * whose plane or endpoint is closed is harmless: the function then does nothing. Functions may be
 * called from every thread of Node.
 */
import { loadNativeAddon } from '../../foundation/native-addon.ts';

declare const brand: unique symbol;
export type PlaneNumber = number & { readonly [brand]: 'PlaneNumber' };
export type EndpointNumber = number & { readonly [brand]: 'EndpointNumber' };

/** Places in the array that `readStatistics` fills; NaN means unknown. */
export const statisticsIndex = {
  packetsReceived: 0,
  packetsSent: 1,
  bytesReceived: 2,
  bytesSent: 3,
  packetsFromStrangers: 4,
  packetsLost: 5,
  jitterMs: 6,
  remotePacketsLost: 7,
  remoteJitterMs: 8,
  roundTripMs: 9,
  payloadType: 10,
  silentForMs: 11,
} as const;
export const statisticsLength = 12;

/** Places in the array that `readFigures` fills. */
export const figuresIndex = {
  portsUsed: 0,
  portsTotal: 1,
  servicePorts: 2,
  missedTicks: 3,
} as const;
export const figuresLength = 4;

export interface MediaAddon {
  /**
   * Starts a packet thread. `firstPort` and `lastPort` are even; RTCP uses the odd port behind
   * each. Throws an Error with the system's code.
   */
  openPlane(
    firstPort: number,
    lastPort: number,
    dscp: number,
    quarantineMs: number,
    learningWindowMs: number,
  ): PlaneNumber;
  /** Ends the packet thread and closes every socket. */
  closePlane(plane: PlaneNumber): void;
  /**
   * Writes the RTP port to `port[0]`. Throws an Error with code `no-ports`, `bad-address` or
   * `unavailable`.
   */
  openEndpoint(plane: PlaneNumber, localAddress: string, port: Float64Array): EndpointNumber;
  /** `rtcpPort` 0: no RTCP; `signallingAddress` empty: unknown. Throws an Error with code `bad-address`. */
  setRemote(
    plane: PlaneNumber,
    endpoint: EndpointNumber,
    address: string,
    rtpPort: number,
    rtcpPort: number,
    signallingAddress: string,
  ): void;
  setDirection(
    plane: PlaneNumber,
    endpoint: EndpointNumber,
    sends: boolean,
    receives: boolean,
  ): void;
  /** Pairs: received, sent, received, sent … */
  setPayloadTypes(plane: PlaneNumber, endpoint: EndpointNumber, pairs: Uint8Array): void;
  join(plane: PlaneNumber, endpoint: EndpointNumber, other: EndpointNumber): void;
  /**
   * `service` and `codec` are the numbers of service-exchange.ts; `eventPayloadType` is that of
   * telephone-events, 255 without.
   */
  attach(
    plane: PlaneNumber,
    endpoint: EndpointNumber,
    service: number,
    codec: number,
    payloadType: number,
    eventPayloadType: number,
  ): void;
  detach(plane: PlaneNumber, endpoint: EndpointNumber): void;
  /** Keys pressed since the last time (0 to 9, *, #, A to D), at most 32; empty when the endpoint is closed. */
  takeDigits(plane: PlaneNumber, endpoint: EndpointNumber): string;
  /** Leaves `into` as it is when the endpoint is closed. */
  readStatistics(plane: PlaneNumber, endpoint: EndpointNumber, into: Float64Array): void;
  /** Reads the statistics a last time. */
  closeEndpoint(plane: PlaneNumber, endpoint: EndpointNumber, into: Float64Array): void;
  readFigures(plane: PlaneNumber, into: Float64Array): void;
  /**
   * Makes the calling thread the plane's media worker: `onTick` is called once per 20 ms while any
   * endpoint ends in the PBX, and must be done with the returned memory (service-exchange.ts) when
   * it returns. An exception in it ends the worker. Throws an Error with code `unavailable`.
   */
  connectWorker(plane: PlaneNumber, onTick: () => void): ArrayBuffer;
}

/** Throws NativeAddonError. */
export function loadMediaAddon(): MediaAddon {
  return loadNativeAddon() as MediaAddon;
}
