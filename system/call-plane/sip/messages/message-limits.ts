/** The hard limits of the SIP parser. What exceeds one is refused, never truncated or guessed. */
export const messageLimits = {
  /** One whole message, on any transport. */
  messageBytes: 65_536,
  /** Everything before the body. */
  headBytes: 32_768,
  headerFields: 200,
  /** One header field after unfolding, name included. */
  headerFieldChars: 8_192,
  /** Contacts, routes or record routes in one message. */
  listValues: 64,
  /** Parameters of one URI or one header field value. */
  parameters: 64,
  uriChars: 4_096,
  hostChars: 255,
} as const;
