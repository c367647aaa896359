/** What is known of a device from what it did: not configuration, and lost without harm. */
export interface SeenDevice {
  readonly mac: string;
  /** Since when it may make its first contact without an open window; undefined: it may not. */
  readonly announcedAtMs: number | undefined;
  /** When it last got its own files with the token that is valid now. */
  readonly provisionedAtMs: number | undefined;
  readonly lastSeenAtMs: number | undefined;
  readonly address: string | undefined;
  /** The address of ours that it used. */
  readonly reached: string | undefined;
  readonly vendor: string | undefined;
  /** Id of the model in the vendor's data, as the device told it. */
  readonly model: string | undefined;
  readonly firmware: string | undefined;
  readonly userAgent: string | undefined;
  /** Requests for its files since it was rejected, and the last of them. */
  readonly askedWhileRejected: number;
  readonly askedWhileRejectedAtMs: number | undefined;
}

export function unseenDevice(mac: string): SeenDevice {
  return {
    mac,
    announcedAtMs: undefined,
    provisionedAtMs: undefined,
    lastSeenAtMs: undefined,
    address: undefined,
    reached: undefined,
    vendor: undefined,
    model: undefined,
    firmware: undefined,
    userAgent: undefined,
    askedWhileRejected: 0,
    askedWhileRejectedAtMs: undefined,
  };
}
