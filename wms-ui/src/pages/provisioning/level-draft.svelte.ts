/** What one level (vendor, model, group) gives its devices, while it is edited. */
import type { DeviceGroup } from '../../../../system/management-plane/api/routes/device-groups/schema.ts';
import { OwnSettingsState, type SavedSettings } from '../../lib/forms/own-settings.svelte.ts';

export type CustomLine = DeviceGroup['customLines'][number];

interface SavedLevel extends SavedSettings {
  readonly customLines: readonly CustomLine[];
  readonly customFiles?: readonly string[];
}

export class LevelDraft {
  readonly own: OwnSettingsState;
  customLines = $state.raw<readonly CustomLine[]>([]);
  customFiles = $state.raw<readonly string[]>([]);
  #saved = $state.raw('');

  constructor(saved: SavedLevel) {
    this.own = new OwnSettingsState(saved);
    this.#take(saved);
  }

  get isChanged(): boolean {
    return this.own.isChanged || this.#text() !== this.#saved;
  }

  /** The parts of a PATCH that differ. */
  get changes(): Readonly<Record<string, unknown>> {
    const [lines, files] = JSON.parse(this.#saved) as [unknown, unknown];
    return {
      ...(this.own.changes === undefined ? {} : { settings: this.own.changes }),
      ...(JSON.stringify(lines) === JSON.stringify(this.#lines())
        ? {}
        : { customLines: this.#lines() }),
      ...(JSON.stringify(files) === JSON.stringify(this.customFiles)
        ? {}
        : { customFiles: this.customFiles }),
    };
  }

  acceptSaved(saved: SavedLevel): void {
    this.own.acceptSaved(saved);
    this.#take(saved);
  }

  #take({ customLines, customFiles = [] }: SavedLevel): void {
    this.customLines = customLines;
    this.customFiles = customFiles;
    this.#saved = this.#text();
  }

  /** Without the fields that are left empty. */
  #lines(): readonly CustomLine[] {
    return this.customLines.map(({ file, key, value }) => ({
      ...(file === undefined || file === '' ? {} : { file }),
      key,
      value,
    }));
  }

  #text(): string {
    return JSON.stringify([this.#lines(), this.customFiles]);
  }
}
