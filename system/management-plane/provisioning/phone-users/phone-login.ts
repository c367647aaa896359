/**
 * Hot desking: a phone becomes that of the user who logs in at it, and nobody's when he logs out. The
 * extension and the phone PIN are the proof; guessing is braked per user and per phone. Each change is
 * a revision by that user.
 */
import type { EventNote } from '../../event-note.ts';
import { foldUserPart } from '../../../configuration/entities/fold-user-part.ts';
import { titleOfUser, type User } from '../../../configuration/entities/user.ts';
import { toErrorMessage } from '../../../foundation/app-error.ts';
import type { Logger } from '../../../foundation/logger.ts';
import type { PhoneLoginOutcome } from '../../../routing/route-call.ts';
import type { AuditLog } from '../../accounts/audit-log.ts';
import type { LoginLimit } from '../../accounts/login-limit.ts';
import type { PasswordHasher } from '../../accounts/password-hash.ts';
import { systemActor, type Actor } from '../../actor.ts';
import type { ConfigurationStore, Stored } from '../../configuration-store/configuration-store.ts';
import type { Operation } from '../../configuration-store/operation.ts';
import type { DeviceHistory } from '../device-state/device-history.ts';

export interface PhoneChange {
  /** MAC, or the id of a handset. */
  readonly device: string;
  /** Whose phone it is now; of an unassigned one the id of itself. */
  readonly userId: string;
  /** Undefined: the user logs out. */
  readonly login: { readonly extension: string; readonly pin: string } | undefined;
  /** Where the call comes from. */
  readonly address: string;
}

/** Something with lines: a device, or a handset of a base. */
export interface PhoneHolder {
  /** Users now, line by line; undefined when there is no such phone. */
  linesOf(device: string): readonly string[] | undefined;
  /** Gives it other users. */
  planAssignment(device: string, lines: readonly string[]): Operation;
}

export interface PhoneLoginOptions {
  readonly store: Pick<ConfigurationStore, 'commit' | 'findUser' | 'findUserByLogin'>;
  readonly holders: readonly PhoneHolder[];
  readonly hasher: Pick<PasswordHasher, 'verify'>;
  /** One of its own: guessing PINs blocks no web login. */
  readonly limit: LoginLimit;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly history: DeviceHistory;
  readonly logger: Logger;
}

export class PhoneLogin {
  readonly #options: PhoneLoginOptions;

  constructor(options: PhoneLoginOptions) {
    this.#options = options;
  }

  /** Never rejects. `refused` says nothing of what was wrong. */
  async change(change: PhoneChange): Promise<PhoneLoginOutcome> {
    const { holders } = this.#options;
    const holder = holders.find((one) => one.linesOf(change.device) !== undefined);
    const lines = holder?.linesOf(change.device);
    if (holder === undefined || lines === undefined) {
      return 'failed';
    }
    try {
      return change.login === undefined
        ? await this.#logOut(change, holder, lines)
        : await this.#logIn(change, change.login, holder, lines);
    } catch (error) {
      const { device } = change;
      this.#options.logger.warn('A phone could not change its user', {
        device,
        error: toErrorMessage(error),
      });
      return 'failed';
    }
  }

  async #logIn(
    change: PhoneChange,
    { extension, pin }: { readonly extension: string; readonly pin: string },
    holder: PhoneHolder,
    lines: readonly string[],
  ): Promise<PhoneLoginOutcome> {
    const { hasher, limit } = this.#options;
    const { device, userId } = change;
    // Many people log in at one phone.
    const attempt = limit.begin(`extension:${foldUserPart(extension)}`, device, 'others');
    const user = await this.#findUser(extension);
    if (attempt.kind === 'blocked') {
      await this.#note(change, refusal('phone-login-blocked', user), systemActor, false);
      return 'refused';
    }
    const isRight = await hasher.verify(user?.document.phonePinHash, pin);
    if (!isRight || user?.document.enabled !== true) {
      await this.#note(change, refusal('phone-login-refused', user), systemActor, false);
      return 'refused';
    }
    attempt.succeeded();
    const others = lines.filter((id) => id !== user.id);
    const replaced = others.map((id) => (id === userId ? user.id : id));
    const after = replaced.includes(user.id) ? replaced : [...others, user.id];
    await this.#assign(change, user, holder, after, 'Logged in at the phone');
    return 'done';
  }

  async #logOut(
    change: PhoneChange,
    holder: PhoneHolder,
    lines: readonly string[],
  ): Promise<PhoneLoginOutcome> {
    const user = await this.#options.store.findUser(change.userId);
    if (user === undefined || !lines.includes(change.userId)) {
      return 'refused';
    }
    const after = lines.filter((id) => id !== change.userId);
    await this.#assign(change, user, holder, after, 'Logged out at the phone');
    return 'done';
  }

  async #assign(
    change: PhoneChange,
    user: Stored<User>,
    holder: PhoneHolder,
    lines: readonly string[],
    reason: string,
  ): Promise<void> {
    const { name, role } = user.document;
    const author: Actor = { kind: 'session', userId: user.id, name, role };
    const operations = [holder.planAssignment(change.device, lines)];
    await this.#options.store.commit({ author, reason, operations });
    const code = change.login === undefined ? 'phone-logout' : 'phone-login';
    const note: EventNote = { code, facts: { user: titleOfUser(user.document) } };
    await this.#note(change, note, author, true);
  }

  async #findUser(extension: string): Promise<Stored<User> | undefined> {
    const found = await this.#options.store.findUserByLogin(extension);
    const own = found?.document.extension;
    return own !== undefined && foldUserPart(own) === foldUserPart(extension) ? found : undefined;
  }

  async #note(
    { device, address, login }: PhoneChange,
    note: EventNote,
    actor: Actor,
    isSuccess: boolean,
  ): Promise<void> {
    const { audit, history } = this.#options;
    const kind = login === undefined ? 'logged-out' : isSuccess ? 'logged-in' : 'login-refused';
    history.add({ mac: device, kind, address, notes: [note] });
    const action = login === undefined ? 'phone-logout' : 'phone-login';
    const notes: EventNote[] = [{ code: 'text', facts: { text: device } }, note];
    await audit.record({ action, actor, isSuccess, address, notes });
  }
}

/** Who mistypes may have typed his PIN for an extension: what nobody has is not told. */
function refusal(
  code: 'phone-login-blocked' | 'phone-login-refused',
  user: Stored<User> | undefined,
): EventNote {
  return user === undefined
    ? { code: 'phone-login-unknown', facts: {} }
    : { code, facts: { extension: user.document.extension ?? '' } };
}
