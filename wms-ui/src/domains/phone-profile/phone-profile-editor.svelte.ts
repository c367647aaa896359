/** Phone keys, preferences and PIN of a user being edited: by an administrator, or by himself. */
import type { UserKey } from '../../../../system/configuration/entities/phone-profile.ts';
import type {
  PhoneProfile,
  PhoneProfileChange,
} from '../../../../system/management-plane/api/routes/phone-profile/schema.ts';
import { api } from '../../lib/api/client.ts';
import { describeIssue } from '../../lib/api/describe-error.ts';
import { ApiError } from '../../lib/api/problem.ts';
import { t } from '../../lib/i18n/i18n.svelte.ts';
import { tellChange } from '../../lib/state/offer-undo.ts';

/** A key with something that stays when it is moved. */
export interface EditedKey {
  readonly id: number;
  readonly key: UserKey;
}

export type Preferences = PhoneProfile['preferences'];
export type PreferenceName = keyof PhoneProfile['domains'];

export class PhoneProfileEditor {
  readonly #path: string;
  #profile = $state.raw<PhoneProfile | undefined>();
  #keys = $state.raw<readonly EditedKey[]>([]);
  #preferences = $state.raw<Preferences>({});
  #issues = $state.raw<Readonly<Record<string, string>>>({});
  #error = $state.raw<unknown>();
  #hasConflict = $state(false);
  #isSaving = $state(false);
  #etag: string | undefined;
  #nextId = 1;
  /** Typed, to be set; empty: it stays as it is. */
  pin = $state('');

  /** Without a user: of whoever looks at the page. */
  constructor(userId?: string) {
    this.#path =
      userId === undefined
        ? '/my/phone-profile'
        : `/users/${encodeURIComponent(userId)}/phone-profile`;
  }

  get profile(): PhoneProfile | undefined {
    return this.#profile;
  }

  get keys(): readonly EditedKey[] {
    return this.#keys;
  }

  get preferences(): Preferences {
    return this.#preferences;
  }

  get error(): unknown {
    return this.#error;
  }

  /** Somebody else saved meanwhile; the newest values were taken. */
  get hasConflict(): boolean {
    return this.#hasConflict;
  }

  get isSaving(): boolean {
    return this.#isSaving;
  }

  get isChanged(): boolean {
    return Object.keys(this.#changes()).length > 0;
  }

  /** `keys.0.value`, `preferences.phone.language`, `pin` */
  issueAt(path: string): string | undefined {
    return this.#issues[path];
  }

  async load(): Promise<void> {
    try {
      const reply = await api.request<PhoneProfile>('GET', this.#path);
      this.#take(reply.data, reply.etag);
      this.#error = undefined;
    } catch (error) {
      this.#error = error;
    }
  }

  addKey(): void {
    this.#keys = [...this.#keys, this.#edited({ kind: 'blf' })];
  }

  changeKey(id: number, changes: Partial<UserKey>): void {
    this.#issues = {};
    this.#keys = this.#keys.map((edited) =>
      edited.id === id ? { id, key: withoutEmpty({ ...edited.key, ...changes }) } : edited,
    );
  }

  removeKey(id: number): void {
    this.#issues = {};
    this.#keys = this.#keys.filter((edited) => edited.id !== id);
  }

  moveKey(index: number, by: number): void {
    const moved = [...this.#keys];
    const [key] = moved.splice(index, 1);
    if (key !== undefined) {
      moved.splice(index + by, 0, key);
      this.#issues = {};
      this.#keys = moved;
    }
  }

  /** Undefined: as the phone has it otherwise. */
  setPreference(name: PreferenceName, value: Preferences[PreferenceName]): void {
    this.#issues = {};
    const others = Object.entries(this.#preferences).filter(([other]) => other !== name);
    this.#preferences = Object.fromEntries(
      value === undefined ? others : [...others, [name, value]],
    );
  }

  /** Resolves true when saved; issues are then beside their fields otherwise. */
  async save(onundone: () => void): Promise<boolean> {
    const changes = this.#changes();
    return Object.keys(changes).length === 0 || this.#send(changes, onundone);
  }

  /**
   * The same user was saved elsewhere on this page: goes on from there, unless keys or preferences
   * are others now.
   */
  async rebase(): Promise<void> {
    const { data, etag } = await api.request<PhoneProfile>('GET', this.#path);
    if (
      isSame(data.keys, this.#profile?.keys) &&
      isSame(sorted(data.preferences), sorted(this.#profile?.preferences ?? {}))
    ) {
      this.#profile = data;
      this.#etag = etag;
    }
  }

  /** Nobody can log in at a phone in the name of this user any more. */
  async removePin(onundone: () => void): Promise<boolean> {
    return this.#send({ pin: null }, onundone);
  }

  async #send(changes: PhoneProfileChange, onundone: () => void): Promise<boolean> {
    this.#isSaving = true;
    this.#hasConflict = false;
    this.#issues = {};
    try {
      const reply = await api.request<PhoneProfile>('PATCH', this.#path, {
        body: changes,
        ...(this.#etag === undefined ? {} : { ifMatch: this.#etag }),
      });
      this.#take(reply.data, reply.etag);
      tellChange(t('phoneProfile.saved'), reply.revision, onundone);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) {
        await this.load();
        this.#hasConflict = true;
        return false;
      }
      if (error instanceof ApiError && error.issues.length > 0) {
        this.#issues = Object.fromEntries(
          error.issues.map((issue) => [toOwnPath(issue.path), describeIssue(issue)]),
        );
        return false;
      }
      throw error;
    } finally {
      this.#isSaving = false;
    }
  }

  #changes(): PhoneProfileChange {
    const keys = this.#keys.map(({ key }) => key);
    return {
      ...(isSame(keys, this.#profile?.keys ?? []) ? {} : { keys: [...keys] }),
      ...(isSame(sorted(this.#preferences), sorted(this.#profile?.preferences ?? {}))
        ? {}
        : { preferences: this.#preferences }),
      ...(this.pin === '' ? {} : { pin: this.pin }),
    };
  }

  #take(profile: PhoneProfile, etag: string | undefined): void {
    this.#profile = profile;
    this.#etag = etag;
    this.#keys = profile.keys.map((key) => this.#edited(key));
    this.#preferences = profile.preferences;
    this.pin = '';
  }

  #edited(key: UserKey): EditedKey {
    const id = this.#nextId;
    this.#nextId += 1;
    return { id, key };
  }
}

/** The store names the fields of the user, the form what it sent. */
function toOwnPath(path: string): string {
  return path
    .replace(/^phoneKeys\b/, 'keys')
    .replace(/^phonePreferences\b/, 'preferences')
    .replace(/^phonePinHash\b/, 'pin');
}

function withoutEmpty({ kind, value, label }: UserKey): UserKey {
  return {
    kind,
    ...(value === undefined || value === '' ? {} : { value }),
    ...(label === undefined || label === '' ? {} : { label }),
  };
}

function sorted(preferences: Preferences): unknown {
  return Object.entries(preferences).sort(([a], [b]) => (a < b ? -1 : 1));
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
