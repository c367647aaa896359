/**
 * A record of which there is one, as a page edits it in place: loaded again when somebody saves, kept
 * from being lost, saved with its entity tag, and every failure told.
 */
import type { ApiReply, QueryParameters } from '../api/client.ts';
import { describeError } from '../api/describe-error.ts';
import { connection } from '../state/connection.svelte.ts';
import { guardEdits } from '../state/guard-edits.ts';
import { SavedEntity } from '../state/saved-entity.svelte.ts';
import { toasts } from '../state/toasts.svelte.ts';
import { FormState } from './form-state.svelte.ts';
import type { FormValues } from './form-values.ts';

export interface EditedRecordOptions<Entity> {
  /** Runs after it was loaded. May throw `ApiError`. */
  readonly afterLoad?: () => Promise<void>;
  /** Runs after it was saved. May throw `ApiError`. */
  readonly afterSave: (reply: ApiReply<Entity>) => void | Promise<void>;
}

export class EditedRecord<Entity extends FormValues> {
  readonly #saved: SavedEntity<Entity>;
  readonly #options: EditedRecordOptions<Entity>;
  #form = $state.raw<FormState | undefined>();
  #error = $state.raw<unknown>();

  constructor(path: string, options: EditedRecordOptions<Entity>) {
    this.#saved = new SavedEntity(path);
    this.#options = options;
  }

  /** Undefined until it is loaded. */
  get form(): FormState | undefined {
    return this.#form;
  }

  /** Why it could not be loaded. */
  get error(): unknown {
    return this.#saved.error ?? this.#error;
  }

  /** Somebody else saved meanwhile: the newest values are in the form, beside what is edited here. */
  get hasConflict(): boolean {
    return this.#saved.hasConflict;
  }

  /** Loads it now and whenever the configuration changes, for `onMount`. Returns what ends that. */
  follow(): () => void {
    void this.load();
    const stopListening = connection.listen((type) => {
      if (type === 'reconnected' || type.startsWith('revision.')) {
        void this.load();
      }
    });
    const stopGuarding = guardEdits(() => this.#form?.isChanged === true);
    return () => {
      stopListening();
      stopGuarding();
    };
  }

  /** Never rejects. */
  async load(): Promise<void> {
    const newest = await this.#saved.load();
    if (newest === undefined) {
      return;
    }
    try {
      await this.#options.afterLoad?.();
      this.#accept(newest);
      this.#error = undefined;
    } catch (error) {
      this.#error = error;
    }
  }

  /** Resolves true when nothing is left to save. Never rejects. */
  async save(query: QueryParameters = {}): Promise<boolean> {
    const form = this.#form;
    if (form?.isChanged !== true) {
      return true;
    }
    let isSaved = false;
    try {
      await form.save(async () => {
        const accept = (newest: Entity) => {
          this.#accept(newest);
        };
        const reply = await this.#saved.change(form.changes, { query, accept });
        if (reply !== undefined) {
          form.acceptSaved(reply.data);
          isSaved = true;
          await this.#options.afterSave(reply);
        }
      });
    } catch (failure) {
      toasts.failure(describeError(failure));
      return false;
    }
    return isSaved;
  }

  #accept(newest: Entity): void {
    if (this.#form === undefined) {
      this.#form = new FormState(newest);
    } else {
      this.#form.accept(newest);
    }
  }
}
