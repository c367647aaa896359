import { describe, expect, test } from 'vitest';
import { matchRoute } from '../../../../wms-ui/src/lib/router/match-route.ts';
import { parseQuery, serializeQuery } from '../../../../wms-ui/src/lib/router/query.ts';

const routes = [
  { pattern: '/' },
  { pattern: '/users/:id?' },
  { pattern: '/settings/system/revisions/:number?' },
  { pattern: '/my/:what/of/:whom' },
] as const;

describe('the path of a page', () => {
  test.each([
    ['/', '/', {}],
    ['/users', '/users/:id?', {}],
    ['/users/', '/users/:id?', {}],
    ['/users/aB-_1', '/users/:id?', { id: 'aB-_1' }],
    ['/users/a%2Fb%20c', '/users/:id?', { id: 'a/b c' }],
    ['/settings/system/revisions/12', '/settings/system/revisions/:number?', { number: '12' }],
    ['/my/calls/of/anna', '/my/:what/of/:whom', { what: 'calls', whom: 'anna' }],
  ])('%s leads to %s', (path, pattern, parameters) => {
    expect(matchRoute(routes, path)).toEqual({ route: { pattern }, parameters });
  });

  test.each(['/nothing', '/users/1/2', '/my/calls/of', '/settings/system', '/users/%E0%A4%A'])(
    '%s leads nowhere',
    (path) => {
      expect(matchRoute(routes, path)).toBeUndefined();
    },
  );
});

describe('the query of a page', () => {
  test('leaves out what is empty and keeps what is zero', () => {
    const query = serializeQuery({ search: 'a b&c', page: 0, role: '', to: undefined });
    expect(query).toBe('?search=a+b%26c&page=0');
    expect(parseQuery(query)).toEqual({ search: 'a b&c', page: '0' });
  });

  test('is nothing at all when everything is empty', () => {
    expect(serializeQuery({ search: '' })).toBe('');
  });
});
