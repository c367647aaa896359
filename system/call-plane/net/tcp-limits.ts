/** The bounds of SIP over TCP, and what happens at each. */
export interface TcpLimits {
  /** Open connections; beyond, new ones are closed at once and established ones stay. */
  readonly connections: number;
  /** The same for one remote address. */
  readonly connectionsPerAddress: number;
  /**
   * Bytes that wait for a peer to read them, or for its connection to open. A peer that lets more
   * pile up is taken for dead: its connection is closed.
   */
  readonly unreadOutputBytes: number;
  readonly connectTimeoutMs: number;
  /**
   * For the first whole message of a new connection, and for the rest of any message that has
   * begun. Then the connection is closed: idle strangers and trickling senders hold no place.
   */
  readonly messageTimeoutMs: number;
  /** Without a byte received. Longer than the longest registration, which relies on its flow. */
  readonly idleTimeoutMs: number;
}

export const defaultTcpLimits: TcpLimits = {
  connections: 10_000,
  connectionsPerAddress: 1_000,
  unreadOutputBytes: 1_048_576,
  connectTimeoutMs: 5_000,
  messageTimeoutMs: 30_000,
  idleTimeoutMs: 7_500_000,
};
