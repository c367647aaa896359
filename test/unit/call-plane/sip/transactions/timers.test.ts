import { describe, expect, it } from 'vitest';
import {
  deriveTimers,
  rfcTimerBase,
} from '../../../../../system/call-plane/sip/transactions/timers.ts';

const unreliable = deriveTimers(rfcTimerBase, false);
const reliable = deriveTimers(rfcTimerBase, true);

describe('timer values (RFC 3261 table 4, RFC 6026)', () => {
  it.each([
    ['b', 32_000, 32_000],
    ['d', 32_000, 0],
    ['f', 32_000, 32_000],
    ['h', 32_000, 32_000],
    ['i', 5_000, 0],
    ['j', 32_000, 0],
    ['k', 5_000, 0],
    ['l', 32_000, 32_000],
    ['m', 32_000, 32_000],
    ['trying', 200, 200],
    ['abandon', 32_000, 32_000],
  ] as const)('timer %s is %i ms over UDP and %i ms over TCP', (name, udpMs, tcpMs) => {
    expect(unreliable.lifetimeMs[name]).toBe(udpMs);
    expect(reliable.lifetimeMs[name]).toBe(tcpMs);
  });

  it('retransmits requests and failures over UDP only, a 2xx over both', () => {
    expect(unreliable.retransmission).toEqual({
      a: { firstMs: 500, longestMs: Number.POSITIVE_INFINITY },
      e: { firstMs: 500, longestMs: 4_000 },
      g: { firstMs: 500, longestMs: 4_000 },
      success: { firstMs: 500, longestMs: 4_000 },
    });
    expect(reliable.retransmission).toEqual({
      a: undefined,
      e: undefined,
      g: undefined,
      success: { firstMs: 500, longestMs: 4_000 },
    });
  });

  it('follows T1, but keeps timer D at 32 s at least', () => {
    const fast = deriveTimers({ t1Ms: 100, t2Ms: 800, t4Ms: 1_000 }, false);
    expect(fast.lifetimeMs.b).toBe(6_400);
    expect(fast.lifetimeMs.k).toBe(1_000);
    expect(fast.lifetimeMs.d).toBe(32_000);
  });
});
