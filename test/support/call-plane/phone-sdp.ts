/** What a scripted phone says of its media. */

/** An offer or answer of one G.711 stream and telephone-event at `address`. */
export function phoneSdp(
  address: string,
  options: { port?: number; version?: number; direction?: string; formats?: string } = {},
): string {
  const { port = 40_000, version = 1, direction = 'sendrecv', formats = '0 8 101' } = options;
  return [
    'v=0',
    `o=- 77 ${String(version)} IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${String(port)} RTP/AVP ${formats}`,
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    'a=ptime:20',
    `a=${direction}`,
    '',
  ].join('\r\n');
}
