/**
 * The registrar of RFC 3261 §10.3 over a location store: rules only, no messages and no sockets.
 * `handle-register.ts` is its face towards SIP.
 */
import type { Clock, Timer } from '../../foundation/clock.ts';
import type { UserId } from '../../foundation/ids.ts';
import { SipParseError } from '../sip/messages/sip-parse-error.ts';
import { isEqualUri } from '../sip/messages/uri-equality.ts';
import { parseUri } from '../sip/messages/uri.ts';
import type { Flow } from '../sip/transport.ts';
import type { Binding } from './binding.ts';
import { detachText } from './detach-text.ts';
import type { LocationStore } from './location-store.ts';
import type { RequestedContact } from './registration-request.ts';

export interface RegistrarSettings {
  /** Given where the phone asks for nothing. */
  readonly defaultExpiresSec: number;
  /** Less than this is refused with 423. */
  readonly minimumExpiresSec: number;
  /** More than this is shortened. */
  readonly maximumExpiresSec: number;
  readonly contactsPerUser: number;
}

/** What happened to bindings: for persistence and for everybody who watches. */
export interface BindingChange {
  /** New and refreshed ones. */
  readonly updated: readonly Binding[];
  readonly removed: readonly Binding[];
}

export interface RegistrarOptions {
  readonly clock: Clock;
  readonly store: LocationStore;
  /** Of the configuration in force. */
  readonly settings: () => RegistrarSettings;
  /** Called after the store has changed. Must not throw. */
  readonly onChange: (change: BindingChange) => void;
}

/** What of a REGISTER decides about all its contacts alike. */
export interface RegistrationContext {
  readonly callId: string;
  readonly cseq: number;
  readonly userAgent: string;
  readonly flow: Flow;
  /** Whether contacts with `reg-id` follow RFC 5626 §6. */
  readonly isOutbound: boolean;
  /** Whose own account it is. */
  readonly device: string | undefined;
}

export type RegistrationOutcome =
  | { readonly kind: 'done'; readonly bindings: readonly Binding[] }
  | { readonly kind: 'out-of-order' }
  | { readonly kind: 'too-brief'; readonly minimumExpiresSec: number }
  | { readonly kind: 'too-many-contacts' };

/** How often expired bindings are looked for; reading never shows an expired one. */
const sweepIntervalMs = 1_000;
/** Users looked at in one go, so that a sweep never holds up a call. */
const usersPerSweep = 2_000;

export class Registrar {
  readonly #clock: Clock;
  readonly #store: LocationStore;
  readonly #settings: () => RegistrarSettings;
  readonly #onChange: (change: BindingChange) => void;
  readonly #epochMs: number;
  #sweepTimer: Timer | undefined;
  /** Where the next sweep goes on. */
  #sweepPosition: Iterator<UserId> | undefined;

  constructor(options: RegistrarOptions) {
    this.#clock = options.clock;
    this.#store = options.store;
    this.#settings = options.settings;
    this.#onChange = options.onChange;
    this.#epochMs = options.clock.wallMs() - options.clock.nowMs();
  }

  /**
   * The registrar's clock: the wall clock as it was at the start, carried on by the monotonic one.
   * When the wall clock is set, no phone loses its registration.
   */
  nowMs(): number {
    return this.#epochMs + this.#clock.nowMs();
  }

  get bindingCount(): number {
    return this.#store.bindingCount;
  }

  /** The bindings in force, the one registered last at the end. */
  bindingsOf(userId: UserId): readonly Binding[] {
    const bindings = this.#store.find(userId);
    const nowMs = this.nowMs();
    return bindings.every((binding) => binding.expiresAtMs > nowMs)
      ? bindings
      : bindings.filter((binding) => binding.expiresAtMs > nowMs);
  }

