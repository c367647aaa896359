/**
 * Phones that a file of users names: unknown MACs are added, unassigned devices get the user, and
 * whatever belongs to somebody else, was rejected or stands twice in the file is wrong.
 */
import { parseMac } from '../../../../provisioning/mac.ts';
import { titleOfUser } from '../../../configuration/entities/user.ts';
import type { Operation } from '../../configuration-store/operation.ts';
import { csvLimits, type CsvProblem } from '../../csv/csv-table.ts';
import type { PhonesOfUsers, PhonesPlan, PhonesRow } from '../../users/phones-of-users.ts';
import type { DectDirectory } from '../directory/dect-directory.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { RejectedDirectory } from '../directory/rejected-directory.ts';
import { isDeviceAddress } from './device-address.ts';
import type { VendorCatalog } from './device-checks.ts';
import type { DevicesService } from './devices-service.ts';
import { toRejectedIssue } from './rejected-devices-service.ts';

export interface ImportedPhonesOptions {
  readonly directory: Pick<DeviceDirectory, 'find' | 'show' | 'settled'>;
  readonly rejected: Pick<RejectedDirectory, 'has'>;
  readonly devices: Pick<DevicesService, 'findModelIssues' | 'planCreation' | 'announce'>;
  readonly dect: Pick<DectDirectory, 'systemOfBase'>;
  readonly vendors: Pick<VendorCatalog, 'vendorOfMac'>;
}

type Column = 'devices' | 'device_model';

interface PhoneInput {
  readonly lines?: readonly string[];
  readonly model?: string;
}

interface NamedPhone {
  readonly mac: string;
  readonly input: PhoneInput;
}

interface Issue {
  readonly column: Column;
  readonly code: string;
  readonly message: string;
}

/** What becomes of one device: one that is as it should be is neither added nor changed. */
type Verdict =
  | { readonly kind: 'added' | 'changed'; readonly input: PhoneInput }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'wrong'; readonly issue: Issue };

export class ImportedPhones implements PhonesOfUsers {
  readonly #options: ImportedPhonesOptions;

  constructor(options: ImportedPhonesOptions) {
    this.#options = options;
  }

  plan(rows: readonly PhonesRow[]): PhonesPlan {
    const added: NamedPhone[] = [];
    const changed: NamedPhone[] = [];
    const macsOfLine = new Map<number, readonly string[]>();
    const problems: CsvProblem[] = [];
    const seen = new Set<string>();
    for (const row of rows) {
      const { line } = row;
      const spellings = separate(row.devices ?? '');
      if (seen.size + spellings.length > csvLimits.rows) {
        const message = `the file has more than ${String(csvLimits.rows)} devices`;
        problems.push({ line, column: 'devices', code: 'too-many', message });
        break;
      }
      const macs: string[] = [];
      for (const spelling of spellings) {
        const mac = parseMac(spelling);
        const verdict = this.#judge(mac, spelling, row, seen);
        if (verdict.kind === 'wrong') {
          problems.push({ line, ...verdict.issue });
        } else if (mac !== undefined && verdict.kind !== 'unchanged') {
          (verdict.kind === 'added' ? added : changed).push({ mac, input: verdict.input });
          macs.push(mac);
        }
        seen.add(mac ?? '');
      }
      macsOfLine.set(line, macs);
      for (const issue of findRowIssues(row, spellings)) {
        problems.push({ line, ...issue });
      }
    }
    return {
      added: added.map(({ mac }) => mac),
      changed: changed.map(({ mac }) => mac),
      macsOfLine,
      problems,
      toOperations: () => [
        ...this.#options.devices.planCreation(added),
        ...changed.map(({ mac, input }): Operation => {
          const ifVersion = this.#options.directory.find(mac)?.version;
          return { kind: 'update', entity: 'device', id: mac, after: input, ifVersion };
        }),
      ],
    };
  }

  async announce<T>({ added }: PhonesPlan, commit: () => Promise<T>): Promise<T> {
    const result = await this.#options.devices.announce(added, commit);
    await this.#options.directory.settled();
    return result;
  }

  #judge(
    mac: string | undefined,
    spelling: string,
    { userId, model }: PhonesRow,
    seen: ReadonlySet<string>,
  ): Verdict {
    const { directory, rejected, devices, dect, vendors } = this.#options;
    if (mac === undefined || !isDeviceAddress(mac)) {
      return refuse('invalid-value', `${spelling.slice(0, 60)} is no MAC of a device`);
    }
    if (seen.has(mac)) {
      return refuse('repeated', `${mac} stands twice in the file`);
    }
    if (rejected.has(mac)) {
      const { code, message } = toRejectedIssue(mac);
      return refuse(code, message);
    }
    const system = dect.systemOfBase(mac)?.document.name;
    if (system !== undefined) {
      return refuse('contradiction', `${mac} is a base of the DECT system ${system}`);
    }
    const stored = directory.find(mac);
    const vendor = stored?.document.vendor ?? vendors.vendorOfMac(mac, model);
    const [modelIssue] = devices.findModelIssues(vendor, model);
    if (modelIssue !== undefined) {
      const { code, message } = modelIssue;
      return { kind: 'wrong', issue: { column: 'device_model', code, message } };
    }
    const otherModel = model === undefined || model === stored?.document.model ? {} : { model };
    if (stored === undefined) {
      return { kind: 'added', input: { lines: [userId], ...otherModel } };
    }
    const { users } = directory.show(stored);
    const isTheirs = users.some(({ id }) => id === userId);
    const [other] = users;
    if (other !== undefined && !isTheirs) {
      const { name, extension } = other;
      const owner = titleOfUser(extension === undefined ? { name } : { name, extension });
      return refuse('taken', `${mac} is the device of ${owner}`);
    }
    const input = { ...(isTheirs ? {} : { lines: [userId] }), ...otherModel };
    return Object.keys(input).length === 0 ? { kind: 'unchanged' } : { kind: 'changed', input };
  }
}

function findRowIssues(row: PhonesRow, spellings: readonly string[]): Issue[] {
  if (spellings.length === 0) {
    const message = 'a model needs the MAC of its device';
    return row.model === undefined ? [] : [{ column: 'devices', code: 'missing', message }];
  }
  const message = 'a user needs an extension for a device';
  return row.hasAccount ? [] : [{ column: 'devices', code: 'contradiction', message }];
}

/** A MAC may itself be written with spaces. */
function separate(cell: string): string[] {
  return cell
    .split(/[,;\n]/)
    .map((part) => part.trim())
    .flatMap((part) => (parseMac(part) === undefined ? part.split(/\s+/) : [part]))
    .filter(Boolean);
}

function refuse(code: string, message: string): Verdict {
  return { kind: 'wrong', issue: { column: 'devices', code, message } };
}
