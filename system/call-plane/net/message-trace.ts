/**
 * What the log says of one SIP message at level debug: enough to follow a conversation, and nothing
 * that is a secret. Addresses are left out, because people dial PINs.
 */
import type { LogFields } from '../../foundation/logger.ts';

/** Where Call-ID and CSeq stand in all but absurd messages. */
const searchedBytes = 4_096;

/** `message`: as it came or as it leaves. */
export function traceOf(message: Buffer): LogFields {
  const head = message.toString('latin1', 0, searchedBytes).trimStart();
  const end = head.indexOf(' ');
  const first = head.slice(0, Math.max(0, Math.min(end, 32)));
  return {
    message: first === 'SIP/2.0' ? head.slice(8, 11) : first,
    cseq: /^CSeq *: *(.{1,60})\r$/im.exec(head)?.[1],
    sipCallId: /^(?:Call-ID|i) *: *(.{1,128}).*\r$/im.exec(head)?.[1],
  };
}
