/** Devices out of a CSV file in two steps: look at what it would do, then do it in one revision. */
import { parseMac } from '../../../../provisioning/mac.ts';
import type { Clock } from '../../../foundation/clock.ts';
import type { AuditLog } from '../../accounts/audit-log.ts';
import type { Actor } from '../../actor.ts';
import type { ConfigurationStore } from '../../configuration-store/configuration-store.ts';
import type { Operation } from '../../configuration-store/operation.ts';
import type { CsvProblem, CsvTable } from '../../csv/csv-table.ts';
import {
  previewImport,
  toImportIssues,
  type ImportPlan,
  type ImportPreview,
  type PlannedRow,
} from '../../csv/import-plan.ts';
import { PendingImports } from '../../csv/pending-imports.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { RejectedDirectory } from '../directory/rejected-directory.ts';
import { isDeviceAddress } from './device-address.ts';
import type { DeviceGroupsService } from './device-groups-service.ts';
import {
  parseDevicesCsv,
  serializeDevicesCsv,
  type DeviceCsvField,
  type DeviceCsvRow,
} from './devices-csv.ts';
import { DevicesError } from './devices-error.ts';
import { planAllowing, toRejectedIssue } from './rejected-devices-service.ts';
import type { DeviceInput, DevicesService } from './devices-service.ts';
import type { ChangeOptions } from '../../change-options.ts';

export interface DevicesImportOptions {
  readonly store: ConfigurationStore;
  readonly directory: DeviceDirectory;
  readonly rejected: Pick<RejectedDirectory, 'has' | 'settled'>;
  readonly devices: DevicesService;
  readonly groups: DeviceGroupsService;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** A row sets neither settings nor external lines. */
type RowInput = Omit<DeviceInput, 'settings' | 'externalLines'>;

interface Plan extends ImportPlan<DeviceRow, DeviceRow> {
  /** MACs of rows that were rejected, whether or not the import allows them again. */
  readonly rejected: readonly string[];
}

interface PendingFile {
  readonly table: CsvTable<DeviceCsvField>;
  /** Rejected devices of the file come back with it. */
  readonly allowsRejected: boolean;
}

export interface DevicesImportPreview extends ImportPreview {
  /** Rows of rejected devices: wrong unless the import allows them again. */
  readonly rejected: number;
}

interface DeviceRow {
  readonly mac: string;
  readonly input: RowInput;
}

/** Methods reject with DevicesError, and with ConfigurationError as the store's `commit` does. */
export class DevicesImport {
  readonly #options: DevicesImportOptions;
  readonly #pending: PendingImports<PendingFile>;

  constructor(options: DevicesImportOptions) {
    this.#options = options;
    this.#pending = new PendingImports(options.clock);
  }

  async exportCsv(): Promise<string> {
    const { directory, groups } = this.#options;
    const names = new Map((await groups.all()).map(({ id, document }) => [id, document.name]));
    const rows = [...directory.all()].map((stored): DeviceCsvRow => {
      const { users } = directory.show(stored);
      const { mac, vendor, model, comment, tftpException } = stored.document;
      return {
        mac,
        vendor: vendor ?? '',
        model: model ?? '',
        comment: comment ?? '',
        extensions: users.map(({ extension }) => extension ?? '').join(' '),
        groups: stored.document.groups.map((id) => names.get(id) ?? id).join('; '),
        unencrypted: tftpException ? 'yes' : 'no',
      };
    });
    return serializeDevicesCsv(rows.toSorted((a, b) => (a.mac < b.mac ? -1 : 1)));
  }

