import { expect, test } from 'vitest';
import { z } from 'zod';
import { tellIssue } from '../../../system/configuration/tell-issue.ts';

test.each([
  [z.string(), undefined, 'a value is required'],
  [z.string().min(1), '', 'a value is required'],
  [z.string().min(12), 'x', 'must have at least 12 characters'],
  [z.string().max(2), 'abc', 'must have at most 2 characters'],
  [z.array(z.string()).min(1), [], 'a value is required'],
  [z.array(z.string()).max(1), ['a', 'b'], 'must have at most 1 entries'],
  [z.int().min(60), 5, 'must be at least 60'],
  [z.int().max(60), 99, 'must be at most 60'],
  [z.int(), 'many', 'must be a whole number'],
  [z.email(), 'nobody', 'must be an e-mail address'],
  [z.ipv4(), '10.0.0.300', 'must be an IPv4 address'],
  [z.string().min(1, 'must be named'), '', 'must be named'],
])(
  'a value that is wrong is told in words for whoever typed it (%#)',
  (schema, value, sentence) => {
    const { error } = schema.safeParse(value, { error: tellIssue });
    expect(error?.issues.map(({ message }) => message)).toEqual([sentence]);
  },
);
