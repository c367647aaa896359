/**
 * The media plane as the call plane sees it: endpoints that are joined with each other or with a
 * media service. One endpoint is the RTP session of one leg (RFC 3550): one RTP and one RTCP port.
 * Nothing here runs per packet; packets stay in the native thread, and services exchange whole
 * batches with the media worker.
 */
import { AppError, toErrorMessage } from '../foundation/app-error.ts';

/** `no-ports`: the configured range is exhausted. `unavailable`: the native part does not run. */
export type MediaErrorCode = 'no-ports' | 'unavailable' | 'bad-address';

export class MediaError extends AppError<MediaErrorCode> {
  /** An error of the native part; one without a code of ours means that it does not run. */
  static from(thrown: unknown): MediaError {
    const code = (thrown as { readonly code?: unknown } | undefined)?.code;
    return new MediaError(
      code === 'no-ports' || code === 'bad-address' ? code : 'unavailable',
      toErrorMessage(thrown),
      { cause: thrown },
    );
  }
}

/** What plays to and hears an endpoint that ends in the PBX. */
export type MediaService =
  | 'echo'
  | 'milliwatt'
  | 'done-tone'
  | 'refused-tone'
  | 'login-refused'
  | 'ask-extension'
  | 'ask-extension-again'
  | 'ask-pin'
  | 'silence';

export type ServiceCodec = 'PCMU' | 'PCMA';

/** In which services speak, where words of it are installed (`voices/`). */
export type VoiceLanguage = 'en' | 'it';

export interface ServiceOptions {
  /** Payload type of telephone-events (RFC 4733); undefined: the peer sends none. */
  readonly telephoneEvent?: number | undefined;
  /** `en` when absent. */
  readonly language?: VoiceLanguage;
}

export interface MediaEndpointOptions {
  /** The local address that goes into SDP; IPv4 or IPv6 without brackets. */
  readonly localAddress: string;
}

/** Where the peer wants its packets, from its SDP. */
export interface RemoteMedia {
  readonly address: string;
  readonly rtpPort: number;
  /** RFC 3605 `a=rtcp`, otherwise RTP port + 1; undefined sends no RTCP (rtcp-mux is not offered). */
  readonly rtcpPort: number | undefined;
  /**
   * Where the peer's messages come from: packets of this host are believed as well, because what a
   * peer behind NAT names is often an address of its own network. Absent: unknown.
   */
  readonly signallingAddress?: string;
}

/** Which way audio may flow between the PBX and the peer of this endpoint, seen from the PBX. */
export interface MediaDirection {
  readonly sends: boolean;
  readonly receives: boolean;
}

/** Statistics of one endpoint. `undefined` means unknown and is shown as unknown, never as zero. */
export interface MediaStatistics {
  readonly packetsReceived: number;
  readonly packetsSent: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** Packets missing from the received stream by sequence number (RFC 3550 §A.3), never negative. */
  readonly packetsLost: number | undefined;
  /** Interarrival jitter of the received stream (RFC 3550 §A.8). */
  readonly jitterMs: number | undefined;
  /** From the peer's receiver reports. */
  readonly remotePacketsLost: number | undefined;
  readonly remoteJitterMs: number | undefined;
  readonly roundTripMs: number | undefined;
  /** Estimate for what the PBX heard of this peer, 1.0 to 4.5 (ITU-T G.107 reduced); needs loss and codec. */
  readonly mos: number | undefined;
  /** The RTP payload type of the audio last received; comfort noise and telephone-events do not count. */
  readonly payloadType: number | undefined;
  /**
   * Packets thrown away because they came from another source than the one to be believed. Once the
   * source is locked on the signalled host, the kernel drops those of others, and nobody counts them.
   */
  readonly packetsFromStrangers: number;
  /** Milliseconds since the last packet of the locked source; undefined when none ever came. */
  readonly silentForMs: number | undefined;
}

export interface MediaEndpoint {
  readonly localAddress: string;
  /** Even; RTCP uses the next port. */
  readonly rtpPort: number;
  /**
   * (Re)opens the learning window and names where packets go until one was learned: the source is
   * learned once, the signalled address preferred, then locked (design rule 7; the exact rule is
   * in native/source-lock.h). Behind NAT give the address that the signalling came from: another
   * host than the signalled one is believed only within seconds of this call or of `join`.
   * Address 0.0.0.0 or port 0 stops sending and keeps what was learned (the old form of hold).
   * Throws MediaError `bad-address` for what is no numeric unicast address.
   */
  setRemote(remote: RemoteMedia): void;
  setDirection(direction: MediaDirection): void;
  /** Payload types received here are rewritten to those the other side negotiated; empty: as they are. */
  setPayloadTypes(receivedToOther: ReadonlyMap<number, number>): void;
  /** Relays RTP and RTCP both ways with `other` (replacing what either was joined with). */
  join(other: MediaEndpoint): void;
  /** Ends in the PBX: the service hears and feeds this endpoint. */
  attach(
    service: MediaService,
    codec: ServiceCodec,
    payloadType: number,
    options?: ServiceOptions,
  ): void;
  /**
   * Keys that the peer pressed since the last time, as telephone-events while a service is attached:
   * 0 to 9, *, #, A to D, at most 32. Another service loses none.
   */
  takeDigits(): string;
  /** Neither relayed nor served; ports stay. */
  detach(): void;
  statistics(): MediaStatistics;
  /** Frees the ports. Idempotent. Returns the final statistics. */
  close(): MediaStatistics;
}

export interface MediaPlane {
  /** Throws MediaError `no-ports`, `bad-address` or `unavailable`. */
  createEndpoint(options: MediaEndpointOptions): MediaEndpoint;
  /** Ports of the range in use now, and how many there are. */
  portUsage(): { readonly used: number; readonly total: number };
}
