/** Call records as the call plane writes them. */
import type { CallRef, LegRef, UserId } from '../../../system/foundation/ids.ts';
import type { CallRecord, LegMedia, LegRecord } from '../../../system/records/call-record.ts';

/** 2026-03-01 09:00 UTC. */
export const firstCallAtMs = Date.UTC(2026, 2, 1, 9);

/** Mario (101) calls Peach (102): answered after 4 s, 60 s long, anchored. */
export function createCallRecord(
  callRef: string,
  changes: Partial<Omit<CallRecord, 'callRef'>> = {},
): CallRecord {
  const startedAtMs = changes.startedAtMs ?? firstCallAtMs;
  return {
    callRef: callRef as CallRef,
    caller: { userId: 'mario' as UserId, number: '101', name: 'Mario Rossi' },
    callee: { userId: 'peach' as UserId, number: '102', name: 'Princess Peach' },
    startedAtMs,
    answeredAtMs: startedAtMs + 4_000,
    endedAtMs: startedAtMs + 64_000,
    outcome: 'answered',
    hangupSide: 'callee',
    sipStatus: 200,
    mediaMode: 'anchored',
    revision: 17,
    trace: [
      { atMs: 0, code: 'call-received', facts: { number: '102', caller: 'Mario Rossi' } },
      { atMs: 1, code: 'user-found', facts: { number: '102', name: 'Princess Peach' } },
      { atMs: 1, code: 'ringing', facts: { name: 'Princess Peach', contacts: 2, timeoutSec: 60 } },
      { atMs: 4_000, code: 'answered', facts: { name: 'Princess Peach', device: 'Desk phone' } },
      { atMs: 64_000, code: 'hung-up', facts: { side: 'callee' } },
    ],
    legs: [
      createLeg(callRef, 0, 'caller', 'mario', 4.2, startedAtMs),
      createLeg(callRef, 1, 'callee', 'peach', 3.9, startedAtMs),
      createLeg(callRef, 2, 'callee', 'peach', undefined, startedAtMs),
    ],
    ...changes,
  };
}

function createLeg(
  callRef: string,
  index: number,
  role: LegRecord['role'],
  userId: string,
  mos: number | undefined,
  startedAtMs: number,
): LegRecord {
  const isAnswered = mos !== undefined;
  return {
    legRef: `${callRef}.${String(index)}` as LegRef,
    role,
    userId: userId as UserId,
    address: `sip:${userId}@campanile.local`,
    sipCallId: `${callRef}-${String(index)}@192.0.2.${String(index + 1)}`,
    userAgent: index === 2 ? undefined : 'baresip v3.9.0 (x86_64/Linux)',
    remote: `udp 192.0.2.${String(index + 1)}:5060`,
    startedAtMs,
    ringingAtMs: startedAtMs + 100,
    answeredAtMs: isAnswered ? startedAtMs + 4_000 : undefined,
    endedAtMs: startedAtMs + (isAnswered ? 64_000 : 4_000),
    sipStatus: isAnswered ? 200 : 487,
    media: isAnswered ? createMedia(mos) : undefined,
  };
}

function createMedia(mos: number): LegMedia {
  return {
    codec: 'PCMA',
    packetsReceived: 3_000,
    packetsSent: 3_001,
    bytesReceived: 516_000,
    bytesSent: 516_172,
    packetsLost: 3,
    jitterMs: 2.25,
    remotePacketsLost: undefined,
    remoteJitterMs: undefined,
    roundTripMs: 12.5,
    mos,
    payloadType: 8,
    packetsFromStrangers: 0,
    silentForMs: 20,
  };
}
