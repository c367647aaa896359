/** The kinds of bodies that requests have, and how large each may be. */
export type BodyType =
  | 'application/json'
  | 'text/csv'
  | 'text/plain'
  | 'text/vcard'
  | 'application/octet-stream';

/** Bytes by type: what people type is small, what they upload may hold 10,000 users. */
export const maxBodyBytes: Readonly<Record<BodyType, number>> = {
  'application/json': 1_000_000,
  'text/csv': 10_000_000,
  'text/plain': 10_000_000,
  'text/vcard': 10_000_000,
  // Never in memory: the handler gets the stream.
  'application/octet-stream': 1_073_741_824,
};