  async preview(actor: Actor, text: string, allowsRejected = false): Promise<DevicesImportPreview> {
    const file = { table: parseDevicesCsv(text), allowsRejected };
    const plan = await this.#plan(file);
    const preview = previewImport(plan, () => this.#pending.add(actor, file));
    return { ...preview, rejected: plan.rejected.length };
  }

  async apply(
    actor: Actor,
    importId: string,
    options: ChangeOptions & { readonly address?: string | undefined } = {},
  ): Promise<{ readonly created: number; readonly updated: number; readonly revision: number }> {
    const file = this.#pending.find(actor, importId);
    if (file === undefined) {
      throw new DevicesError('not-found', 'The file is not there any more: upload it again.');
    }
    // Devices may have changed since the preview.
    const { created, updated, rejected, problems } = await this.#plan(file);
    if (problems.length > 0) {
      const issues = toImportIssues(problems);
      throw new DevicesError('invalid', 'The file does not fit any more.', issues);
    }
    const { store, directory, devices, audit } = this.#options;
    const operations: Operation[] = [
      ...planAllowing(rejected),
      ...devices.planCreation(created),
      ...updated.map(({ mac, input }): Operation => {
        return { kind: 'update', entity: 'device', id: mac, after: input };
      }),
    ];
    const { reason = 'Import of devices', confirmWithinSec, address } = options;
    const revision = await devices.announce(
      created.map(({ mac }) => mac),
      () => store.commit({ author: actor, reason, confirmWithinSec, operations }),
    );
    await Promise.all([directory.settled(), this.#options.rejected.settled()]);
    this.#pending.delete(importId);
    const facts = { created: created.length, updated: updated.length };
    const notes = [{ code: 'created-updated', facts }] as const;
    await audit.record({ action: 'devices-imported', actor, address: address ?? '', notes });
    return { created: created.length, updated: updated.length, revision: revision.number };
  }

  async #plan({ table, allowsRejected }: PendingFile): Promise<Plan> {
    const { rows, problems: unreadable } = table;
    const refused: string[] = [];
    const { directory, rejected, devices, groups, store } = this.#options;
    const problems: CsvProblem[] = [...unreadable];
    const planned: PlannedRow[] = [];
    const created: Plan['created'][number][] = [];
    const updated: Plan['updated'][number][] = [];
    const userIds = new Map<string, string>();
    for (const { id, document } of rows.some(({ cells }) => cells.has('extensions'))
      ? await store.allUsers()
      : []) {
      if (document.extension !== undefined) {
        userIds.set(document.extension, id);
      }
    }
    const groupIds = new Map(
      (await groups.all()).map(({ id, document }) => [document.name.toLowerCase(), id]),
    );
    const seen = new Set<string>();
    for (const { line, cells } of rows) {
      const before = problems.length;
      const report = (column: DeviceCsvField, code: string, message: string): void => {
        problems.push({ line, column, code, message });
      };
      const mac = parseMac(cells.get('mac') ?? '');
      if (mac === undefined || !isDeviceAddress(mac)) {
        report('mac', 'invalid-value', `${cells.get('mac') ?? 'nothing'} is no MAC of a device`);
      } else if (seen.has(mac)) {
        report('mac', 'repeated', `${mac} stands in an earlier row already`);
      } else if (rejected.has(mac)) {
        refused.push(mac);
        if (!allowsRejected) {
          const { code, message } = toRejectedIssue(mac);
          report('mac', code, message);
        }
      }
      seen.add(mac ?? '');
      const extensions = cells
        .get('extensions')
        ?.split(/[\s,;]+/)
        .filter(Boolean);
      const lines = extensions?.flatMap((extension) => {
        const id = userIds.get(extension);
        if (id === undefined) {
          report('extensions', 'not-found', `there is no user with the extension ${extension}`);
        }
        return id ?? [];
      });
      const names = cells
        .get('groups')
        ?.split(';')
        .map((name) => name.trim())
        .filter(Boolean);
      const groupsOfRow = names?.flatMap((name) => {
        const id = groupIds.get(name.toLowerCase());
        if (id === undefined) {
          report('groups', 'not-found', `there is no device group ${name}`);
        }
        return id ?? [];
      });
      const stored = mac === undefined ? undefined : directory.find(mac);
      const vendor = cells.get('vendor')?.toLowerCase();
      for (const issue of devices.findModelIssues(
        vendor ?? stored?.document.vendor,
        cells.get('model'),
      )) {
        report(issue.path === 'vendor' ? 'vendor' : 'model', issue.code, issue.message);
      }
      const unencrypted = cells.get('unencrypted')?.toLowerCase();
      if (unencrypted !== undefined && unencrypted !== 'yes' && unencrypted !== 'no') {
        report('unencrypted', 'invalid-value', 'must be yes or no');
      }
      const title = `${mac ?? ''} ${cells.get('comment') ?? ''}`.trim();
      if (problems.length > before || mac === undefined) {
        planned.push({ line, action: 'error', title });
        continue;
      }
      const input: RowInput = {
        ...(vendor === undefined ? {} : { vendor }),
        ...(cells.has('model') ? { model: cells.get('model') } : {}),
        ...(cells.has('comment') ? { comment: cells.get('comment') } : {}),
        ...(lines === undefined ? {} : { lines }),
        ...(groupsOfRow === undefined ? {} : { groups: groupsOfRow }),
        ...(unencrypted === undefined ? {} : { tftpException: unencrypted === 'yes' }),
      };
      (stored === undefined ? created : updated).push({ mac, input });
      planned.push({ line, action: stored === undefined ? 'create' : 'update', title });
    }
    return { created, updated, rows: planned, problems, rejected: refused };
  }
}
