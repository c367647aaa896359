/** What the keys of a user's phones can do; apart from the schema, because pages need it without that. */

/** Kinds of keys that users may lay out; in the order in which they are offered. */
export const userKeyKinds = [
  'none',
  'line',
  'blf',
  'speedDial',
  'intercom',
  'park',
  'voicemail',
  'groupPickup',
  'forward',
  'dnd',
  'transfer',
  'conference',
  'hold',
  'redial',
  'callReturn',
  'directory',
  'history',
  'dtmf',
] as const;
export type UserKeyKind = (typeof userKeyKinds)[number];

/** Kinds that mean nothing without a number. */
export const kindsWithNumber: ReadonlySet<UserKeyKind> = new Set([
  'blf',
  'speedDial',
  'intercom',
  'park',
  'dtmf',
]);

/** Beyond the keys of any phone with its modules. */
export const maximumUserKeys = 200;
