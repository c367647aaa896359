/**
 * What a device would get now, line by line with the origin of each, and how that differs from what
 * it got last. Secrets are never in it.
 */
import { diffFiles, type DiffLine } from '../../../../provisioning/rendering/diff-files.ts';
import type { RenderedFile } from '../../../../provisioning/rendering/render.ts';
import type { Origin } from '../../../../provisioning/scope/origin.ts';
import type { ResolvedSetting } from '../../../../provisioning/scope/resolve-scopes.ts';
import { variables } from '../../../../provisioning/scope/variables.ts';
import type { SettingsInDocument } from '../../../configuration/entities/provisioning-values.ts';
import type { AuditLog } from '../../accounts/audit-log.ts';
import type { Actor } from '../../actor.ts';
import type { DeviceFiles } from './device-files.ts';
import type { DeviceHistory } from '../device-state/device-history.ts';
import type { DevicesService } from '../devices/devices-service.ts';
import { holdsSecret } from '../../provisioning-values/secret-variable.ts';
import { digestOf, type ServedFiles } from '../device-state/served-files.ts';

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

/** An external line that the model has no place for. */
export interface LeftOutLine {
  readonly name: string;
  /** Sentences for administrators. */
  readonly reasons: readonly string[];
}

/** Of a whole device; `unknown` while nobody knows what it is. */
export type DeviceDrift = FileDrift['state'] | 'unknown';

/** What a setting is and which scope gave it; a secret one is only said to be there. */
export interface ExplainedValue {
  readonly value: SettingsInDocument[string] | undefined;
  readonly isSet: boolean;
  readonly origin: Origin | undefined;
}

export interface ExplainedSetting extends ExplainedValue {
  readonly name: string;
  readonly isSecret: boolean;
  /** Whether the device has a value of its own. */
  readonly isOwn: boolean;
  /** What it would be without the device's own value. */
  readonly inherited: ExplainedValue;
  /** Whether the files of the model have a parameter for it. */
  readonly isUsed: boolean;
}

export interface ExplainDeviceOptions {
  readonly devices: Pick<DevicesService, 'require'>;
  readonly files: DeviceFiles;
  readonly served: ServedFiles;
  readonly history: Pick<DeviceHistory, 'add'>;
  readonly audit: Pick<AuditLog, 'record'>;
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
    const explained: ExplainedFile[] = [];
    for (const { id, file } of files) {
      explained.push({ id, file, drift: await this.#driftOf(mac, id, file) });
    }
    return explained;
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

  /** Rejects with DevicesError `not-found`. */
  async leftOutLines(mac: string): Promise<readonly LeftOutLine[]> {
    const { stored } = this.#options.devices.require(mac);
    const issues = await this.#options.files.findExternalLineIssues(stored);
    return stored.document.externalLines.flatMap(({ userName, host }, index) => {
      const reasons = issues
        .filter(({ path }) => path.split('.')[1] === String(index))
        .map(({ message }) => message);
      return reasons.length === 0 ? [] : [{ name: `${userName}@${host}`, reasons }];
    });
  }

  /** As `files`, for somebody who is going to see the secrets in them: noted in audit and history. */
  async reveal(actor: Actor, mac: string, address: string): Promise<readonly ExplainedFile[]> {
    const { audit, history } = this.#options;
    const files = await this.files(mac);
    const detail = `${mac}: ${files.map(({ file }) => file.name).join(', ')}`;
    await audit.record({ action: 'device-files-shown', actor, address, detail });
    const notes = [{ code: 'shown-to', facts: { name: actor.name } }] as const;
    history.add({ mac, kind: 'files-shown', address, notes });
    return files;
  }

  /** Every setting that there is, in the order of the table. Rejects as `files` does. */
  async settings(mac: string): Promise<readonly ExplainedSetting[]> {
    const { stored } = this.#options.devices.require(mac);
    const { settings, secretSettings } = stored.document;
    const { resolved, inherited, used } = await this.#options.files.resolveSettings(stored);
    return variables.map((variable): ExplainedSetting => {
      const { name } = variable;
      const isSecret = holdsSecret(variable);
      return {
        name,
        isSecret,
        isOwn: Object.hasOwn(isSecret ? secretSettings : settings, name),
        ...explainValue(resolved.get(name), isSecret),
        inherited: explainValue(inherited.get(name), isSecret),
        isUsed: used.has(name),
      };
    });
  }

  /** Whether devices have what they would get now. Rejects with DevicesError `not-found`. */
  async drift(macs: readonly string[]): Promise<ReadonlyMap<string, DeviceDrift>> {
    const found = new Map<string, DeviceDrift>();
    for (const mac of macs) {
      found.set(mac, await this.#driftOfDevice(mac));
    }
    return found;
  }

  async #driftOfDevice(mac: string): Promise<DeviceDrift> {
    const { devices, files } = this.#options;
    const { stored, seen } = devices.require(mac);
    if (seen.provisionedAtMs === undefined) {
      return 'never';
    }
    if (files.modelOf(stored) === undefined) {
      return 'unknown';
    }
    try {
      const states = (await this.files(mac)).map(({ drift }) => drift.state);
      // A device that got its own files need not ask for every one that it could have.
      return states.includes('changed') ? 'changed' : 'same';
    } catch {
      // A file that cannot be made says so where the device is looked at.
      return 'unknown';
    }
  }

  async #driftOf(mac: string, id: string, file: RenderedFile): Promise<FileDrift> {
    const served = this.#options.served.find(mac, id);
    if (served === undefined) {
      return { state: 'never', servedAtMs: undefined };
    }
    const isSame = served.digest === digestOf(await file.write());
    return { state: isSame ? 'same' : 'changed', servedAtMs: served.atMs };
  }
}

function explainValue(setting: ResolvedSetting | undefined, isSecret: boolean): ExplainedValue {
  const value = setting?.value;
  return {
    // Without secrets, a setting in force has the form it has in documents.
    value: isSecret ? undefined : (value as SettingsInDocument[string] | undefined),
    isSet: value !== undefined,
    origin: setting?.origin,
  };
}

function toCompared(shown: string): { readonly text: string; readonly shown: string } {
  return { text: shown, shown };
}
