import { beforeEach, describe, expect, test } from 'vitest';
import { settingsEntity } from '../../../../../system/configuration/entities/settings.ts';
import { isPrivateAddress } from '../../../../../system/foundation/private-network.ts';
import {
  SourceGuard,
  type Ban,
} from '../../../../../system/call-plane/sip/authentication/source-guard.ts';
import {
  noSourceLimits,
  sourceLimitsOf,
} from '../../../../../system/call-plane/sip/authentication/source-limits.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';

const defaultLimits = sourceLimitsOf(settingsEntity.fromStored({}));
const outside = '203.0.113.5';
const inside = '192.168.1.20';

let clock: FakeClock;
let bans: Ban[];

beforeEach(() => {
  clock = new FakeClock();
  bans = [];
});

function createGuard(
  options: Partial<ConstructorParameters<typeof SourceGuard>[0]> = {},
): SourceGuard {
  return new SourceGuard({
    clock,
    limits: defaultLimits,
    onBan: (ban) => bans.push(ban),
    ...options,
  });
}

function times(count: number, act: () => void): void {
  for (let done = 0; done < count; done++) {
    act();
  }
}

describe('the source guard', () => {
  test('[SEC-016] 50 failed authentications within the window are borne, one more bans for 3600 s', () => {
    const guard = createGuard();
    times(50, () => {
      guard.noteFailedAuthentication(outside);
    });
    expect(guard.admit(outside)).toBe('pass');
    guard.noteFailedAuthentication(outside);
    expect(guard.admit(outside)).toBe('drop');
    expect(guard.admit('203.0.113.6')).toBe('pass');
    clock.advance(3_599_000);
    expect(guard.admit(outside)).toBe('drop');
    clock.advance(1_000);
    expect(guard.admit(outside)).toBe('pass');
    expect(bans).toMatchObject([{ address: outside, offence: 'failed-authentications' }]);
  });

  test('[SEC-016] 1000 unanswered challenges are borne, one more bans; an answer clears them', () => {
    const guard = createGuard();
    times(999, () => {
      guard.noteChallenge(outside);
    });
    guard.noteAuthenticated(outside);
    times(1_000, () => {
      guard.noteChallenge('203.0.113.7');
    });
    expect(guard.isBanned('203.0.113.7')).toBe(false);
    guard.noteChallenge('203.0.113.7');
    expect(guard.isBanned('203.0.113.7')).toBe(true);
    times(2, () => {
      guard.noteChallenge(outside);
    });
    expect(guard.isBanned(outside)).toBe(false);
  });

  test('[SEC-016] 2000 messages in 10 s block for 30 s, 5000 for 3600 s', () => {
    const guard = createGuard();
    times(2_000, () => {
      expect(guard.admit(outside)).toBe('pass');
    });
    expect(guard.admit(outside)).toBe('drop');
    clock.advance(30_000);
    expect(guard.admit(outside)).toBe('pass');
    times(5_000, () => {
      guard.admit(outside);
    });
    clock.advance(30_000);
    expect(guard.admit(outside)).toBe('drop');
    clock.advance(3_570_000);
    expect(guard.admit(outside)).toBe('pass');
    expect(bans.map((ban) => ban.offence)).toEqual([
      'message-rate',
      'message-rate',
      'extreme-message-rate',
    ]);
  });

  test('what is spread over more than a window is no offence', () => {
    const guard = createGuard();
    times(20, () => {
      times(50, () => {
        guard.noteMalformed(outside);
      });
      clock.advance(600_000);
    });
    expect(bans).toEqual([]);
  });

  test('private networks and sources that have authenticated are treated milder', () => {
    const guard = createGuard();
    guard.noteAuthenticated(outside);
    for (const address of [inside, outside]) {
      times(500, () => {
        guard.noteFailedAuthentication(address);
      });
      expect(guard.isBanned(address)).toBe(false);
      guard.noteFailedAuthentication(address);
      expect(guard.isBanned(address)).toBe(true);
    }
    clock.advance(60_000);
    expect([guard.isBanned(inside), guard.isBanned(outside)]).toEqual([false, false]);
  });

  test('each limit can be switched off, and sources can be ignored', () => {
    const guard = createGuard({ limits: noSourceLimits });
    times(10_000, () => {
      guard.noteFailedAuthentication(outside);
      guard.admit(outside);
    });
    expect(guard.sourceCount).toBe(0);
    guard.setLimits(defaultLimits);
    const ignoring = createGuard({ isIgnored: (address) => address === outside });
    times(10_000, () => {
      ignoring.admit(outside);
    });
    expect(bans).toEqual([]);
  });

  test('the number of sources and of bans remembered is bounded', () => {
    const guard = createGuard({ maximumSources: 100 });
    times(60, () => {
      for (let host = 0; host < 1_000; host++) {
        guard.noteMalformed(`203.0.${String(host >> 8)}.${String(host & 255)}`);
      }
    });
    expect(guard.sourceCount).toBeLessThanOrEqual(100);
    for (let host = 0; host < 200; host++) {
      times(51, () => {
        guard.noteMalformed(`198.51.100.${String(host)}`);
      });
    }
    expect(guard.bans()).toHaveLength(100);
    expect(guard.isBanned('198.51.100.199')).toBe(true);
  });

  test('bans are listed, lifted, and put back in force after a restart', () => {
    const guard = createGuard();
    times(51, () => {
      guard.noteMalformed(outside);
    });
    const listed = guard.bans();
    expect(listed).toEqual([
      {
        address: outside,
        offence: 'malformed-messages',
        bannedAtMs: clock.wallMs(),
        endsAtMs: clock.wallMs() + 600_000,
      },
    ]);
    const lifted: string[] = [];
    const next = createGuard({
      isIgnored: (address) => address === '203.0.113.9',
      onUnban: (address) => lifted.push(address),
    });
    const restored = next.restore([
      ...listed,
      { ...listed[0], address: inside, endsAtMs: clock.wallMs() } as Ban,
      { ...listed[0], address: '203.0.113.9' } as Ban,
    ]);
    expect(restored).toBe(1);
    expect([next.admit(outside), next.admit(inside)]).toEqual(['drop', 'pass']);
    expect([next.unban(outside), next.unban(outside)]).toEqual([true, false]);
    expect(lifted).toEqual([outside]);
    expect(next.admit(outside)).toBe('pass');
  });

  test.each([
    ['sipFailedAuthentications', 'noteFailedAuthentication', 'sipFailedAuthenticationsBlockSec'],
    ['sipUnansweredChallenges', 'noteChallenge', 'sipUnansweredChallengesBlockSec'],
    ['sipMalformedMessages', 'noteMalformed', 'sipMalformedMessagesBlockSec'],
    ['sipMessagesPer10Sec', 'admit', 'sipMessagesBlockSec'],
    ['sipFloodPer10Sec', 'admit', 'sipFloodBlockSec'],
  ] as const)(
    '[SEC-008] each rule has its own limit and its own time: %s',
    (limit, note, blockSec) => {
      const settings = settingsEntity.fromStored({ [limit]: 200, [blockSec]: 700 });
      const guard = createGuard({ limits: sourceLimitsOf(settings) });
      times(200, () => guard[note](outside));
      expect(guard.isBanned(outside)).toBe(false);
      guard[note](outside);
      expect(guard.isBanned(outside)).toBe(true);
      clock.advance(699_999);
      expect(guard.isBanned(outside)).toBe(true);
      clock.advance(1);
      expect(guard.isBanned(outside)).toBe(false);

      guard.setLimits(sourceLimitsOf(settingsEntity.fromStored({ [limit]: 0 })));
      times(1_500, () => guard[note]('203.0.113.8'));
      const offences = guard.bans().map(({ address }) => address);
      expect(offences).not.toContain('203.0.113.8');
    },
  );

  test('[SEC-008] three retries within 600 s ban for 600 s where that is set', () => {
    const settings = settingsEntity.fromStored({
      sipFailedAuthentications: 3,
      sipFailedAuthenticationsBlockSec: 600,
    });
    const guard = createGuard({ limits: sourceLimitsOf(settings) });
    times(3, () => {
      guard.noteFailedAuthentication(outside);
    });
    clock.advance(600_000);
    times(3, () => {
      guard.noteFailedAuthentication(outside);
    });
    expect(guard.isBanned(outside)).toBe(false);
    guard.noteFailedAuthentication(outside);
    expect(bans).toMatchObject([{ endsAtMs: clock.wallMs() + 600_000 }]);
  });

  test('[SEC-014] an address that is allowed from now on is let in at once and never banned again', () => {
    const allowed = new Set<string>();
    const guard = createGuard({ isIgnored: (address) => allowed.has(address) });
    for (const address of [outside, inside]) {
      times(600, () => {
        guard.noteMalformed(address);
      });
    }
    allowed.add(outside);
    guard.liftIgnored();

    expect(guard.bans().map(({ address }) => address)).toEqual([inside]);
    times(10_000, () => {
      guard.noteMalformed(outside);
    });
    expect(guard.admit(outside)).toBe('pass');
  });

  test.each([
    ['10.1.2.3', true],
    ['172.16.0.1', true],
    ['172.32.0.1', false],
    ['192.168.0.1', true],
    ['192.169.0.1', false],
    ['100.64.0.1', true],
    ['169.254.1.1', true],
    ['127.0.0.1', true],
    ['::1', true],
    ['fd00::1', true],
    ['fe80::1', true],
    ['2001:db8::1', false],
    ['::ffff:10.0.0.1', true],
    ['8.8.8.8', false],
  ])('%s is private: %s', (address, expected) => {
    expect(isPrivateAddress(address)).toBe(expected);
  });
});

