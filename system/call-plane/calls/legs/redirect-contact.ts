/** Where a phone that answers 3xx sends the call (RFC 3261 §8.1.3.4). */
import type { SipResponse } from '../../sip/messages/message.ts';
import { dialledNumber } from '../dialled-number.ts';

const maximumNumbers = 5;

/**
 * The numbers that its Contacts name, the preferred first; at most five. Only the user part counts,
 * as it is dialled here: phones name this system in many ways, and other systems are not called on
 * the word of a phone.
 */
export function redirectedNumbers(response: SipResponse): readonly string[] {
  const { contacts } = response;
  if (contacts === '*') {
    return [];
  }
  const preferred = contacts
    .map(({ uri, parameters }) => ({ number: dialledNumber(uri), q: toQ(parameters.get('q')) }))
    .toSorted((one, other) => other.q - one.q);
  const numbers = new Set<string>();
  for (const { number } of preferred) {
    if (number !== undefined && numbers.size < maximumNumbers) {
      numbers.add(number);
    }
  }
  return [...numbers];
}

function toQ(text: string | undefined): number {
  return text !== undefined && /^[01](?:\.[0-9]{0,3})?$/.test(text) ? Number(text) : 1;
}
