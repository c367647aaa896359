/**
 * A form being edited: a clone of the saved values, which fields differ, and what the server
 * objected to, beside the field it concerns.
 */
import { tick } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';
import { describeIssue } from '../api/describe-error.ts';
import { ApiError } from '../api/problem.ts';
import { t } from '../i18n/i18n.svelte.ts';
import {
  changedFields,
  contestedFields,
  pickChanges,
  toChanges,
  type Changes,
  type FieldValue,
  type FormValues,
} from './form-values.ts';

export class FormState {
  #saved = $state.raw<FormValues>({});
  #edited = $state.raw<FormValues>({});
  #issues = $state.raw<Readonly<Record<string, string>>>({});
  /** In a form for several: fields the user wants to change. */
  #touched = new SvelteSet<string>();
  #contested = $state.raw<readonly string[]>([]);
  #isSaving = $state(false);
  /** Those that must have a value, as each part of the page that draws fields says. */
  #required: readonly (readonly string[])[] = [];

  constructor(saved: FormValues) {
    this.#saved = saved;
    this.#edited = saved;
  }

  get values(): FormValues {
    return this.#edited;
  }

  get isSaving(): boolean {
    return this.#isSaving;
  }

  get changed(): readonly string[] {
    return changedFields(this.#saved, this.#edited);
  }

  get isChanged(): boolean {
    return this.changed.length > 0 || this.#touched.size > 0;
  }

  get changes(): Changes {
    return toChanges(this.#saved, this.#edited);
  }

  get touchedChanges(): Changes {
    return pickChanges(this.#edited, [...this.#touched]);
  }

  get issueCount(): number {
    return Object.keys(this.#issues).length;
  }

  isFieldChanged(name: string): boolean {
    return this.changed.includes(name);
  }

  isTouched(name: string): boolean {
    return this.#touched.has(name);
  }

  issueOf(name: string): string | undefined {
    return this.#issues[name];
  }

  /** Edited here, and meanwhile saved with another value by someone else. */
  isContested(name: string): boolean {
    return this.#contested.includes(name) && this.isFieldChanged(name);
  }

  savedValue(name: string): FieldValue {
    return this.#saved[name];
  }

  set(name: string, value: FieldValue): void {
    this.#edited = { ...this.#edited, [name]: value };
    if (name in this.#issues) {
      this.#issues = Object.fromEntries(
        Object.entries(this.#issues).filter(([issueName]) => issueName !== name),
      );
    }
  }

  touch(name: string, isTouched: boolean): void {
    if (isTouched) {
      this.#touched.add(name);
    } else {
      this.#touched.delete(name);
    }
  }

  /** Takes newer saved values; edits the user has not saved stay. */
  accept(saved: FormValues): void {
    // A field may stand there twice: only whether it stands there is asked.
    this.#contested = [...this.#contested, ...contestedFields(this.#saved, this.#edited, saved)];
    const kept = Object.fromEntries(this.changed.map((name) => [name, this.#edited[name]]));
    this.#saved = saved;
    this.#edited = { ...saved, ...kept };
  }

  /** The edited values are now the saved ones. */
  acceptSaved(saved: FormValues): void {
    this.#saved = saved;
    this.#edited = saved;
    this.#issues = {};
    this.#contested = [];
    this.#touched.clear();
  }

  reset(): void {
    this.#edited = this.#saved;
    this.#issues = {};
    this.#contested = [];
    this.#touched.clear();
  }

  object(issues: Readonly<Record<string, string>>): void {
    this.#issues = issues;
  }

  /** These fields are not sent empty, until the returned function is called. */
  require(names: readonly string[]): () => void {
    this.#required = [...this.#required, names];
    return () => {
      this.#required = this.#required.filter((others) => others !== names);
    };
  }

  /**
   * Runs the request; issues that name a field of the form go beside it, anything else is
   * thrown on for the page to tell. Resolves false when issues are shown.
   */
  async save(request: () => Promise<void>): Promise<boolean> {
    // None for a moment: those of this attempt take the user to the first field again.
    this.#issues = {};
    await tick();
    this.#issues = this.#findMissing();
    if (this.issueCount > 0) {
      return false;
    }
    this.#isSaving = true;
    try {
      await request();
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) || !this.#take(error)) {
        throw error;
      }
      return false;
    } finally {
      this.#isSaving = false;
    }
  }

  #findMissing(): Readonly<Record<string, string>> {
    const empty = this.#required.flat().filter((name) => isEmpty(this.#edited[name]));
    return Object.fromEntries(empty.map((name) => [name, t('issue.missing')]));
  }

  #take(error: ApiError): boolean {
    const issues: Record<string, string> = {};
    let isComplete = error.issues.length > 0;
    for (const issue of error.issues) {
      const name = this.#fieldOf(issue.path);
      if (name === undefined) {
        isComplete = false;
      } else {
        issues[name] ??= describeIssue(issue);
      }
    }
    this.#issues = issues;
    return isComplete;
  }

  /** `aliases.2` belongs to `aliases`, `changes.role` to `role`. */
  #fieldOf(path: string): string | undefined {
    return path.split('.').find((part) => part in this.#edited);
  }
}

function isEmpty(value: FieldValue): boolean {
  return value === undefined || (typeof value === 'string' && value.trim() === '');
}
