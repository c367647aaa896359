import { expect, test } from 'vitest';
import { toBrowserHeaders } from '../../../../system/management-plane/device-access/connect/proxy-headers.ts';

test('[DEV-020] a length beside a transfer coding is not passed on (RFC 9112 §6.3)', () => {
  const chunked = { 'transfer-encoding': 'chunked', 'content-length': '2' };
  expect(toBrowserHeaders(chunked, [], undefined)).not.toHaveProperty('content-length');
  expect(toBrowserHeaders({ 'content-length': '2' }, [], undefined)).toMatchObject({
    'content-length': '2',
  });
});
