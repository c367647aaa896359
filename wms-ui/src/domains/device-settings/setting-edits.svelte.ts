/**
 * Edits of settings that are not saved yet: a new own value, or back to what is inherited. Also
 * remembers what the server objected to, beside the setting it concerns.
 */
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { describeIssue } from '../../lib/api/describe-error.ts';
import { ApiError } from '../../lib/api/problem.ts';
import type { SettingFact, SettingValue } from './setting-fact.ts';
import { nameInPath } from './name-in-path.ts';

export type SettingEdit =
  | { readonly kind: 'own'; readonly value: SettingValue | undefined }
  | { readonly kind: 'inherit' };

export class SettingEdits {
  #edits = new SvelteMap<string, SettingEdit>();
  #issues = $state.raw<Readonly<Record<string, string>>>({});
  #contested = new SvelteSet<string>();
  /** Own values as they were last seen. */
  #saved: Readonly<Record<string, string>> = {};

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

  /** Edited here, and meanwhile saved with another value by someone else. */
  isContested(name: string): boolean {
    return this.#contested.has(name) && this.#edits.has(name);
  }

  /** Takes what is saved, whenever it is loaded anew. */
  follow(facts: readonly SettingFact[]): void {
    const saved = Object.fromEntries(
      facts.map(({ variable, isOwn, own }) => [variable.name, JSON.stringify([isOwn, own])]),
    );
    for (const name of this.#edits.keys()) {
      const before = this.#saved[name];
      if (before !== undefined && before !== saved[name]) {
        this.#contested.add(name);
      }
    }
    this.#saved = saved;
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
    this.#contested.delete(name);
    this.#clearIssue(name);
  }

  clear(): void {
    this.#edits.clear();
    this.#contested.clear();
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
