/**
 * A copy of a text that shares no memory with the message it was cut from. A slice keeps its whole
 * message alive; what stays for hours must not.
 */
export function detachText(text: string): string {
  return Buffer.from(text).toString();
}
