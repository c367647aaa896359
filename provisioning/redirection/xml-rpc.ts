/** XML-RPC as far as redirection services use it: strings and booleans go, arrays of them come. */
import type { ExchangeAnswer } from './exchange.ts';
import { RedirectionError } from './redirection-error.ts';

export type RpcValue = string | boolean | readonly RpcValue[];

export function serializeCall(method: string, parameters: readonly (string | boolean)[]): string {
  const values = parameters.map((value) =>
    typeof value === 'boolean'
      ? `<param><value><boolean>${value ? '1' : '0'}</boolean></value></param>`
      : `<param><value><string>${escapeXml(value)}</string></value></param>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<methodCall><methodName>${escapeXml(method)}</methodName><params>${values.join('')}</params></methodCall>\n`;
}

/**
 * The values of an answer from outside in: scalars in order, whatever they are nested in. A fault is
 * its message as `fault`. Throws RedirectionError `unreadable`.
 */
export function parseAnswer(answer: ExchangeAnswer): {
  readonly values: readonly (string | boolean)[];
  readonly fault: string | undefined;
} {
  const text = answer.body;
  if (!/<methodResponse[\s>]/.test(text) || /<!DOCTYPE|<!ENTITY/i.test(text)) {
    throw new RedirectionError('unreadable', 'The service answered something other than XML-RPC.');
  }
  const values: (string | boolean)[] = [];
  for (const match of text.matchAll(valuePattern)) {
    const [, type = 'string', typed, plain] = match;
    const value = unescapeXml(typed ?? plain ?? '');
    values.push(type === 'boolean' ? value.trim() === '1' : value);
    if (values.length >= maximumValues) {
      break;
    }
  }
  const isFault = /<fault[\s>]/.test(text);
  const message = values.filter((value) => typeof value === 'string').at(-1);
  return { values, fault: isFault ? (message ?? 'unknown fault') : undefined };
}

const maximumValues = 10_000;
/** `<value><boolean>1</boolean></value>`, `<value>text</value>`; the type of a plain one is string. */
const valuePattern =
  /<value>\s*(?:<(boolean|string|int|i4)>([^<]*)<\/(?:boolean|string|int|i4)>\s*|([^<]*))<\/value>/g;

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function unescapeXml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
