/**
 * The settings of devices that one level (site, vendor, model, group, device) sets itself: a clone
 * being edited, and the difference that a PATCH names. Secrets are not here; only that they are set.
 */
import type { SettingsInDocument } from '../../../../system/configuration/entities/provisioning-values.ts';

export type SettingValue = SettingsInDocument[string];

/** Domain of a variable as `GET /provisioning/variables` tells it. */
export interface SettingDomain {
  readonly type: string;
  readonly choices?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maximumLength?: number;
  readonly unit?: 's' | 'min' | 'h';
  readonly schemes?: readonly string[];
  /** Of a table. */
  readonly fields?: Readonly<
    Record<
      string,
      { readonly domain: SettingDomain; readonly isOptional?: boolean; readonly help: string }
    >
  >;
}

export interface SettingVariable {
  readonly name: string;
  readonly help: string;
  readonly domain: SettingDomain;
  readonly default?: SettingValue | undefined;
  readonly isSecret: boolean;
}

export interface SavedSettings {
  readonly settings: SettingsInDocument;
  /** Names of secret settings that have a value. */
  readonly secretSettings: readonly string[];
}

/** Stands for a secret that is set and stays. */
export const keptSecret = Symbol('kept secret');
type Edited = Readonly<Record<string, SettingValue | typeof keptSecret>>;

export class OwnSettingsState {
  #saved = $state.raw<Edited>({});
  #edited = $state.raw<Edited>({});
  #issues = $state.raw<Readonly<Record<string, string>>>({});

  constructor(saved: SavedSettings) {
    this.#saved = toEdited(saved);
    this.#edited = this.#saved;
  }

  get names(): readonly string[] {
    return Object.keys(this.#edited);
  }

  valueOf(name: string): SettingValue | typeof keptSecret | undefined {
    return this.#edited[name];
  }

  issueOf(name: string): string | undefined {
    return this.#issues[name];
  }

  isChangedAt(name: string): boolean {
    return !isEqual(this.#saved[name], this.#edited[name]);
  }

  get changedNames(): readonly string[] {
    return Object.keys({ ...this.#saved, ...this.#edited }).filter((name) =>
      this.isChangedAt(name),
    );
  }

  get isChanged(): boolean {
    return this.changedNames.length > 0;
  }

  /** Undefined while nothing is changed. A name with null loses its own value. */
  get changes(): SettingsInDocument | undefined {
    if (!this.isChanged) {
      return undefined;
    }
    return Object.fromEntries(
      this.changedNames.map((name) => {
        const value = this.#edited[name];
        return [name, value === undefined || value === keptSecret ? null : value];
      }),
    );
  }

  set(name: string, value: SettingValue): void {
    this.#edited = { ...this.#edited, [name]: value };
    this.#forgetIssue(name);
  }

  remove(name: string): void {
    this.#edited = Object.fromEntries(
      Object.entries(this.#edited).filter(([other]) => other !== name),
    );
    this.#forgetIssue(name);
  }

  /** Newer saved values; what the user edited and did not save stays. */
  accept(saved: SavedSettings): void {
    const kept = this.changedNames.map((name) => [name, this.#edited[name]] as const);
    this.#saved = toEdited(saved);
    const edited: Record<string, SettingValue | typeof keptSecret> = { ...this.#saved };
    for (const [name, value] of kept) {
      if (value === undefined) {
        Reflect.deleteProperty(edited, name);
      } else {
        edited[name] = value;
      }
    }
    this.#edited = edited;
  }

  acceptSaved(saved: SavedSettings): void {
    this.#saved = toEdited(saved);
    this.#edited = this.#saved;
    this.#issues = {};
  }

  reset(): void {
    this.#edited = this.#saved;
    this.#issues = {};
  }

  /**
   * Takes the issues of an answer that concern settings (`settings.<variable>…`); returns those that
   * do not.
   */
  object<Issue extends { readonly path: string; readonly message: string }>(
    issues: readonly Issue[],
  ): readonly Issue[] {
    const own: Record<string, string> = {};
    const others: Issue[] = [];
    for (const issue of issues) {
      const path = /(?:^|\.)(?:settings|secretSettings)\.(.+)$/.exec(issue.path)?.[1];
      const name = this.names.find(
        (candidate) => path === candidate || path?.startsWith(`${candidate}[`) === true,
      );
      if (name === undefined) {
        others.push(issue);
      } else {
        own[name] ??= issue.message;
      }
    }
    this.#issues = own;
    return others;
  }

  #forgetIssue(name: string): void {
    if (name in this.#issues) {
      this.#issues = Object.fromEntries(
        Object.entries(this.#issues).filter(([other]) => other !== name),
      );
    }
  }
}

function toEdited({ settings, secretSettings }: SavedSettings): Edited {
  return {
    ...settings,
    ...Object.fromEntries(secretSettings.map((name) => [name, keptSecret])),
  };
}

function isEqual(a: unknown, b: unknown): boolean {
  return a === b || (a !== undefined && b !== undefined && stringify(a) === stringify(b));
}

function stringify(value: unknown): string {
  return typeof value === 'symbol' ? 'kept' : JSON.stringify(value);
}
