/**
 * Users, with their phones, out of a CSV file in two steps: look at what it would do, then do it in
 * one revision.
 */
import type { Clock } from '../../foundation/clock.ts';
import { randomId } from '../../foundation/ids.ts';
import type { RandomBelow } from '../accounts/password-generator.ts';
import type { PasswordHasher } from '../accounts/password-hash.ts';
import type { Actor } from '../actor.ts';
import type { ConfigurationStore } from '../configuration-store/configuration-store.ts';
import { Secret } from '../../foundation/secret.ts';
import { decodeTextFile } from './decode-text-file.ts';
import { PendingImports } from '../csv/pending-imports.ts';
import { joinPhones } from './join-phones.ts';
import type { PhonesOfUsers, PhonesPlan } from './phones-of-users.ts';
import { planUsersImport, type PlannedRow, type UsersImportPlan } from './plan-users-import.ts';
import { settlePasswords, webPasswordToHash, type GeneratedPasswords } from './user-passwords.ts';
import { csvLimits, type CsvProblem } from '../csv/csv-table.ts';
import { parseUsersCsv, type CsvContent } from './users-csv.ts';
import { UsersError, type UsersIssue } from './users-error.ts';

export interface UsersImportOptions {
  readonly store: ConfigurationStore;
  readonly hasher: PasswordHasher;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly randomBelow: RandomBelow;
  readonly phones: PhonesOfUsers;
}

export interface UsersImportPreview {
  /** Undefined when there are problems, or nothing to do. */
  readonly importId: string | undefined;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Phones of these users that come into the list. */
  readonly devicesAdded: number;
  /** Phones that are in the list already and get their user, or another model. */
  readonly devicesChanged: number;
  readonly rows: readonly PlannedRow[];
  readonly problems: readonly CsvProblem[];
}

export interface UsersImportResult {
  readonly created: number;
  readonly updated: number;
  readonly devicesAdded: number;
  readonly devicesChanged: number;
  readonly revision: number;
  /** Of new users whose row had none; told once. */
  readonly generated: readonly GeneratedPasswords[];
}

/** Of an import that runs: passwords that are hashed, which is what takes time. */
export interface UsersImportProgress {
  readonly done: number;
  readonly total: number;
}

export interface ApplyOptions {
  readonly reason?: string | undefined;
  readonly confirmWithinSec?: number | undefined;
  /** Called once it is done, before anybody is answered. */
  readonly onImported?: (result: UsersImportResult) => Promise<void>;
}

interface RunningImport {
  readonly userId: string;
  readonly stop: AbortController;
  readonly result: Promise<UsersImportResult>;
  done: number;
  total: number;
}

export class UsersImport {
  readonly #store: ConfigurationStore;
  readonly #hasher: PasswordHasher;
  readonly #randomBelow: RandomBelow;
  readonly #phones: PhonesOfUsers;
  readonly #pending: PendingImports<CsvContent>;
  readonly #running = new Map<string, RunningImport>();

  constructor(options: UsersImportOptions) {
    this.#store = options.store;
    this.#hasher = options.hasher;
    this.#randomBelow = options.randomBelow;
    this.#phones = options.phones;
    this.#pending = new PendingImports(options.clock);
  }

  /** Throws UsersError `too-large`. What is wrong inside the file is in the answer. */
  async preview(actor: Actor, file: Uint8Array | string): Promise<UsersImportPreview> {
    const sizeBytes = typeof file === 'string' ? Buffer.byteLength(file) : file.byteLength;
    if (sizeBytes > csvLimits.fileBytes) {
      const megabytes = String(csvLimits.fileBytes / 1_000_000);
      throw new UsersError('too-large', `The file is larger than ${megabytes} MB.`);
    }
    const content = parseUsersCsv(typeof file === 'string' ? file : decodeTextFile(file).text);
    const { plan, phones } = await this.#plan(actor, content);
    const created = countRows(plan, 'create');
    const updated = countRows(plan, 'update');
    const isUseful = plan.problems.length === 0 && created + updated > 0;
    return {
      importId: isUseful ? this.#pending.add(actor, content) : undefined,
      created,
      updated,
      unchanged: countRows(plan, 'unchanged'),
      devicesAdded: countPhones(phones.added, plan, phones),
      devicesChanged: countPhones(phones.changed, plan, phones),
      rows: plan.rows,
      problems: plan.problems.slice(0, csvLimits.problems),
    };
  }

  /**
   * Imports what was previewed, against the users as they are now. Who asks again while it runs, e.g.
   * after a broken connection, waits for the same. Throws UsersError `not-found` when the preview is
   * gone, `invalid` when it does not fit any more, `cancelled`; ConfigurationError.
   */
  async apply(
    actor: Actor,
    importId: string,
    options: ApplyOptions = {},
  ): Promise<UsersImportResult> {
    const running = this.#find(actor, importId);
    if (running !== undefined) {
      return running.result;
    }
    const { promise, resolve, reject } = Promise.withResolvers<UsersImportResult>();
    const stop = new AbortController();
    const started = { userId: actor.userId, stop, result: promise, done: 0, total: 0 };
    this.#running.set(importId, started);
    try {
      const result = await this.#run(actor, importId, options, started);
      await options.onImported?.(result);
      resolve(result);
    } catch (error) {
      reject(error);
    } finally {
      this.#running.delete(importId);
    }
    return promise;
  }

