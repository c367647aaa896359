import { describe, expect, it } from 'vitest';

import { mediaRules, sourceVerdicts } from '../../../support/media-plane/media-rules.ts';

const phone = '192.0.2.1:4000';
const phoneOtherPort = '192.0.2.1:4008';
const nat = '198.51.100.7:61000';
const attacker = '203.0.113.9:5555';
const windowMs = 5000;

/** A packet: source, time, what must be said of it. The sequence number counts per source. */
type Step = readonly [source: string, atMs: number, verdict: (typeof sourceVerdicts)[number]];

function split(source: string): [string, number] {
  const colon = source.lastIndexOf(':');
  return [source.slice(0, colon), Number(source.slice(colon + 1))];
}

/** A lock that knows the phone from signalling at time 0, fed with packets in sequence. */
class Session {
  readonly #lock = mediaRules.createSourceLock();
  readonly #sequences = new Map<string, number>();

  signal(source: string, atMs: number, signallingAddress = ''): void {
    mediaRules.signalSource(this.#lock, ...split(source), signallingAddress, atMs, windowMs);
  }

  reopen(atMs: number): void {
    mediaRules.reopenSource(this.#lock, atMs, windowMs);
  }

  judge(source: string, atMs: number, skip = 0): string | undefined {
    const sequence = (this.#sequences.get(source) ?? 65_530) + 1 + skip;
    this.#sequences.set(source, sequence);
    const ssrc = split(source)[1];
    const verdict = mediaRules.judgeSource(
      this.#lock,
      ...split(source),
      ssrc,
      sequence & 0xffff,
      atMs,
    );
    return sourceVerdicts[verdict];
  }

  run(steps: readonly Step[]): void {
    for (const [source, atMs, verdict] of steps) {
      expect([source, atMs, this.judge(source, atMs)]).toEqual([source, atMs, verdict]);
    }
  }
}

/** Packets of one source every 20 ms. */
function stream(source: string, fromMs: number, toMs: number, verdict: Step[2]): readonly Step[] {
  const steps: Step[] = [];
  for (let atMs = fromMs; atMs <= toMs; atMs += 20) {
    steps.push([source, atMs, verdict]);
  }
  return steps;
}

describe('the lock on an RTP source (design rule 7)', () => {
  it('refuses everybody before the remote side is signalled', () => {
    new Session().run([[phone, 0, 'stranger']]);
  });

  it.each<[string, readonly Step[]]>([
    [
      'believes the signalled address at its first packet and nobody after it',
      [
        [phone, 10, 'accepted'],
        [attacker, 20, 'stranger'],
        [phoneOtherPort, 30, 'stranger'],
        [phone, 40, 'accepted'],
      ],
    ],
    [
      'believes another port of the signalled host at its second packet in sequence',
      [
        [phoneOtherPort, 10, 'candidate'],
        [phoneOtherPort, 30, 'accepted'],
        [phone, 50, 'stranger'],
      ],
    ],
    [
      'believes another host once it kept sending for 200 ms',
      [
        ...stream(nat, 0, 180, 'candidate'),
        ...stream(nat, 200, 300, 'accepted'),
        [attacker, 310, 'stranger'],
      ],
    ],
    [
      'prefers the signalled address to another host that came first',
      [
        ...stream(attacker, 0, 180, 'candidate'),
        [phone, 190, 'accepted'],
        [attacker, 200, 'stranger'],
      ],
    ],
    [
      'prefers the signalled host to another host that came first',
      [
        ...stream(attacker, 0, 100, 'candidate'),
        [phoneOtherPort, 110, 'candidate'],
        [attacker, 120, 'stranger'],
        [phoneOtherPort, 130, 'accepted'],
      ],
    ],
    [
      'does not let a second unknown host push the first aside',
      [
        ...stream(nat, 0, 100, 'candidate'),
        [attacker, 110, 'stranger'],
        ...stream(nat, 120, 180, 'candidate'),
        [attacker, 190, 'stranger'],
        [nat, 200, 'accepted'],
      ],
    ],
    [
      'takes another candidate when the first fell silent',
      [
        [attacker, 0, 'candidate'],
        [nat, 100, 'stranger'],
        ...stream(nat, 220, 400, 'candidate'),
        [nat, 420, 'accepted'],
      ],
    ],
    [
      'lets the signalled address have its place back from another host that was believed',
      [
        ...stream(attacker, 0, 180, 'candidate'),
        [attacker, 200, 'accepted'],
        [phone, windowMs + 10, 'accepted'],
        [attacker, windowMs + 20, 'stranger'],
        [phoneOtherPort, windowMs + 30, 'stranger'],
      ],
    ],
    [
      'lets another port of the signalled host have the place at its second packet in sequence',
      [
        ...stream(attacker, 0, 180, 'candidate'),
        [attacker, 200, 'accepted'],
        [phoneOtherPort, 210, 'candidate'],
        [attacker, 220, 'accepted'],
        [nat, 225, 'stranger'],
        [phoneOtherPort, 230, 'accepted'],
        [attacker, 240, 'stranger'],
      ],
    ],
    [
      'believes no other host after the window, but still the signalled one',
      [
        [nat, windowMs, 'stranger'],
        [phoneOtherPort, windowMs + 10, 'candidate'],
        [phoneOtherPort, windowMs + 30, 'accepted'],
      ],
    ],
  ])('%s', (_title, steps) => {
    const session = new Session();
    session.signal(phone, 0);
    session.run(steps);
  });

  describe('behind NAT, where the signalled address is one that nobody here can reach', () => {
    const named = '10.0.0.5:4000';
    const natAddress = nat.slice(0, nat.lastIndexOf(':'));

    it('believes the host that signalling came from at the second packet in sequence', () => {
      const session = new Session();
      session.signal(named, 0, natAddress);
      session.run([
        ...stream(attacker, 0, 60, 'candidate'),
        [nat, 70, 'candidate'],
        [attacker, 80, 'stranger'],
        [nat, 90, 'accepted'],
        [attacker, 100, 'stranger'],
      ]);
    });

    it('gives that host its place back from another that was believed, and then to no third', () => {
      const session = new Session();
      session.signal(named, 0, natAddress);
      session.run([
        ...stream(attacker, 0, 180, 'candidate'),
        [attacker, 200, 'accepted'],
        [nat, windowMs + 10, 'candidate'],
        [nat, windowMs + 30, 'accepted'],
        [attacker, windowMs + 40, 'stranger'],
        [`${natAddress}:61002`, windowMs + 50, 'stranger'],
      ]);
    });

    it('gives way to the signalled address all the same', () => {
      const session = new Session();
      session.signal(named, 0, natAddress);
      session.run([
        [nat, 0, 'candidate'],
        [nat, 20, 'accepted'],
        [named, 30, 'accepted'],
        [nat, 40, 'stranger'],
      ]);
    });
  });

  it('does not believe packets that are no stream', () => {
    const session = new Session();
    session.signal(phone, 0);

    const verdicts = Array.from({ length: 40 }, (_, n) => session.judge(attacker, 20 * n, 500));

    expect(new Set(verdicts)).toEqual(new Set(['candidate']));
  });

  it('opens the window again for an endpoint that learned nothing, and only for such a one', () => {
    const waiting = new Session();
    waiting.signal(phone, 0);
    waiting.reopen(60_000);
    waiting.run([...stream(nat, 60_000, 60_180, 'candidate'), [nat, 60_200, 'accepted']]);

    waiting.reopen(70_000);
    waiting.run([
      [attacker, 70_010, 'stranger'],
      [nat, 70_020, 'accepted'],
    ]);
  });

  it('finds the learned source at once when the same address is signalled again', () => {
    const session = new Session();
    session.signal(phone, 0);
    session.run([...stream(nat, 0, 180, 'candidate'), [nat, 200, 'accepted']]);

    session.signal(phone, 1000);

    session.run([
      [attacker, 1010, 'candidate'],
      [nat, 1020, 'accepted'],
      [attacker, 1030, 'stranger'],
    ]);
  });

  it('forgets the learned source when another address is signalled', () => {
    const session = new Session();
    session.signal(phone, 0);
    session.run([[phone, 0, 'accepted']]);

    session.signal('192.0.2.99:7000', 1000);

    session.run([
      [phone, 1010, 'candidate'],
      ['192.0.2.99:7000', 1020, 'accepted'],
      [phone, 1030, 'stranger'],
    ]);
  });

  it('judges IPv6 sources alike', () => {
    const session = new Session();
    session.signal('2001:db8::1:4000', 0);

    session.run([
      ['2001:db8::2:4000', 0, 'candidate'],
      ['2001:db8::1:4000', 10, 'accepted'],
      ['2001:db8::2:4000', 20, 'stranger'],
    ]);
  });
});
