import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { UserId } from '../../../../../system/foundation/ids.ts';
import { parseDigestCredentials } from '../../../../../system/call-plane/sip/authentication/digest-credentials.ts';
import {
  computeDigestResponse,
  computeHa1,
  digestHash,
} from '../../../../../system/call-plane/sip/authentication/digest-response.ts';
import {
  DigestServer,
  type AuthenticationResult,
  type DigestServerOptions,
} from '../../../../../system/call-plane/sip/authentication/digest-server.ts';
import {
  createRequest,
  type SipRequest,
} from '../../../../../system/call-plane/sip/messages/message.ts';
import { parseUri } from '../../../../../system/call-plane/sip/messages/uri.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';

const realm = 'campanile.local';
const password = 'correct horse';
const alice = 'u-alice' as UserId;

let clock: FakeClock;
let currentRealm: string;
let lookups: string[];

function createServer(
  options: Partial<Pick<DigestServerOptions, 'maximumNonces' | 'policy'>> = {},
): DigestServer {
  return new DigestServer({
    clock,
    realm: () => currentRealm,
    random: randomBytes,
    nonceLifetimeSec: 600,
    findAccount: (username) => {
      lookups.push(username);
      return username === '1001'
        ? {
            userId: alice,
            ha1Md5: computeHa1('MD5', '1001', realm, password),
            ha1Sha256: computeHa1('SHA-256', '1001', realm, password),
          }
        : undefined;
    },
    ...options,
  });
}

beforeEach(() => {
  clock = new FakeClock();
  currentRealm = realm;
  lookups = [];
});

function createRegister(
  authorization?: string,
  requestUri = 'sip:campanile.local',
  userAgent = 'sipp',
): SipRequest {
  const address = { uri: parseUri('sip:1001@campanile.local'), parameters: new Map() };
  return createRequest({
    method: 'REGISTER',
    requestUri: parseUri(requestUri),
    from: address,
    to: address,
    callId: 'c',
    cseq: 1,
    headers: [
      ['User-Agent', userAgent],
      ...(authorization === undefined ? [] : ([['Authorization', authorization]] as const)),
    ],
  });
}

interface Answer {
  readonly nonce: string;
  readonly algorithm?: 'MD5' | 'SHA-256';
  readonly username?: string;
  readonly password?: string;
  readonly count?: number;
  readonly uri?: string;
  readonly method?: string;
  readonly realm?: string;
}

function authorization(answer: Answer): string {
  const algorithm = answer.algorithm ?? 'SHA-256';
  const username = answer.username ?? '1001';
  const uri = answer.uri ?? 'sip:campanile.local';
  const nonceCount = (answer.count ?? 1).toString(16).padStart(8, '0');
  const response = computeDigestResponse({
    algorithm,
    ha1: computeHa1(algorithm, username, answer.realm ?? realm, answer.password ?? password),
    method: answer.method ?? 'REGISTER',
    uri,
    nonce: answer.nonce,
    nonceCount,
    cnonce: 'c0ffee',
  });
  return (
    `Digest username="${username}", realm="${answer.realm ?? realm}", nonce="${answer.nonce}", uri="${uri}", ` +
    `response="${response}", algorithm=${algorithm}, cnonce="c0ffee", qop=auth, nc=${nonceCount}`
  );
}

function nonceOf(result: AuthenticationResult): string {
  if (result.kind !== 'challenge') {
    throw new Error(`expected a challenge, got ${result.kind}`);
  }
  return /nonce="([^"]+)"/.exec(result.headers[0]?.[1] ?? '')?.[1] ?? '';
}

test('RFC 7616 §3.9.1: computes the responses of the examples', () => {
  const input = {
    method: 'GET',
    uri: '/dir/index.html',
    nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
    nonceCount: '00000001',
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  };
  const user = ['Mufasa', 'http-auth@example.org', 'Circle of Life'] as const;
  expect(
    computeDigestResponse({ ...input, algorithm: 'MD5', ha1: computeHa1('MD5', ...user) }),
  ).toBe('8ca523f5e9506fed4657c9700eebdbec');
  expect(
    computeDigestResponse({ ...input, algorithm: 'SHA-256', ha1: computeHa1('SHA-256', ...user) }),
  ).toBe('753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1');
});

