/** The pure parts of serving files to devices over HTTP. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideAccess, type TokenKind } from '../../../../provisioning/http/decide-access.ts';
import { answerFile, type FileRequest } from '../../../../provisioning/http/file-answer.ts';
import {
  isProvisioningUrl,
  parseBareTarget,
  parseRequestTarget,
  toOriginForm,
} from '../../../../provisioning/http/request-target.ts';

const token = 'a'.repeat(40);

describe('an address', () => {
  test.each([
    ['/prov/001565aabbcc.cfg', { token: undefined, path: '001565aabbcc.cfg' }],
    [`/prov/${token}//001565aabbcc.cfg`, { token, path: '001565aabbcc.cfg' }],
    [`//prov/${token}/a/b.cfg?x=1`, { token, path: 'a/b.cfg' }],
    [`/prov/${token.toUpperCase()}/a`, { token: undefined, path: `${token.toUpperCase()}/a` }],
  ])('%s is understood', (url, target) => {
    expect(isProvisioningUrl(url)).toBe(true);
    expect(parseRequestTarget(url)).toEqual(target);
  });

  test.each([
    `/prov/${token}`,
    `/prov/${token}/`,
    '/prov/',
    '/prov/../seal.key',
    '/prov/a/%2e%2e/%2e%2e/etc/passwd',
    '/prov/..%5c..%5cx',
    '/prov/a%00b',
    '/prov/%zz',
    `/prov/${'x'.repeat(300)}`,
  ])('%s names nothing', (url) => {
    expect(parseRequestTarget(url)).toBeUndefined();
  });

  test.each([
    ['/001565aabbcc.cfg', '001565aabbcc.cfg'],
    ['//Cisco/CP-8841-3PCC/0.xml', 'Cisco/CP-8841-3PCC/0.xml'],
    ['/', undefined],
    ['/users', undefined],
    ['/api/v1/openapi.json', undefined],
    ['/assets/index.js', undefined],
    ['/../seal.key', undefined],
  ])('%s without the prefix names the file %s', (url, path) => {
    expect(parseBareTarget(url)?.path).toBe(path);
  });

  test('that is written whole, as to a proxy, is its path (RFC 9112 §3.2.2)', () => {
    const urls = ['http://10.0.0.1:80/prov/a.cfg?x', 'HTTPS://pbx', '/prov/http://a', '*'];
    expect(urls.map(toOriginForm)).toEqual(['/prov/a.cfg?x', '/', '/prov/http://a', '/*']);
  });

  test('of other things is none of provisioning', () => {
    expect(['/', '/api/v1/users', '/provision', '/assets/prov/x'].some(isProvisioningUrl)).toBe(
      false,
    );
  });
});

describe('a file (RFC 9110)', () => {
  const modifiedMs = Date.UTC(2026, 2, 1, 10, 0, 0) + 400;
  const file = { sizeBytes: 1000, contentType: 'text/plain', entityTag: 'tag', modifiedMs };
  const ask = (request: Partial<FileRequest>) => answerFile({ method: 'GET', ...request }, file);

  test('tells its length to HEAD and sends nothing', () => {
    const answer = ask({ method: 'HEAD', range: 'bytes=0-9' });
    expect(answer).toMatchObject({ status: 200, headers: { 'Content-Length': '1000' } });
    expect(answer.body).toBeUndefined();
  });

  test.each([
    ['bytes=0-99', 206, '0-99/1000'],
    ['bytes=990-', 206, '990-999/1000'],
    ['bytes=-10', 206, '990-999/1000'],
    ['bytes=0-5000', 206, '0-999/1000'],
    ['bytes=1000-', 416, '*/1000'],
    ['bytes=-0', 416, '*/1000'],
    ['bytes=5-4', 200, undefined],
    ['bytes=0-1,5-6', 200, undefined],
    ['lines=0-1', 200, undefined],
  ])('§14 answers %s with %i', (range, status, part) => {
    const answer = ask({ range });
    expect(answer.status).toBe(status);
    expect(answer.headers['Content-Range']).toBe(part === undefined ? undefined : `bytes ${part}`);
  });

  test.each([
    [{ ifNoneMatch: '"tag"' }, 304],
    [{ ifNoneMatch: 'W/"tag", "other"' }, 304],
    [{ ifNoneMatch: '"other"', ifModifiedSince: new Date(modifiedMs).toUTCString() }, 200],
    [{ ifModifiedSince: new Date(modifiedMs).toUTCString() }, 304],
    [{ ifModifiedSince: new Date(modifiedMs - 60_000).toUTCString() }, 200],
    [{ ifModifiedSince: 'yesterday' }, 200],
    [{ range: 'bytes=0-9', ifRange: '"other"' }, 200],
    [{ range: 'bytes=0-9', ifRange: '"tag"' }, 206],
  ])('§13 answers %o with %i', (request, status) => {
    expect(ask(request).status).toBe(status);
  });

  test('never sends bytes beyond its end, whatever the range', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.nat(2000), fc.nat(2000), (text, a, b) => {
        for (const range of [text, `bytes=${text}`, `bytes=${String(a)}-${String(b)}`]) {
          const { body } = ask({ range });
          expect(body === undefined || (body.start < body.end && body.end <= 1000)).toBe(true);
        }
      }),
    );
  });
});

describe('access', () => {
  const yesAndNo = [true, false];
  const tokens: TokenKind[] = ['none', 'own', 'certificate', 'temporary', 'granted'];
  const all = tokens.flatMap((kind) =>
    yesAndNo.flatMap((isEncrypted) =>
      yesAndNo.flatMap((isLocal) =>
        yesAndNo.flatMap((isExpected) =>
          yesAndNo.map((isException) => ({
            token: kind,
            isEncrypted,
            isLocal,
            isExpected,
            isException,
          })),
        ),
      ),
    ),
  );

  test('[DEV-038] passwords go over HTTPS to who showed the token, or to a local exception, to nobody else', () => {
    for (const facts of all) {
      const isSecure = decideAccess(facts) === 'secure';
      const isProven = facts.token !== 'none' && facts.isEncrypted;
      const isExcused = facts.isException && facts.isLocal && !facts.isEncrypted;
      expect([facts, isSecure]).toEqual([facts, isProven || isExcused]);
    }
  });

  test('without a token there is nothing, unless the device is local and expected', () => {
    for (const facts of all.filter(({ token: kind }) => kind === 'none')) {
      const isBootstrap = decideAccess(facts) === 'bootstrap';
      expect(isBootstrap && !(facts.isLocal && facts.isExpected)).toBe(false);
    }
    expect(
      decideAccess({
        token: 'none',
        isEncrypted: true,
        isLocal: true,
        isExpected: false,
        isException: false,
      }),
    ).toBe('refuse');
  });
});
