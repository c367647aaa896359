/** `generic-param` lists behind header field values, and the splitting of value lists (§7.3.1). */
import {
  isAllOf,
  isBlank,
  parameterValueClass,
  skipBlanks,
  tokenClass,
  trimBlanksEnd,
} from './character-class.ts';
import { findClosingQuote, quote, unquote } from './escape.ts';
import { messageLimits } from './message-limits.ts';
import { failParse } from './sip-parse-error.ts';

/** Lower-case names; the value is undefined where there is only a name. */
export type Parameters = ReadonlyMap<string, string | undefined>;

export const noParameters: Parameters = new Map();

/**
 * Parses `*( SEMI name [ EQUAL value ] )` from `start` to the end of `text`. Of a name given twice
 * the first value holds. Quoted values come out unquoted.
 */
export function parseParameters(text: string, start: number): Parameters {
  const length = text.length;
  let index = skipBlanks(text, start, length);
  if (index === length) {
    return noParameters;
  }
  const parameters = new Map<string, string | undefined>();
  while (index < length) {
    if (text.charCodeAt(index) !== 59) {
      failParse('parameter', 'expected ";" before parameter', { offset: index });
    }
    const nameStart = skipBlanks(text, index + 1, length);
    let nameEnd = nameStart;
    let code = 0;
    while (nameEnd < length) {
      code = text.charCodeAt(nameEnd);
      if (code === 61 || code === 59 || isBlank(code)) {
        break;
      }
      nameEnd++;
    }
    if (nameEnd === nameStart || !isAllOf(text, tokenClass, nameStart, nameEnd)) {
      failParse('parameter', 'parameter name is not a token', { offset: nameStart });
    }
    let value: string | undefined;
    index = skipBlanks(text, nameEnd, length);
    if (text.charCodeAt(index) === 61) {
      const valueStart = skipBlanks(text, index + 1, length);
      let valueEnd: number;
      if (text.charCodeAt(valueStart) === 34) {
        valueEnd = findClosingQuote(text, valueStart, length);
        if (valueEnd < 0) {
          failParse('parameter', 'unterminated quoted string', { offset: valueStart });
        }
        value = unquote(text, valueStart + 1, valueEnd);
        index = skipBlanks(text, valueEnd + 1, length);
      } else {
        valueEnd = text.indexOf(';', valueStart);
        index = valueEnd < 0 ? length : valueEnd;
        valueEnd = trimBlanksEnd(text, valueStart, index);
        if (valueEnd === valueStart || !isAllOf(text, parameterValueClass, valueStart, valueEnd)) {
          failParse('parameter', 'invalid parameter value', { offset: valueStart });
        }
        value = text.slice(valueStart, valueEnd);
      }
    }
    const name = text.slice(nameStart, nameEnd).toLowerCase();
    if (!parameters.has(name)) {
      if (parameters.size >= messageLimits.parameters) {
        failParse('parameter', 'too many parameters', { offset: nameStart });
      }
      parameters.set(name, value);
    }
  }
  return parameters;
}

/** The parameters with a `;` before each; values that are no token come out quoted. */
export function serializeParameters(parameters: Parameters): string {
  let text = '';
  for (const [name, value] of parameters) {
    text += `;${name}`;
    if (value !== undefined) {
      text +=
        value !== '' && isAllOf(value, parameterValueClass) ? `=${value}` : `=${quote(value)}`;
    }
  }
  return text;
}

/** Position of the first comma from `start` outside quotes and angle brackets, or -1. */
function findListComma(text: string, start: number): number {
  let isInAngles = false;
  for (let index = start; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 34 && !isInAngles) {
      const close = findClosingQuote(text, index, text.length);
      if (close < 0) {
        return -1;
      }
      index = close;
    } else if (code === 60) {
      isInAngles = true;
    } else if (code === 62) {
      isInAngles = false;
    } else if (code === 44 && !isInAngles) {
      return index;
    }
  }
  return -1;
}

/** The first value of a comma-separated list. */
export function firstListValue(text: string): string {
  if (!text.includes(',')) {
    return text;
  }
  const comma = findListComma(text, 0);
  return comma < 0 ? text : text.slice(0, trimBlanksEnd(text, 0, comma));
}

/** What follows the first value of a comma-separated list; undefined when there is only one. */
export function remainingListValues(text: string): string | undefined {
  const comma = text.includes(',') ? findListComma(text, 0) : -1;
  return comma < 0 ? undefined : text.slice(skipBlanks(text, comma + 1, text.length));
}

/** Appends the values of a comma-separated list to `values`, trimmed, empty ones left out. */
export function splitList(text: string, values: string[]): void {
  let start = 0;
  while (start <= text.length) {
    const comma = text.includes(',', start) ? findListComma(text, start) : -1;
    const end = comma < 0 ? text.length : comma;
    const valueStart = skipBlanks(text, start, end);
    const valueEnd = trimBlanksEnd(text, valueStart, end);
    if (valueEnd > valueStart) {
      values.push(text.slice(valueStart, valueEnd));
    }
    if (comma < 0) {
      return;
    }
    start = comma + 1;
  }
}
