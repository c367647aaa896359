/**
 * What is wrong with a value, in words for whoever typed it: zod's own sentences speak of strings and
 * of `>=`. For `safeParse(value, { error: tellIssue })`; what a schema says itself counts more.
 */
import type { z } from 'zod';

export const valueRequired = 'a value is required';

/** Undefined: zod says it. */
export const tellIssue: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_type') {
    return issue.input === undefined ? valueRequired : tellType(issue.expected);
  }
  if (issue.code === 'too_small') {
    return tellTooSmall(issue.origin, Number(issue.minimum));
  }
  if (issue.code === 'too_big') {
    return tellTooBig(issue.origin, Number(issue.maximum));
  }
  return issue.code === 'invalid_format' ? tellFormat(issue.format) : undefined;
};

function tellType(expected: string): string | undefined {
  return expected === 'number' || expected === 'int' ? 'must be a whole number' : undefined;
}

function tellTooSmall(origin: string, minimum: number): string {
  if (origin === 'string') {
    return minimum === 1 ? valueRequired : `must have at least ${minimum.toString()} characters`;
  }
  if (origin === 'array') {
    return minimum === 1 ? valueRequired : `must have at least ${minimum.toString()} entries`;
  }
  return `must be at least ${minimum.toString()}`;
}

function tellTooBig(origin: string, maximum: number): string {
  if (origin === 'string') {
    return `must have at most ${maximum.toString()} characters`;
  }
  return origin === 'array'
    ? `must have at most ${maximum.toString()} entries`
    : `must be at most ${maximum.toString()}`;
}

function tellFormat(format: string): string | undefined {
  switch (format) {
    case 'email':
      return 'must be an e-mail address';
    case 'ipv4':
      return 'must be an IPv4 address';
    case 'ipv6':
      return 'must be an IPv6 address';
    default:
      return undefined;
  }
}