  /** Undefined unless it runs, and was begun by the same account. */
  progress(actor: Actor, importId: string): UsersImportProgress | undefined {
    const running = this.#find(actor, importId);
    return running === undefined ? undefined : { done: running.done, total: running.total };
  }

  /** Stops an import that has changed nothing yet; the preview stays. Otherwise it has no effect. */
  cancel(actor: Actor, importId: string): void {
    this.#find(actor, importId)?.stop.abort(
      new UsersError('cancelled', 'The import was cancelled; nothing was changed.'),
    );
  }

  #find(actor: Actor, importId: string): RunningImport | undefined {
    const running = this.#running.get(importId);
    return running?.userId === actor.userId ? running : undefined;
  }

  async #run(
    actor: Actor,
    importId: string,
    options: ApplyOptions,
    running: RunningImport,
  ): Promise<UsersImportResult> {
    const content = this.#pending.find(actor, importId);
    if (content === undefined) {
      throw new UsersError('not-found', 'The preview is too old. Upload the file again.');
    }
    const { plan } = await this.#plan(actor, content);
    refuseProblems(plan.problems);
    const settled = plan.changes.map((change) => ({
      ...change,
      passwords: settlePasswords(change.passwords, this.#store.settings, this.#randomBelow),
    }));
    const toHash = settled.flatMap((change) => {
      const password = webPasswordToHash(change.passwords);
      return password === undefined ? [] : [{ change, password }];
    });
    running.total = toHash.length;
    const { signal } = running.stop;
    const hashes = await this.#hasher.hashAll(
      toHash.map(({ password }) => password),
      {
        signal,
        onHashed: () => {
          running.done += 1;
        },
      },
    );
    signal.throwIfAborted();
    const hashByChange = new Map(toHash.map(({ change }, index) => [change, hashes[index]]));
    // Hashing took its time: devices may have come into the list by themselves.
    const phones = this.#phones.plan(plan.phones);
    refuseProblems(phones.problems);
    const revision = await this.#phones.announce(phones, () =>
      this.#store.commit({
        author: actor,
        reason:
          options.reason ?? (isEmpty(phones) ? 'Users imported' : 'Users and devices imported'),
        confirmWithinSec: options.confirmWithinSec,
        operations: [
          ...settled.map((change) => ({
            ...change.operation,
            after: {
              ...change.operation.after,
              webPasswordHash: hashByChange.get(change),
              sipPassword:
                change.passwords.sip === undefined ? undefined : new Secret(change.passwords.sip),
            },
          })),
          ...phones.toOperations(),
        ],
      }),
    );
    this.#pending.delete(importId);
    return {
      created: countRows(plan, 'create'),
      updated: countRows(plan, 'update'),
      devicesAdded: phones.added.length,
      devicesChanged: phones.changed.length,
      revision: revision.number,
      generated: settled
        .map(({ operation, passwords }) => ({ userId: operation.id, ...passwords.generated }))
        .filter(({ web, sip }) => web !== undefined || sip !== undefined),
    };
  }

  async #plan(
    actor: Actor,
    content: CsvContent,
  ): Promise<{ readonly plan: UsersImportPlan; readonly phones: PhonesPlan }> {
    const plan = planUsersImport({
      content,
      users: await this.#store.allUsers(),
      settings: this.#store.settings,
      actor,
      createId: randomId,
    });
    const phones = this.#phones.plan(plan.phones);
    return { plan: joinPhones(plan, phones), phones };
  }
}

function countRows({ rows }: UsersImportPlan, action: PlannedRow['action']): number {
  return rows.filter((row) => row.action === action).length;
}

/** Those of rows with nothing wrong. */
function countPhones(
  macs: readonly string[],
  { rows }: UsersImportPlan,
  { macsOfLine }: PhonesPlan,
): number {
  const good = new Set(
    rows.flatMap(({ line, action }) => (action === 'error' ? [] : (macsOfLine.get(line) ?? []))),
  );
  return macs.filter((mac) => good.has(mac)).length;
}

function isEmpty({ added, changed }: PhonesPlan): boolean {
  return added.length + changed.length === 0;
}

function refuseProblems(problems: readonly CsvProblem[]): void {
  if (problems.length > 0) {
    const message =
      'Users or devices were changed since the preview, and the file does not fit any more.';
    throw new UsersError('invalid', message, problems.map(toIssue));
  }
}

function toIssue(problem: CsvProblem): UsersIssue {
  const { line, column, code, message } = problem;
  return { path: [String(line), column ?? ''].filter(Boolean).join('.'), code, message };
}
