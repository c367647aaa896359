/**
 * Edits of settings that are not saved yet: a new own value, or back to what is inherited. Also
 * remembers what the server objected to, beside the setting it concerns.
 */
import { SvelteMap } from 'svelte/reactivity';
import { describeIssue } from '../api/describe-error.ts';
import { ApiError } from '../api/problem.ts';
import type { SettingValue } from './setting-fact.ts';
import { nameInPath } from './name-in-path.ts';

export type SettingEdit =
  | { readonly kind: 'own'; readonly value: SettingValue | undefined }
  | { readonly kind: 'inherit' };

export class SettingEdits {
  #edits = new SvelteMap<string, SettingEdit>();
  #issues = $state.raw<Readonly<Record<string, string>>>({});

  get isChanged(): boolean {
    return this.#edits.size > 0;
  }

  get count(): number {
    return this.#edits.size;
  }

  get issueCount(): number {
    return Object.keys(this.#issues).length;
  }

  editOf(name: string): SettingEdit | undefined {
    return this.#edits.get(name);
  }

  issueOf(name: string): string | undefined {
    return this.#issues[name];
  }

  /** `settings` of a PATCH: null takes the own value away. An own value that is empty is no value. */
  get changes(): Readonly<Record<string, SettingValue>> {
    return Object.fromEntries(
      [...this.#edits].map(([name, edit]) => [
        name,
        edit.kind === 'inherit' || edit.value === undefined || edit.value === ''
          ? null
          : edit.value,
      ]),
    );
  }

  set(name: string, edit: SettingEdit): void {
    this.#edits.set(name, edit);
    this.#clearIssue(name);
  }

  /** Drops the edit: the setting stays as it was saved. */
  drop(name: string): void {
    this.#edits.delete(name);
    this.#clearIssue(name);
  }

  clear(): void {
    this.#edits.clear();
    this.#issues = {};
  }

  /** Takes the issues of a refusal; false when some of them belong to no edit. */
  object(error: unknown): boolean {
    this.#issues = {};
    if (!(error instanceof ApiError) || error.issues.length === 0) {
      return false;
    }
    const names = [...this.#edits.keys()];
    const issues: Record<string, string> = {};
    let isComplete = true;
    for (const issue of error.issues) {
      const name = nameInPath(issue.path, names);
      if (name === undefined) {
        isComplete = false;
      } else {
        issues[name] ??= describeIssue(issue);
      }
    }
    this.#issues = issues;
    return isComplete;
  }

  #clearIssue(name: string): void {
    this.#issues = Object.fromEntries(
      Object.entries(this.#issues).filter(([other]) => other !== name),
    );
  }
}
