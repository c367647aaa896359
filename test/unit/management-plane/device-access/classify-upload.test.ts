import { expect, test } from 'vitest';
import { classifyUpload } from '../../../../system/management-plane/device-access/uploads/classify-upload.ts';

const mac = '0004f2aabb01';

test.each([
  [`${mac}-phone.cfg`, 'override'],
  [`${mac.toUpperCase()}-web.cfg`, 'override'],
  [`${mac}-local.cfg`, 'override'],
  [`logs/${mac}-app.log`, 'log'],
  [`${mac}-calls.xml`, 'list'],
  [`${mac}-calllog.xml`, 'list'],
  ['allconfig.tgz', 'log'],
  ['report', 'other'],
])('%s is taken as %s', (path, kind) => {
  expect(classifyUpload(path, mac)?.kind).toBe(kind);
});

test.each([
  '',
  'logs/',
  '.htaccess',
  'a b',
  '0004f2aabb02-phone.cfg',
  'a..b',
  '-rf',
  'x'.repeat(101),
])('%s is not taken', (path) => {
  expect(classifyUpload(path, mac)).toBeUndefined();
});