  /**
   * Where to ring: highest q first, then most recently refreshed. Of several flows of one instance
   * only the newest is taken: one phone rings once (RFC 5626 §7).
   */
  contactsFor(userId: UserId): Binding[] {
    const bindings = this.bindingsOf(userId);
    const ordered = [...bindings].sort((a, b) => b.q - a.q || b.registeredAtMs - a.registeredAtMs);
    return ordered.filter(
      (binding) =>
        binding.regId === undefined ||
        !bindings.some((other) => isSameInstance(binding, other) && isNewer(other, binding)),
    );
  }

  /** Every binding in force, user by user. */
  *allBindings(): Generator<Binding> {
    for (const userId of this.#store.userIds()) {
      yield* this.bindingsOf(userId);
    }
  }

  /** Adds, refreshes and removes contacts: all of them or none (§10.3 step 7). */
  update(
    userId: UserId,
    contacts: readonly RequestedContact[],
    context: RegistrationContext,
  ): RegistrationOutcome {
    const settings = this.#settings();
    const nowMs = this.nowMs();
    const before = this.bindingsOf(userId);
    let after = before;
    for (const contact of contacts) {
      const existing = after.filter((binding) => isFor(binding, contact, context));
      if (existing.some((binding) => isOutOfOrder(binding, context) && before.includes(binding))) {
        return { kind: 'out-of-order' };
      }
      const askedSec = contact.expiresSec ?? settings.defaultExpiresSec;
      if (askedSec > 0 && askedSec < settings.minimumExpiresSec) {
        return { kind: 'too-brief', minimumExpiresSec: settings.minimumExpiresSec };
      }
      const expiresSec = Math.min(askedSec, settings.maximumExpiresSec);
      const others = existing.length === 0 ? after : after.filter((one) => !existing.includes(one));
      after =
        expiresSec === 0
          ? others
          : [...others, createBinding(userId, contact, context, nowMs, nowMs + expiresSec * 1_000)];
    }
    if (after.length > settings.contactsPerUser && after.length > before.length) {
      return { kind: 'too-many-contacts' };
    }
    this.#commit(userId, after);
    return { kind: 'done', bindings: after };
  }

  /** `Contact: *` (§10.3 step 6). */
  removeAll(userId: UserId, context: { callId: string; cseq: number }): RegistrationOutcome {
    const before = this.bindingsOf(userId);
    if (before.some((binding) => isOutOfOrder(binding, context))) {
      return { kind: 'out-of-order' };
    }
    this.#commit(userId, []);
    return { kind: 'done', bindings: [] };
  }

  /** Ends every registration of a user, as the administrator wants it. Returns how many. */
  removeUser(userId: UserId): number {
    const before = this.bindingsOf(userId);
    this.#commit(userId, []);
    return before.length;
  }

  /**
   * Ends the registrations that a device made for a user with its own account; with `undefined` those
   * made with the account of the user. Returns how many.
   */
  removeLine(userId: UserId, device: string | undefined): number {
    const before = this.bindingsOf(userId);
    const after = before.filter((binding) => binding.device !== device);
    this.#commit(userId, after);
    return before.length - after.length;
  }

  /** Ends every registration that these devices made with their own accounts. Returns how many. */
  removeDevices(devices: ReadonlySet<string>): number {
    if (devices.size === 0) {
      return 0;
    }
    const found = [...this.allBindings()].filter(
      ({ device }) => device !== undefined && devices.has(device),
    );
    return found.reduce(
      (removed, { userId, device }) => removed + this.removeLine(userId, device),
      0,
    );
  }

  /**
   * Takes bindings from before a restart. What a phone has registered since stands, what has
   * expired or is damaged is left out. Returns how many were taken.
   */
  restore(bindings: readonly Binding[]): number {
    const nowMs = this.nowMs();
    let restored = 0;
    for (const binding of bindings) {
      const present = this.#store.find(binding.userId);
      if (
        binding.expiresAtMs > nowMs &&
        isBindable(binding.contact) &&
        !present.some((other) => other.contact === binding.contact)
      ) {
        this.#store.replace(binding.userId, [...present, binding]);
        restored++;
      }
    }
    this.#scheduleSweep();
    return restored;
  }

