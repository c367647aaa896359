/**
 * Every message that crosses between the call plane (main thread) and the management plane (worker).
 * `requests` are answered; `events` are not. Both sides import this file and nothing else of
 * each other.
 */
import type { CallRef, LegRef, UserId } from '../foundation/ids.ts';
import type { LogLevel } from '../foundation/logger.ts';
import type { PhoneLoginOutcome } from '../routing/route-call.ts';
import type { MediaStatistics } from '../media-plane/media.ts';

/** A registration as it is stored and shown; the location store's own form is richer. */
export interface BindingRecord {
  readonly userId: UserId;
  readonly contact: string;
  readonly protocol: 'udp' | 'tcp' | 'tls';
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly callId: string;
  readonly cseq: number;
  /** 0 to 1. */
  readonly q: number;
  readonly registeredAtMs: number;
  readonly expiresAtMs: number;
  readonly userAgent: string;
  readonly instanceId: string | undefined;
  /** `reg-id` (RFC 5626): which of the flows of that instance it is. */
  readonly regId?: number | undefined;
  /** MAC of the device whose own account it registered with; undefined for the user's account. */
  readonly device?: string | undefined;
}

/** Registrations that end, because their accounts were taken away or got another password. */
export interface EndedRegistrations {
  /** All of these users. */
  readonly userIds: readonly UserId[];
  /** Those made with the account of the user itself. */
  readonly ownAccountsOf: readonly UserId[];
  /** All made with accounts of these devices. */
  readonly devices: readonly string[];
  /** Those that a device made for one user. */
  readonly lines: readonly { readonly device: string; readonly userId: UserId }[];
}

/** A source whose SIP messages are dropped. */
export interface SourceBan {
  readonly address: string;
  readonly offence:
    | 'failed-authentications'
    | 'unanswered-challenges'
    | 'malformed-messages'
    | 'message-rate'
    | 'extreme-message-rate'
    | 'register-rate'
    | 'invite-rate'
    | 'ack-rate'
    | 'options-rate'
    | 'subscribe-rate'
    | 'attack-tool';
  /** Wall clock. */
  readonly bannedAtMs: number;
  readonly endsAtMs: number;
}

export interface ActiveLeg {
  readonly legRef: LegRef;
  readonly role: 'caller' | 'callee';
  readonly userId: UserId | undefined;
  readonly address: string;
  readonly remote: string;
  readonly codec: string | undefined;
  readonly onHold: boolean;
}

export interface ActiveCall {
  readonly callRef: CallRef;
  /** `calling`: phones have been asked, none has said that it rings. */
  readonly state: 'routing' | 'calling' | 'ringing' | 'answered';
  readonly callerNumber: string;
  readonly callerName: string;
  readonly calleeNumber: string;
  readonly calleeName: string;
  readonly startedAtMs: number;
  readonly answeredAtMs: number | undefined;
  readonly mediaMode: 'anchored' | 'direct' | 'service' | 'none';
  readonly legs: readonly ActiveLeg[];
}

export type PartState = 'starting' | 'running' | 'degraded' | 'stopped' | 'failed';

/** A part of the daemon with a life of its own. */
export interface PartHealth {
  /** Equals a folder path with dots: `call-plane.net`, `media-plane`, `management-plane`. */
  readonly name: string;
  readonly state: PartState;
  /** What an administrator should read; empty when running. */
  readonly detail: string;
  readonly restarts: number;
  readonly since: number;
  readonly logLevel: LogLevel;
  /** Whether it can be restarted without touching calls. */
  readonly canRestart: boolean;
  /** Figures worth showing: `eventLoopDelayP99Ms`, `portsUsed` … */
  readonly figures: Readonly<Record<string, number>>;
}

