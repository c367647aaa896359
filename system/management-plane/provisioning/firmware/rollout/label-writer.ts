/**
 * The end of a rollout as configuration: the label of the firmware goes to the models, the group or
 * the devices that it was for, so that devices that are replaced or reset get the same again.
 */
import type { DeviceGroup } from '../../../../configuration/entities/device-group.ts';
import {
  deviceModelId,
  type DeviceModel,
} from '../../../../configuration/entities/device-model.ts';
import type { Device } from '../../../../configuration/entities/device.ts';
import type { SettingsInDocument } from '../../../../configuration/entities/provisioning-values.ts';
import { systemActor, type Actor } from '../../../actor.ts';
import type {
  ConfigurationStore,
  Stored,
} from '../../../configuration-store/configuration-store.ts';
import type { Operation } from '../../../configuration-store/operation.ts';
import type { DeviceFiles } from '../../files/device-files.ts';
import { firmwareLabelVariable } from '../library/firmware-set.ts';
import type { RolloutObserver } from './rollout-observer.ts';
import type { LabelChange, StoredRollout } from './stored-rollout.ts';

export interface LabelWriterOptions {
  readonly store: Pick<ConfigurationStore, 'commit' | 'find'>;
  readonly observer: Pick<RolloutObserver, 'plainSettings'>;
  readonly files: Pick<DeviceFiles, 'modelOf'>;
}

/** Entity, id and, of a model, its name. */
type LabelPlace = readonly [LabelChange['entity'], string, string?];

type Settled = Stored<{ readonly settings: SettingsInDocument }>;

export class LabelWriter {
  readonly #options: LabelWriterOptions;

  constructor(options: LabelWriterOptions) {
    this.#options = options;
  }

  /** What must change, with what is there now. */
  async plan(rollout: StoredRollout): Promise<readonly LabelChange[]> {
    const changes: LabelChange[] = [];
    for (const [entity, id, model] of await this.#placesOf(rollout)) {
      const stored = await this.#find(entity, id);
      const before = stored?.document.settings[firmwareLabelVariable];
      if (before !== rollout.label && (stored !== undefined || entity === 'device-model')) {
        changes.push({ entity, id, model, before: typeof before === 'string' ? before : null });
      }
    }
    return changes;
  }

  async write(rollout: StoredRollout): Promise<void> {
    const { label, vendor, labelChanges = [] } = rollout;
    const reason = `Firmware rollout ${label} by ${rollout.createdBy}`;
    await this.#commit(
      systemActor,
      reason,
      labelChanges.map((change) => ({ ...change, label })),
      vendor,
    );
  }

  /** Puts back what a rollout that had ended wrote, where it is still there. */
  async takeBack(rollout: StoredRollout, actor: Actor): Promise<void> {
    const { label, vendor, labelChanges = [] } = rollout;
    if (!rollout.areLabelsWritten) {
      return;
    }
    const changes: (LabelChange & { readonly label: string | null })[] = [];
    for (const change of labelChanges) {
      const stored = await this.#find(change.entity, change.id);
      if (stored?.document.settings[firmwareLabelVariable] === label) {
        changes.push({ ...change, label: change.before });
      }
    }
    await this.#commit(actor, `Firmware ${label} rolled back`, changes, vendor);
  }

  async #placesOf(rollout: StoredRollout): Promise<readonly LabelPlace[]> {
    const { target, vendor, devices, state, label } = rollout;
    if (state === 'completed') {
      switch (target.kind) {
        case 'models':
          return target.models.map((model) => [
            'device-model',
            deviceModelId(vendor, model),
            model,
          ]);
        case 'group':
          return [['device-group', target.group]];
        case 'devices':
          return devices
            .filter((device) => device.state !== 'skipped' || device.reason !== 'gone')
            .map(({ mac }) => ['device', mac]);
      }
    }
    // Ended before its time: devices that are updated must not fall back to another label.
    const settings = await this.#options.observer.plainSettings();
    const kept: LabelPlace[] = [];
    for (const { mac, state: deviceState } of devices) {
      const stored = (await this.#options.store.find('device', mac)) as Stored<Device> | undefined;
      const known = stored === undefined ? undefined : this.#options.files.modelOf(stored);
      if (deviceState !== 'updated' || stored === undefined || known === undefined) {
        continue;
      }
      const { id } = known.vendor.data;
      const { value } = settings.find(stored.document, id, known.model.id, firmwareLabelVariable);
      if (rollout.direction === 'forward' && typeof value === 'string' && value !== label) {
        kept.push(['device', mac]);
      }
    }
    return kept;
  }

  async #commit(
    author: Actor,
    reason: string,
    changes: readonly (LabelChange & { readonly label: string | null })[],
    vendor: string,
  ): Promise<void> {
    const operations: Operation[] = [];
    for (const { entity, id, model, label } of changes) {
      const stored = await this.#find(entity, id);
      const settings = withLabel(stored?.document.settings ?? {}, label);
      if (stored !== undefined) {
        operations.push({ kind: 'update', entity, id, after: { settings } });
      } else if (entity === 'device-model' && label !== null) {
        operations.push({ kind: 'create', entity, id, after: { vendor, model, settings } });
      }
    }
    if (operations.length > 0) {
      await this.#options.store.commit({ author, reason, operations });
    }
  }

  async #find(entity: LabelChange['entity'], id: string): Promise<Settled | undefined> {
    const stored = await this.#options.store.find(entity, id);
    return stored as Stored<Device | DeviceGroup | DeviceModel> | undefined;
  }
}

function withLabel(settings: SettingsInDocument, label: string | null): SettingsInDocument {
  const others = Object.entries(settings).filter(([name]) => name !== firmwareLabelVariable);
  return Object.fromEntries(
    label === null ? others : [...others, [firmwareLabelVariable, label] as const],
  );
}
