/** What one level (vendor, model, group) gives its devices, while it is edited. */
import { toSentLines, type CustomLine } from '../device-files/custom-line.ts';
import { SettingEdits } from './setting-edits.svelte.ts';
import type { ScopeSettings } from './setting-fact.ts';

interface SavedLevel extends ScopeSettings {
  readonly customLines: readonly CustomLine[];
  readonly customFiles?: readonly string[];
}

export class LevelDraft {
  readonly edits = new SettingEdits();
  customLines = $state.raw<readonly CustomLine[]>([]);
  customFiles = $state.raw<readonly string[]>([]);
  #settings = $state.raw<ScopeSettings>({ settings: {}, secretSettings: [] });
  #saved = $state.raw('');

  constructor(saved: SavedLevel) {
    this.#take(saved);
  }

  /** As saved. */
  get settings(): ScopeSettings {
    return this.#settings;
  }

  get isChanged(): boolean {
    return this.edits.isChanged || this.#text() !== this.#saved;
  }

  /** The parts of a PATCH that differ. */
  get changes(): Readonly<Record<string, unknown>> {
    const [lines, files] = JSON.parse(this.#saved) as [unknown, unknown];
    return {
      ...(this.edits.isChanged ? { settings: this.edits.changes } : {}),
      ...(JSON.stringify(lines) === JSON.stringify(toSentLines(this.customLines))
        ? {}
        : { customLines: toSentLines(this.customLines) }),
      ...(JSON.stringify(files) === JSON.stringify(this.customFiles)
        ? {}
        : { customFiles: this.customFiles }),
    };
  }

  /** Takes newer saved values; edits that are not saved stay. */
  accept(saved: SavedLevel): void {
    const { customLines, customFiles, changes } = this;
    this.#take(saved);
    if ('customLines' in changes) {
      this.customLines = customLines;
    }
    if ('customFiles' in changes) {
      this.customFiles = customFiles;
    }
  }

  acceptSaved(saved: SavedLevel): void {
    this.edits.clear();
    this.#take(saved);
  }

  #take({ settings, secretSettings, customLines, customFiles = [] }: SavedLevel): void {
    this.#settings = { settings, secretSettings };
    this.customLines = customLines;
    this.customFiles = customFiles;
    this.#saved = this.#text();
  }

  #text(): string {
    return JSON.stringify([toSentLines(this.customLines), this.customFiles]);
  }
}
