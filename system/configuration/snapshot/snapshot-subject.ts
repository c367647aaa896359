/** Users and devices as the snapshot takes them, out of the documents of the configuration. */

/** What the call plane has to know of a user. */
export interface SnapshotUser {
  readonly id: string;
  readonly name: string;
  readonly extension: string | undefined;
  /** The effective one: the extension when none is set. */
  readonly sipUsername: string | undefined;
  readonly aliases: readonly string[];
  readonly enabled: boolean;
  /** Digest hashes in hexadecimal; without them the user cannot register. */
  readonly ha1: { readonly md5: string; readonly sha256: string } | undefined;
}

export interface DigestHashes {
  /** Hexadecimal. */
  readonly md5: string;
  readonly sha256: string;
}

/** A SIP account of a device's own: with it the device registers for one of its users. */
export interface SnapshotDeviceAccount {
  readonly userId: string;
  /** Of the digest; never one that a user may have. */
  readonly username: string;
  readonly ha1: DigestHashes;
}

export interface SnapshotDevice {
  readonly mac: string;
  /** One per line; those of users that are not there or disabled do not work. */
  readonly accounts: readonly SnapshotDeviceAccount[];
  /** What the device registers with while none of its users is there. */
  readonly login: {
    /** By what registrations and calls of it are known: no user has this id. */
    readonly ownerId: string;
    /** `login3`: its address-of-record. */
    readonly name: string;
    readonly username: string;
    readonly ha1: DigestHashes;
  };
}