describe('the digest server', () => {
  test('[SIP-004] challenges with SHA-256 first, then MD5, qop=auth, and lets right credentials in', () => {
    const server = createServer();
    const challenge = server.check(createRegister());
    expect(challenge).toMatchObject({ kind: 'challenge', stale: false });
    const headers = challenge.kind === 'challenge' ? challenge.headers : [];
    expect(headers.map(([name]) => name)).toEqual(['WWW-Authenticate', 'WWW-Authenticate']);
    expect(headers[0]?.[1]).toMatch(
      /^Digest realm="campanile\.local", nonce="[\w-]{42}", qop="auth", algorithm=SHA-256$/,
    );
    expect(headers[1]?.[1]).toMatch(/algorithm=MD5$/);
    for (const algorithm of ['SHA-256', 'MD5'] as const) {
      const nonce = nonceOf(server.check(createRegister()));
      expect(server.check(createRegister(authorization({ nonce, algorithm })))).toEqual({
        kind: 'authenticated',
        userId: alice,
        username: '1001',
      });
    }
  });

  test.each([
    ['Linphonec/5.1.65', 'automatic', ['SHA-256', 'MD5']],
    ['LinphoneAndroid/5.2.5 (Pixel)', 'automatic', ['SHA-256', 'MD5']],
    ['Linphone/3.6.1 (eXosip2/4.1.0)', 'automatic', ['MD5']],
    ['baresip v1.0.0 (x86_64/linux)', 'automatic', ['MD5']],
    ['not Linphonec/5.1.65', 'automatic', ['MD5']],
    ['Linphonec/5.1.65', 'md5', ['MD5']],
    ['baresip v1.0.0 (x86_64/linux)', 'sha-256-and-md5', ['SHA-256', 'MD5']],
    ['baresip v1.0.0 (x86_64/linux)', 'sha-256', ['SHA-256']],
  ] as const)('[SIP-004] %s is offered what it takes (%s): %j', (userAgent, policy, algorithms) => {
    const server = createServer({ policy: () => policy });
    const challenge = server.check(createRegister(undefined, undefined, userAgent));
    const headers = challenge.kind === 'challenge' ? challenge.headers : [];
    expect(headers.map(([, value]) => value.replace(/.*algorithm=/, ''))).toEqual(algorithms);
    const nonce = nonceOf(challenge);
    for (const algorithm of ['MD5', 'SHA-256'] as const) {
      const isAccepted = policy === 'automatic' || algorithms.some((name) => name === algorithm);
      const answer = createRegister(authorization({ nonce, algorithm, count: algorithm.length }));
      expect(server.check(answer).kind).toBe(isAccepted ? 'authenticated' : 'challenge');
    }
  });

  test.each([
    ['a wrong password', { password: 'wrong' }],
    ['an unknown user', { username: '9999' }],
    ['the digest of another method', { method: 'INVITE' }],
    ['an unknown user with an empty password', { username: '9999', password: '' }],
  ])('[SIP-004] refuses %s with 403', (_, answer) => {
    const server = createServer();
    const nonce = nonceOf(server.check(createRegister()));
    expect(server.check(createRegister(authorization({ nonce, ...answer })))).toEqual({
      kind: 'refused',
      status: 403,
      cause: 'credentials',
      username: 'username' in answer ? answer.username : '1001',
    });
    expect(lookups).toHaveLength(1);
  });

  test('a nonce count is accepted once, in any order within 32, and then asks for a fresh nonce', () => {
    const server = createServer();
    const nonce = nonceOf(server.check(createRegister()));
    const use = (count: number): string => {
      const result = server.check(createRegister(authorization({ nonce, count })));
      return result.kind === 'challenge' && result.stale ? 'stale' : result.kind;
    };
    expect([1, 3, 2, 3, 2, 40, 9, 8, 41, 40].map(use)).toEqual([
      'authenticated',
      'authenticated',
      'authenticated',
      'stale',
      'stale',
      'authenticated',
      'authenticated',
      'stale',
      'authenticated',
      'stale',
    ]);
  });

  test('an expired, forged or foreign nonce with right credentials is stale, with wrong ones refused', () => {
    const server = createServer();
    const nonce = nonceOf(server.check(createRegister()));
    const foreign = nonceOf(createServer().check(createRegister()));
    const forged = (nonce.startsWith('A') ? 'B' : 'A') + nonce.slice(1);
    for (const bad of [foreign, forged, 'x', '']) {
      expect(server.check(createRegister(authorization({ nonce: bad })))).toMatchObject({
        kind: 'challenge',
        stale: true,
        headers: [
          [
            'WWW-Authenticate',
            expect.stringContaining(', stale=true, algorithm=SHA-256') as string,
          ],
        ],
      });
      expect(
        server.check(createRegister(authorization({ nonce: bad, password: 'wrong' }))),
      ).toMatchObject({ kind: 'refused', status: 403 });
    }
    clock.advance(600_000);
    expect(server.check(createRegister(authorization({ nonce }))).kind).toBe('authenticated');
    clock.advance(1_000);
    expect(server.check(createRegister(authorization({ nonce, count: 2 })))).toMatchObject({
      kind: 'challenge',
      stale: true,
    });
  });

  test('forgetting nonces for want of room lets no replay through', () => {
    const server = createServer({ maximumNonces: 3 });
    const nonces = Array.from({ length: 6 }, () => {
      clock.advance(10);
      return nonceOf(server.check(createRegister()));
    });
    const first = nonces.map(
      (nonce) => server.check(createRegister(authorization({ nonce }))).kind,
    );
    expect(first).toEqual(Array(6).fill('authenticated'));
    const again = nonces.map((nonce) => server.check(createRegister(authorization({ nonce }))));
    expect(again.filter((result) => result.kind === 'authenticated')).toEqual([]);
  });

  test('credentials for another realm, scheme or algorithm are not meant for us', () => {
    const server = createServer();
    const nonce = nonceOf(server.check(createRegister()));
    const others = [
      authorization({ nonce, realm: 'elsewhere' }),
      'NoOneKnowsThisScheme opaque-data=here',
      authorization({ nonce }).replace('SHA-256', 'SHA-512-256'),
    ];
    for (const other of others) {
      expect(server.check(createRegister(other))).toMatchObject({
        kind: 'challenge',
        stale: false,
      });
    }
    const request = createRegister(others[0]);
    request.headers.append('Authorization', authorization({ nonce }));
    expect(server.check(request).kind).toBe('authenticated');
    currentRealm = 'renamed.local';
    expect(server.check(createRegister(authorization({ nonce, count: 2 })))).toMatchObject({
      kind: 'challenge',
      stale: false,
    });
  });

  test('RFC 2069 credentials without qop are refused, and so are malformed ones', () => {
    const server = createServer();
    const nonce = nonceOf(server.check(createRegister()));
    const good = authorization({ nonce });
    const ha1 = computeHa1('MD5', '1001', realm, password);
    const ha2 = digestHash('MD5', 'REGISTER:sip:campanile.local');
    const bad = [
      `Digest username="1001", realm="${realm}", nonce="${nonce}", uri="sip:campanile.local", response="${digestHash('MD5', `${ha1}:${nonce}:${ha2}`)}"`,
      good.replace('qop=auth', 'qop=auth-int'),
      good.replace('nc=00000001', 'nc=1'),
      good.replace(/cnonce="[^"]*", /, ''),
      good.replace('username="1001", ', ''),
      good.replace('username="1001"', 'username="1001'),
      `${good}, nc=00000002`,
      `${good}${', x=y'.repeat(40)}`,
      authorization({ nonce, uri: 'sip:1002@campanile.local' }),
      authorization({ nonce, uri: 'not a uri' }),
    ];
    for (const value of bad) {
      expect(server.check(createRegister(value)), value).toMatchObject({
        kind: 'refused',
        status: 400,
        cause: 'malformed',
      });
    }
  });

  test.each([
    ['sip:campanile.local;transport=tcp', 'sip:campanile.local'],
    ['sip:campanile.local', 'sip:127.0.0.1:5060'],
    ['sip:1002@127.0.0.1', 'sip:127.0.0.1:5060'],
    ['sip:1002@127.0.0.1', 'sip:1002@campanile.local'],
  ])('a request to %s may carry credentials for %s', (requestUri, uri) => {
    const server = createServer();
    const nonce = nonceOf(server.check(createRegister()));
    expect(server.check(createRegister(authorization({ nonce, uri }), requestUri)).kind).toBe(
      'authenticated',
    );
  });

  test('reads quoted pairs, any order and any case', () => {
    expect(
      parseDigestCredentials(
        'DIGEST QOP="auth" ,response=ABCDEF,uri="sip:h" , nonce="n",realm="a \\"b\\"", username="x, y"',
      ),
    ).toMatchObject({ username: 'x, y', realm: 'a "b"', response: 'abcdef', algorithm: 'MD5' });
  });
});