describe('requests that were read', () => {
  const scanner = 'friendly-scanner';

  test('[SEC-012] a known attack tool is banned at once for a day, in upper or lower case', () => {
    const guard = createGuard();
    expect(guard.admitRequest(outside, 'OPTIONS', 'x SIPVicious y')).toBe('drop');
    expect(guard.admit(outside)).toBe('drop');
    expect(bans).toMatchObject([{ address: outside, offence: 'attack-tool' }]);
    clock.advance(86_399_000);
    expect(guard.admit(outside)).toBe('drop');
    clock.advance(1_000);
    expect(guard.admit(outside)).toBe('pass');
  });

  test('[SEC-012] a phone that changes its User-Agent to that of a tool is found, one without any is none', () => {
    const guard = createGuard();
    expect(guard.admitRequest(outside, 'REGISTER', 'Phone 1.0')).toBe('pass');
    expect(guard.admitRequest(outside, 'REGISTER', undefined)).toBe('pass');
    expect(guard.admitRequest(outside, 'REGISTER', scanner)).toBe('drop');
  });

  test('[SEC-012] forged messages of a tool ban no phone that has authenticated, and a house for a minute only', () => {
    const guard = createGuard();
    guard.noteAuthenticated(outside);
    expect(guard.admitRequest(outside, 'INVITE', scanner)).toBe('pass');
    expect(guard.admitRequest(inside, 'INVITE', scanner)).toBe('drop');
    clock.advance(60_000);
    expect(guard.admit(inside)).toBe('pass');
  });

  test('[SEC-012] another list of tools looks at everybody anew', () => {
    const guard = createGuard();
    expect(guard.admitRequest(outside, 'OPTIONS', 'Odd Phone')).toBe('pass');
    guard.setLimits({ ...defaultLimits, attackTools: ['odd'] });
    expect(guard.admitRequest(outside, 'OPTIONS', 'Odd Phone')).toBe('drop');
  });

  test.each([
    ['sipLimitRegister', 'REGISTER'],
    ['sipLimitInvite', 'INVITE'],
    ['sipLimitAck', 'ACK'],
    ['sipLimitOptions', 'OPTIONS'],
    ['sipLimitSubscribe', 'SUBSCRIBE'],
  ] as const)('[SEC-010] %s: 180 %s in 60 s are borne, one more bans for 600 s', (name, method) => {
    const limits = sourceLimitsOf(settingsEntity.fromStored({ [name]: true }));
    const guard = createGuard({ limits });
    times(180, () => {
      expect(guard.admitRequest(outside, method, undefined)).toBe('pass');
    });
    expect(guard.admitRequest(outside, method, undefined)).toBe('drop');
    clock.advance(599_000);
    expect(guard.admit(outside)).toBe('drop');
    clock.advance(1_000);
    expect(guard.admit(outside)).toBe('pass');
    times(1_800, () => {
      expect(guard.admitRequest(inside, method, undefined)).toBe('pass');
    });
  });

  test('[SEC-010] no kind of request is limited at first', () => {
    const guard = createGuard();
    times(5_000, () => {
      expect(guard.admitRequest(outside, 'INVITE', undefined)).toBe('pass');
    });
  });

  test('[SEC-017] who is denied is dropped until the filter changes', () => {
    const guard = createGuard();
    guard.setFilter((address) => address === outside);
    expect([guard.admit(outside), guard.admit(inside)]).toEqual(['drop', 'pass']);
    guard.setFilter(undefined);
    expect(guard.admit(outside)).toBe('pass');
  });
});
