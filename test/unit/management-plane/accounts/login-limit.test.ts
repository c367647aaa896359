import { describe, expect, test } from 'vitest';
import {
  LoginLimit,
  type Familiarity,
  type LoginLimitSettings,
} from '../../../../system/management-plane/accounts/login-limit.ts';

const settings: LoginLimitSettings = {
  failuresPerAccount: 5,
  failuresPerSource: 8,
  windowSec: 600,
  blockSec: 300,
};

class Subject {
  nowMs = 1_000_000;
  readonly limit: LoginLimit;

  constructor(maximumEntries = 100) {
    this.limit = new LoginLimit({
      clock: { nowMs: () => this.nowMs },
      settings: () => settings,
      maximumEntries,
    });
  }

  /** Fails once; says how the attempt was met. */
  fail(
    account: string,
    source: string,
    familiarity: Familiarity = 'none',
  ): 'allowed' | 'account' | 'source' {
    const attempt = this.limit.begin(account, source, familiarity);
    return attempt.kind === 'allowed' ? 'allowed' : attempt.by;
  }

  failTimes(count: number, account: string, source: string): void {
    for (let index = 0; index < count; index += 1) {
      this.fail(account, source);
    }
  }
}

describe('login limit', () => {
  test('[SEC-015] blocks an account after five failures from any addresses, for the set time', () => {
    const subject = new Subject();
    for (let index = 0; index < 5; index += 1) {
      expect(subject.fail('mario', `192.0.2.${String(index)}`)).toBe('allowed');
    }
    expect(subject.fail('mario', '192.0.2.9')).toBe('account');
    expect(subject.fail('luigi', '192.0.2.9')).toBe('allowed');

    subject.nowMs += 299_999;
    expect(subject.limit.begin('mario', '192.0.2.9')).toMatchObject({ retryAfterSec: 1 });
    subject.nowMs += 1;
    expect(subject.fail('mario', '192.0.2.9')).toBe('allowed');
  });

  test('[SEC-015] blocks an address that fails at many accounts, and no other address', () => {
    const subject = new Subject();
    for (let index = 0; index < 8; index += 1) {
      expect(subject.fail(`user${String(index)}`, '192.0.2.1')).toBe('allowed');
    }
    expect(subject.fail('other', '192.0.2.1')).toBe('source');
    expect(subject.fail('other', '::ffff:192.0.2.1')).toBe('source');
    expect(subject.fail('other', '192.0.2.2')).toBe('allowed');
  });

  test.each([
    ['local', '192.168.1.20', 'none'],
    ['where others have logged in', '192.0.2.1', 'others'],
    ['where the account has logged in', '192.0.2.1', 'account'],
  ] as const)(
    '[SEC-015] blocks an address later, as an office may be behind it, that is %s',
    (_, source, familiarity) => {
      const subject = new Subject();
      for (let index = 0; index < 4 * settings.failuresPerSource; index += 1) {
        expect(subject.fail(`user${String(index)}`, source, familiarity)).toBe('allowed');
      }
      expect(subject.fail('other', source, familiarity)).toBe('source');
    },
  );

  test('[SEC-015] guessing from elsewhere locks out neither a familiar address nor the local network', () => {
    const subject = new Subject();
    for (let index = 0; index < 5; index += 1) {
      subject.fail('admin', `192.0.2.${String(index)}`);
    }
    expect(subject.fail('admin', '192.0.2.9')).toBe('account');

    expect(subject.fail('admin', '192.0.2.9', 'account')).toBe('allowed');
    expect(subject.fail('admin', '192.168.1.20')).toBe('allowed');
    expect(subject.fail('admin', 'fd00::20')).toBe('allowed');
  });

  test('[SEC-015] a familiar or local address has no more attempts than any other', () => {
    const subject = new Subject();
    subject.failTimes(5, 'admin', '192.168.1.20');
    expect(subject.fail('admin', '192.168.1.20')).toBe('account');
    expect(subject.fail('admin', '192.168.1.21')).toBe('allowed');
    expect(subject.fail('admin', '192.0.2.9')).toBe('allowed');

    subject.limit.forgive('admin');
    expect(subject.fail('admin', '192.168.1.20')).toBe('allowed');
  });

  test('counts a /64 of IPv6 as one source', () => {
    const subject = new Subject();
    for (let index = 1; index <= 8; index += 1) {
      subject.fail(`user${String(index)}`, `2001:db8::${String(index)}`);
    }
    expect(subject.fail('other', '2001:db8:0:0:ffff::1')).toBe('source');
    expect(subject.fail('other', '2001:db8:0:1::1')).toBe('allowed');
    expect(subject.fail('other', '::1')).toBe('allowed');
  });

  test('forgets failures that are older than the window', () => {
    const subject = new Subject();
    subject.failTimes(4, 'mario', '192.0.2.1');
    subject.nowMs += 600_000;
    subject.failTimes(4, 'mario', '192.0.2.1');
    expect(subject.fail('mario', '192.0.2.1')).toBe('allowed');
    expect(subject.fail('mario', '192.0.2.1')).toBe('account');
  });

  test('many attempts at once are worth no more than one after the other', () => {
    const subject = new Subject();
    const attempts = Array.from({ length: 20 }, () => subject.limit.begin('mario', '192.0.2.1'));
    expect(attempts.filter((attempt) => attempt.kind === 'allowed')).toHaveLength(5);
  });

  test('a success clears the account, but not what the address failed at elsewhere', () => {
    const subject = new Subject();
    subject.failTimes(4, 'luigi', '192.0.2.1');
    subject.failTimes(3, 'mario', '192.0.2.1');
    const attempt = subject.limit.begin('mario', '192.0.2.1');
    if (attempt.kind !== 'allowed') {
      throw new Error('expected to be allowed');
    }
    attempt.succeeded();

    expect(subject.fail('mario', '192.0.2.1')).toBe('allowed');
    expect(subject.fail('mario', '192.0.2.1')).toBe('source');
    expect(subject.fail('mario', '192.0.2.2')).toBe('allowed');
  });

  test('an attempt that could not be judged does not count', () => {
    const subject = new Subject();
    for (let index = 0; index < 20; index += 1) {
      const attempt = subject.limit.begin('mario', '192.0.2.1');
      if (attempt.kind === 'allowed') {
        attempt.withdrawn();
      }
    }
    expect(subject.fail('mario', '192.0.2.1')).toBe('allowed');
    expect(subject.limit.size).toBe(2);
  });

  test('tells each block once as the first', () => {
    const subject = new Subject();
    subject.failTimes(5, 'mario', '192.0.2.1');
    expect(subject.limit.begin('mario', '192.0.2.1')).toMatchObject({ isFirst: true });
    expect(subject.limit.begin('mario', '192.0.2.1')).toMatchObject({ isFirst: false });
  });

  test('remembers a bounded number of accounts and addresses', () => {
    const subject = new Subject(50);
    for (let index = 0; index < 1000; index += 1) {
      subject.fail(`user${String(index)}`, `10.0.${String(index >> 8)}.${String(index & 255)}`);
    }
    expect(subject.limit.size).toBe(100);
  });
});
