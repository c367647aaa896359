/** The pure rules of the native packet thread (rules-binding.cc), typed for tests. */
import { loadNativeAddon } from '../../../system/foundation/native-addon.ts';

type Rule<Name extends string> = object & { readonly rule: Name };
export type SourceLock = Rule<'source-lock'>;
export type ReceivedStream = Rule<'received-stream'>;
export type OutgoingStream = Rule<'outgoing-stream'>;
export type Cadence = Rule<'cadence'>;
export type Pace = Rule<'pace'>;
export type JitterBuffer = Rule<'jitter-buffer'>;

interface MediaRules {
  createSourceLock(): SourceLock;
  signalSource(
    lock: SourceLock,
    address: string,
    port: number,
    signallingAddress: string,
    nowMs: number,
    windowMs: number,
  ): void;
  reopenSource(lock: SourceLock, nowMs: number, windowMs: number): void;
  judgeSource(
    lock: SourceLock,
    address: string,
    port: number,
    ssrc: number,
    sequence: number,
    nowMs: number,
  ): number;
  createReceivedStream(): ReceivedStream;
  receivePacket(
    stream: ReceivedStream,
    payloadType: number,
    ssrc: number,
    sequence: number,
    timestamp: number,
    nowMs: number,
  ): void;
  /** Lost, jitter in ms or NaN, clock rate or 0, extended highest sequence number, on time 1 or 0. */
  readStream(stream: ReceivedStream, into: Float64Array): void;
  createOutgoingStream(): OutgoingStream;
  /** Marker, SSRC, sequence, timestamp. */
  rewritePacket(
    stream: OutgoingStream,
    into: Float64Array,
    ssrc: number,
    sequence: number,
    timestamp: number,
    nowMs: number,
  ): void;
  interruptStream(stream: OutgoingStream, what: 'source' | 'hold' | 'bye'): void;
  createCadence(): Cadence;
  /** Returns 1 when another packet is looked for behind this one. Flags are 1 or 0. */
  noteArrival(cadence: Cadence, isOnTime: number, isFirst: number): number;
  createPace(): Pace;
  /** Returns when to look for packets next in milliseconds; 0: as soon as one arrives. */
  countPackets(pace: Pace, packets: number, nowMs: number): number;
  createJitterBuffer(): JitterBuffer;
  putAudio(buffer: JitterBuffer, ssrc: number, timestamp: number, samples: Uint8Array): void;
  /** Returns how many of the 160 samples were there. */
  takeAudio(buffer: JitterBuffer, frame: Uint8Array, silence: number): number;
}

export const mediaRules = loadNativeAddon() as MediaRules;

export const sourceVerdicts = ['accepted', 'candidate', 'stranger'] as const;
