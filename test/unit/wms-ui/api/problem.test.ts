import { describe, expect, test } from 'vitest';
import { toApiError } from '../../../../wms-ui/src/lib/api/problem.ts';

describe('a failed answer', () => {
  test('is read with code, detail and every issue', () => {
    const body = {
      type: '/api/v1/reference#problem-conflict',
      title: 'It conflicts with what exists',
      status: 409,
      detail: 'Some numbers are taken.',
      code: 'conflict',
      issues: [{ path: 'extension', code: 'taken', message: '101 belongs to Anna' }],
    };
    const error = toApiError(409, body, '30');
    expect(error).toMatchObject({
      status: 409,
      code: 'conflict',
      detail: 'Some numbers are taken.',
      issues: body.issues,
      retryAfterSec: 30,
    });
  });

  test.each([
    ['a page of a proxy', '<html>502</html>'],
    ['nothing', undefined],
    ['a list', [1, 2]],
    ['another document', { error: 'x', issues: ['x', 1, null] }],
  ])('that is %s becomes an error all the same', (_what, body) => {
    expect(toApiError(502, body, null)).toMatchObject({
      status: 502,
      code: 'unexpected-answer',
      issues: [],
      retryAfterSec: undefined,
    });
  });
});
