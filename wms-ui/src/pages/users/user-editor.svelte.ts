/** One user being added or edited: loading, saving with the entity tag, passwords of a new one. */
import type {
  CreatedUser,
  GeneratedPasswords,
  User,
} from '../../../../system/management-plane/api/routes/users/schema.ts';
import { api } from '../../lib/api/client.ts';
import { ApiError } from '../../lib/api/problem.ts';
import { FormState } from '../../lib/forms/form-state.svelte.ts';
import { t } from '../../lib/i18n/i18n.svelte.ts';
import { tellChange } from '../../lib/state/offer-undo.ts';
import type { Passwords } from './password-choice.svelte.ts';
import { newUserValues, toFormValues } from './user-fields.ts';

export class UserEditor {
  readonly id: string;
  #user = $state.raw<User | undefined>();
  #form = $state.raw<FormState | undefined>();
  #error = $state.raw<unknown>();
  #hasConflict = $state(false);
  #etag: string | undefined;

  constructor(id: string) {
    this.id = id;
    if (this.isNew) {
      this.#form = new FormState(newUserValues());
    }
  }

  get isNew(): boolean {
    return this.id === 'new';
  }

  get user(): User | undefined {
    return this.#user;
  }

  get form(): FormState | undefined {
    return this.#form;
  }

  get error(): unknown {
    return this.#error;
  }

  /** Someone else saved the same user meanwhile; the newest values were taken, the edits kept. */
  get hasConflict(): boolean {
    return this.#hasConflict;
  }

  async load(): Promise<void> {
    if (this.isNew) {
      return;
    }
    try {
      const reply = await api.request<User>('GET', `/users/${encodeURIComponent(this.id)}`);
      this.#take(reply.data, reply.etag);
      this.#error = undefined;
    } catch (error) {
      this.#error = error;
    }
  }

  /** Resolves true when saved; issues are then beside their fields otherwise. */
  async save(onundone: () => void): Promise<boolean> {
    const form = this.#form;
    if (form?.isChanged !== true) {
      return true;
    }
    this.#hasConflict = false;
    try {
      return await form.save(async () => {
        const reply = await api.request<User>('PATCH', `/users/${encodeURIComponent(this.id)}`, {
          body: form.changes,
          ...(this.#etag === undefined ? {} : { ifMatch: this.#etag }),
        });
        this.#user = reply.data;
        this.#etag = reply.etag;
        form.acceptSaved(toFormValues(reply.data));
        tellChange(t('users.saved', { name: reply.data.name }), reply.revision, onundone);
      });
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) {
        await this.load();
        this.#hasConflict = true;
        return false;
      }
      throw error;
    }
  }

  /** Adds the user; resolves to the generated passwords, or undefined when there are issues. */
  async create(
    passwords: Passwords,
    onundone: () => void,
  ): Promise<{ readonly user: User; readonly generated: GeneratedPasswords } | undefined> {
    const form = this.#form;
    if (form === undefined) {
      return undefined;
    }
    let created: CreatedUser | undefined;
    const isDone = await form.save(async () => {
      const reply = await api.request<CreatedUser>('POST', '/users', {
        body: { ...withoutEmpty(form.values), passwords },
      });
      created = reply.data;
      form.acceptSaved(form.values);
      tellChange(t('users.added', { name: reply.data.user.name }), reply.revision, onundone);
    });
    return isDone ? created : undefined;
  }

  #take(user: User, etag: string | undefined): void {
    this.#user = user;
    this.#etag = etag;
    const values = toFormValues(user);
    if (this.#form === undefined) {
      this.#form = new FormState(values);
    } else {
      this.#form.accept(values);
    }
  }
}

function withoutEmpty(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== ''),
  );
}
