/**
 * What a device would get now, line by line with the origin of each, and how that differs from what
 * it got last. Secrets are never in it.
 */
import { diffFiles, type DiffLine } from '../../../provisioning/diff-files.ts';
import { toBytes, type RenderedFile } from '../../../provisioning/render.ts';
import type { DeviceFiles } from './device-files.ts';
import type { DevicesService } from './devices-service.ts';
import { digestOf, type ServedFiles } from './served-files.ts';

export interface ExplainedFile {
  readonly id: string;
  readonly file: RenderedFile;
  readonly drift: FileDrift;
}

/** `never`: the device has not got it yet; `changed`: it would get something else now. */
export interface FileDrift {
  readonly state: 'never' | 'same' | 'changed';
  /** When the device got what it has. */
  readonly servedAtMs: number | undefined;
}

export interface FileDifference {
  readonly id: string;
  readonly name: string;
  readonly drift: FileDrift;
  /** Empty where nothing that people may see differs. */
  readonly lines: readonly DiffLine[];
}

export interface ExplainDeviceOptions {
  readonly devices: Pick<DevicesService, 'require'>;
  readonly files: DeviceFiles;
  readonly served: ServedFiles;
}

export class ExplainDevice {
  readonly #options: ExplainDeviceOptions;

  constructor(options: ExplainDeviceOptions) {
    this.#options = options;
  }

  /** Rejects with DevicesError `not-found`, or `conflict` while the vendor is not known. */
  async files(mac: string): Promise<readonly ExplainedFile[]> {
    const { stored } = this.#options.devices.require(mac);
    const files = await this.#options.files.renderAll(stored);
    return files.map(({ id, file }) => ({ id, file, drift: this.#driftOf(mac, id, file) }));
  }

  /** Rejects as `files` does. */
  async differences(mac: string): Promise<readonly FileDifference[]> {
    const differences: FileDifference[] = [];
    for (const { id, file, drift } of await this.files(mac)) {
      const before = (await this.#options.served.shownOf(mac, id)) ?? [];
      const after = file.lines.map(({ shown }) => shown);
      const isSame = before.length === after.length && before.every((line, i) => line === after[i]);
      const lines = isSame ? [] : diffFiles(before.map(toCompared), after.map(toCompared));
      differences.push({ id, name: file.name, drift, lines });
    }
    return differences;
  }

  #driftOf(mac: string, id: string, file: RenderedFile): FileDrift {
    const served = this.#options.served.find(mac, id);
    if (served === undefined) {
      return { state: 'never', servedAtMs: undefined };
    }
    const isSame = served.digest === digestOf(toBytes(file));
    return { state: isSame ? 'same' : 'changed', servedAtMs: served.atMs };
  }
}

function toCompared(shown: string): { readonly text: string; readonly shown: string } {
  return { text: shown, shown };
}