  /** Stops the sweep. Bindings stay as they are. */
  close(): void {
    this.#sweepTimer?.cancel();
    this.#sweepTimer = undefined;
  }

  /** What had expired and was still stored is reported as removed along with the rest. */
  #commit(userId: UserId, after: readonly Binding[]): void {
    const stored = this.#store.find(userId);
    const updated = after.filter((binding) => !stored.includes(binding));
    const removed = stored.filter(
      (binding) => !after.some((other) => other.contact === binding.contact),
    );
    if (updated.length === 0 && removed.length === 0) {
      return;
    }
    this.#store.replace(userId, after);
    this.#scheduleSweep();
    this.#onChange({ updated, removed });
  }

  /** One timer for all bindings, and only while there are any. */
  #scheduleSweep(): void {
    if (this.#sweepTimer === undefined && this.#store.bindingCount > 0) {
      this.#sweepTimer = this.#clock.schedule(sweepIntervalMs, () => {
        this.#sweepTimer = undefined;
        this.#sweep();
        this.#scheduleSweep();
      });
    }
  }

  #sweep(): void {
    const nowMs = this.nowMs();
    const removed: Binding[] = [];
    this.#sweepPosition ??= this.#store.userIds()[Symbol.iterator]();
    for (let seen = 0; seen < usersPerSweep; seen++) {
      const next = this.#sweepPosition.next();
      if (next.done === true) {
        this.#sweepPosition = undefined;
        break;
      }
      this.#removeExpired(next.value, nowMs, removed);
    }
    if (removed.length > 0) {
      this.#onChange({ updated: [], removed });
    }
  }

  #removeExpired(userId: UserId, nowMs: number, removed: Binding[]): void {
    const bindings = this.#store.find(userId);
    if (bindings.every((binding) => binding.expiresAtMs > nowMs)) {
      return;
    }
    const remaining: Binding[] = [];
    for (const binding of bindings) {
      (binding.expiresAtMs > nowMs ? remaining : removed).push(binding);
    }
    this.#store.replace(userId, remaining);
  }
}

function isBindable(contact: string): boolean {
  try {
    const { scheme } = parseUri(contact);
    return scheme === 'sip' || scheme === 'sips';
  } catch (error) {
    if (error instanceof SipParseError) {
      return false;
    }
    throw error;
  }
}

/** §10.3 step 7: within one Call-ID only a higher CSeq counts. */
function isOutOfOrder(binding: Binding, context: { callId: string; cseq: number }): boolean {
  return binding.callId === context.callId && context.cseq <= binding.cseq;
}

/** Whether the contact of the request replaces this binding. */
function isFor(binding: Binding, contact: RequestedContact, context: RegistrationContext): boolean {
  if (binding.contact === contact.uriText) {
    return true;
  }
  if (context.isOutbound && contact.regId !== undefined) {
    return binding.regId === contact.regId && binding.instanceId === contact.instanceId;
  }
  return isEqualUri(parseUri(binding.contact), contact.uri);
}

function isSameInstance(a: Binding, b: Binding): boolean {
  return a !== b && a.instanceId === b.instanceId && b.regId !== undefined;
}

function isNewer(a: Binding, b: Binding): boolean {
  return a.registeredAtMs === b.registeredAtMs
    ? (a.regId ?? 0) < (b.regId ?? 0)
    : a.registeredAtMs > b.registeredAtMs;
}

function createBinding(
  userId: UserId,
  contact: RequestedContact,
  context: RegistrationContext,
  nowMs: number,
  expiresAtMs: number,
): Binding {
  return {
    userId,
    contact: detachText(contact.uriText),
    flow: context.flow,
    callId: detachText(context.callId),
    cseq: context.cseq,
    q: contact.q,
    expiresAtMs,
    registeredAtMs: nowMs,
    userAgent: detachText(context.userAgent),
    instanceId: contact.instanceId === undefined ? undefined : detachText(contact.instanceId),
    regId: context.isOutbound ? contact.regId : undefined,
    device: context.device,
  };
}