/** Answered by the call plane. */
export interface CallPlaneRequests {
  /** Swaps the configuration at once; calls in progress keep theirs. */
  'snapshot.activate': {
    request: { readonly revision: number; readonly buffer: SharedArrayBuffer };
    reply: { readonly swapMs: number };
  };
  /** Names by number out of the phonebooks (`system/caller-names`); undefined: there are none. */
  'caller-names.activate': {
    request: { readonly buffer: SharedArrayBuffer | undefined };
    reply: Readonly<Record<string, never>>;
  };
  /** Stored registrations, once after a start of the daemon, in pieces of at most 500. */
  'bindings.restore': {
    request: { readonly bindings: readonly BindingRecord[] };
    reply: { readonly restored: number };
  };
  /**
   * Bindings of all users in a stable order, in pieces: after a restart of the management plane alone
   * its list and its file are brought to what the call plane has.
   */
  'bindings.list': {
    request: { readonly offset: number; readonly limit: number };
    reply: { readonly bindings: readonly BindingRecord[]; readonly total: number };
  };
  /** Sources of SIP messages that are banned, the latest first. */
  'bans.list': {
    request: { readonly limit: number };
    reply: { readonly bans: readonly SourceBan[]; readonly total: number };
  };
  /** Stored bans, once after a start of the daemon, in pieces of at most 500. */
  'bans.restore': {
    request: { readonly bans: readonly SourceBan[] };
    reply: { readonly restored: number };
  };
  'bans.lift': { request: { readonly address: string }; reply: { readonly found: boolean } };
  'calls.list': {
    request: { readonly limit: number };
    reply: { readonly calls: readonly ActiveCall[]; readonly total: number };
  };
  'calls.media': {
    request: { readonly callRef: CallRef };
    reply: {
      /** Undefined: there is no such call. */
      readonly legs:
        | readonly { readonly legRef: LegRef; readonly media: MediaStatistics }[]
        | undefined;
    };
  };
  'calls.hang-up': { request: { readonly callRef: CallRef }; reply: { readonly found: boolean } };
  'parts.list': {
    request: Readonly<Record<string, never>>;
    reply: { readonly parts: readonly PartHealth[] };
  };
  'parts.set-log-level': {
    request: { readonly name: string; readonly level: LogLevel };
    reply: { readonly found: boolean };
  };
  'parts.restart': {
    request: { readonly name: string };
    reply: { readonly outcome: 'restarting' | 'not-restartable' | 'not-found' };
  };
  /**
   * Sends a NOTIFY to one device, e.g. to fetch its files; waits for its answer. It goes to the
   * registration as it is now, or the way it was last reached when that has ended.
   */
  'devices.notify': {
    request: { readonly binding: BindingRecord; readonly event: string };
    reply: {
      readonly outcome: 'accepted' | 'refused' | 'no-answer' | 'not-registered';
      /** Of the final response. */
      readonly status?: number;
    };
  };
  'bindings.remove': {
    request: EndedRegistrations;
    reply: { readonly removed: number };
  };
}

/** Answered by the management plane. */
export interface ManagementPlaneRequests {
  /** Log level of the worker's own logger. */
  'log.set-level': {
    request: { readonly level: LogLevel };
    reply: Readonly<Record<string, never>>;
  };
  /** A phone is to become that of another user, or of nobody; the caller waits for the answer. */
  'phones.change-user': {
    request: {
      /** MAC. */
      readonly device: string;
      /** Whose phone it is now; of an unassigned one the id of itself. */
      readonly userId: UserId;
      /** Undefined: the user logs out. */
      readonly login: { readonly extension: string; readonly pin: string } | undefined;
      /** Where the call comes from. */
      readonly address: string;
    };
    reply: { readonly outcome: PhoneLoginOutcome };
  };
  /** Closes the API, ends what is under way, flushes: before an ordered stop. */
  stop: { request: Readonly<Record<string, never>>; reply: Readonly<Record<string, never>> };
}

/** Told by the call plane. */
export interface CallPlaneEvents {
  /** New and refreshed bindings, and removed ones. Coalesced per contact: the latest state wins. */
  'bindings.changed': {
    readonly updated: readonly BindingRecord[];
    readonly removed: readonly { readonly userId: UserId; readonly contact: string }[];
  };
  /** Sources that are banned from now on or longer, and those that may come in again before the end. */
  'bans.changed': { readonly banned: readonly SourceBan[]; readonly lifted: readonly string[] };
  /** Something in the list of calls changed; at most four times a second. */
  'calls.changed': { readonly total: number };
  /** The record journal holds something to store. */
  'records.waiting': Readonly<Record<string, never>>;
  'parts.changed': { readonly parts: readonly PartHealth[] };
}

/** Told by the management plane. */
export interface ManagementPlaneEvents {
  /** The API listens, the configuration is active: `npm start` prints its addresses from this. */
  'management.ready': {
    readonly httpsPort: number;
    readonly httpPort: number;
    readonly firstLogin: boolean;
  };
  /** PEM, one of each kind of key: what SIP over TLS shows. */
  'certificates.ready': { readonly keys: string[]; readonly certificates: string[] };
  'management.health': {
    readonly state: PartState;
    readonly detail: string;
    readonly figures: Readonly<Record<string, number>>;
  };
}
