/** What is told of a rollout of firmware: to the history of each device and to the audit log. */
import type { AuditAction, AuditLog } from '../../../accounts/audit-log.ts';
import type { Actor } from '../../../actor.ts';
import type { EventNote } from '../../../event-note.ts';
import type { DeviceHistory } from '../../device-state/device-history.ts';
import type { StoredRollout } from './stored-rollout.ts';

export interface RolloutJournalOptions {
  readonly history: DeviceHistory;
  readonly audit: Pick<AuditLog, 'record'>;
}

export class RolloutJournal {
  readonly #history: DeviceHistory;
  readonly #audit: Pick<AuditLog, 'record'>;

  constructor({ history, audit }: RolloutJournalOptions) {
    this.#history = history;
    this.#audit = audit;
  }

  /** These devices are being told to update. */
  noteTold(rollout: StoredRollout, macs: readonly string[]): void {
    for (const mac of macs) {
      const goal = rollout.devices.find((device) => device.mac === mac)?.goal ?? '';
      const notes = [{ code: 'firmware-goal', facts: { version: goal } }] as const;
      this.#history.add({ mac, kind: 'firmware-told', address: '', notes });
    }
  }

  /** What became of devices between two steps. */
  noteDevices(before: StoredRollout, after: StoredRollout): void {
    for (const [index, device] of after.devices.entries()) {
      const { mac, state, reason, fromVersion, goal } = device;
      if (state === before.devices[index]?.state) {
        continue;
      }
      if (state === 'updated') {
        const notes = [noteOfUpdate(after.direction, goal, fromVersion)];
        this.#history.add({ mac, kind: 'firmware-updated', address: '', notes });
      } else if (state === 'failed') {
        const notes: EventNote[] =
          reason === undefined ? [] : [{ code: 'firmware-reason', facts: { reason } }];
        this.#history.add({ mac, kind: 'firmware-failed', address: '', notes });
      }
    }
  }

  /** What administrators look up: who did what to a rollout, and how it ended. */
  async record(
    action: AuditAction,
    actor: Actor,
    address: string,
    { vendor, label, devices, halt }: StoredRollout,
  ): Promise<void> {
    const notes: EventNote[] = [
      { code: 'text', facts: { text: `${vendor} ${label}` } },
      { code: 'devices', facts: { count: devices.length } },
    ];
    if (halt !== undefined) {
      const facts = { ...halt.figures, sentence: halt.sentence };
      notes.push({ code: 'rollout-halt', facts });
    }
    await this.#audit.record({ action, actor, address, notes });
  }
}

function noteOfUpdate(
  direction: StoredRollout['direction'],
  version: string,
  before: string | undefined,
): EventNote {
  if (direction === 'back') {
    return { code: 'firmware-back', facts: { version } };
  }
  return before === undefined
    ? { code: 'text', facts: { text: version } }
    : { code: 'firmware-instead', facts: { version, before } };
}
