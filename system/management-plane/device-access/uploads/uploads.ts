/**
 * Devices store logs, lists of calls and changes that were made on them: with their own token, within
 * bounds. Nothing of it is given to any device but the changes, to the one that made them.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseMac } from '../../../../provisioning/mac.ts';
import type { RequestTarget } from '../../../../provisioning/http/request-target.ts';
import type { FileContent } from '../../../../provisioning/http/serve-file.ts';
import type { DeviceAccess } from '../../../configuration/entities/device-access.ts';
import type { Clock, Timer } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import { RateLimit } from '../../../foundation/rate-limit.ts';
import { isLocalAddress, toPlainAddress } from '../../accounts/factory-password.ts';
import type { DeviceDirectory } from '../../provisioning/directory/device-directory.ts';
import type { DeviceHistory } from '../../provisioning/device-state/device-history.ts';
import { DevicesError } from '../../provisioning/devices/devices-error.ts';
import type { DoorsDatabase, UploadRow } from '../doors-tables.ts';
import { classifyUpload, type UploadName } from './classify-upload.ts';
import { ReceivingBudget } from './receiving-budget.ts';
import { UploadStore, type UploadBounds } from './upload-store.ts';

export interface UploadsOptions {
  readonly database: DoorsDatabase;
  readonly dataDirectory: string;
  readonly directory: Pick<DeviceDirectory, 'find' | 'findByToken'>;
  readonly history: Pick<DeviceHistory, 'add'>;
  readonly settings: () => DeviceAccess;
  /** Devices may store something by FTP, too. */
  readonly isOpenByFtp: () => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One file; logs of phones stay far below. */
export const maximumUploadBytes = 5_000_000;
/** Files under way in memory: two of the largest of a device, a dozen of all. */
const receivingLimits = { deviceBytes: 2 * maximumUploadBytes, allBytes: 12 * maximumUploadBytes };
const maximumCount = 60;
const maximumAllBytes = 1_000_000_000;
const dayMs = 86_400_000;
const sweepEveryMs = 3_600_000;
/** A phone that starts stores a handful at once, then one from time to time. */
const limits = {
  all: { burst: 400, perSecond: 50 },
  perKey: { burst: 30, perSecond: 0.5 },
  maximumKeys: 5_000,
};

/** Where a device may store a file now. */
export interface UploadPlace {
  readonly mac: string;
  readonly named: UploadName;
  /** Of the device. */
  readonly address: string;
}

export class Uploads {
  readonly #options: UploadsOptions;
  readonly #store: UploadStore;
  readonly #limit: RateLimit;
  readonly #receiving = new ReceivingBudget(receivingLimits);
  #sweeping: Timer | undefined;

  constructor(options: UploadsOptions) {
    const { database, dataDirectory, clock } = options;
    this.#options = options;
    this.#store = new UploadStore(database, dataDirectory, clock);
    this.#limit = new RateLimit(limits, clock.nowMs());
    this.#sweep();
  }

  close(): void {
    this.#sweeping?.cancel();
  }

  /** Takes a PUT or POST of a device. Never rejects. */
  async take(
    request: IncomingMessage,
    response: ServerResponse,
    target: RequestTarget,
    isEncrypted: boolean,
  ): Promise<void> {
    try {
      const status = await this.#receive(request, target, isEncrypted);
      answer(response, status);
    } catch (error) {
      this.#options.logger.warn('What a device wanted to store was lost', { error });
      answer(response, 500);
    } finally {
      request.resume();
    }
  }

  /** The file of changes that the device stored itself; undefined for anything else. */
  async findOverride(mac: string, path: string): Promise<FileContent | undefined> {
    const { settings, isOpenByFtp } = this.#options;
    if (!settings().uploadsEnabled && !isOpenByFtp()) {
      return undefined;
    }
    const named = classifyUpload(path, mac);
    const row =
      named?.kind === 'override' ? await this.#store.findOverride(mac, named.name) : undefined;
    if (row === undefined) {
      return undefined;
    }
    return {
      bytes: await this.#store.read(row),
      contentType: 'application/octet-stream',
      entityTag: row.digest.slice(0, 32),
      modifiedMs: row.at_ms,
    };
  }

  list(mac: string): Promise<readonly UploadRow[]> {
    return this.#store.list(mac);
  }

  async require(mac: string, id: string): Promise<UploadRow> {
    const row = await this.#store.find(mac, id);
    if (row === undefined) {
      throw new DevicesError('not-found', 'The device stored no such file.');
    }
    return row;
  }

  read(row: UploadRow): Promise<Buffer> {
    return this.#store.read(row);
  }

  async delete(mac: string, id: string): Promise<void> {
    await this.#store.delete([await this.require(mac, id)]);
  }

  /**
   * Unencrypted, so only for devices that the administrator allowed that. One that shows no token is
   * believed by the MAC in the name, in the local network, for logs and lists: nobody reads them back.
   */
  placeFor({ token, path }: RequestTarget, address: string): UploadPlace | 'busy' | 'refused' {
    const { directory } = this.#options;
    const claimed = parseMac(/[0-9a-f]{12}(?=[-._][^/]*$)/i.exec(path)?.[0] ?? '');
    const mac = token === undefined ? claimed : this.#ownerOf(token);
    const device = mac === undefined ? undefined : directory.find(mac);
    if (mac === undefined || device?.document.tftpException !== true) {
      return 'refused';
    }
    const named = classifyUpload(path, mac);
    const isBelieved =
      token !== undefined ||
      (isLocalAddress(address) && (named?.kind === 'log' || named?.kind === 'list'));
    if (named === undefined || !isBelieved) {
      return 'refused';
    }
    return this.#mayStore(mac) ? { mac, named, address } : 'busy';
  }

  /** Resolves once it is on the disk. `content` is not longer than `maximumUploadBytes`. */
  async keep({ mac, named, address }: UploadPlace, content: Buffer): Promise<void> {
    await this.#store.add(mac, named, content, address, this.#bounds());
    const facts = { file: named.name, count: content.length };
    this.#options.history.add({
      mac,
      kind: 'uploaded',
      address,
      notes: [{ code: 'upload', facts }],
    });
  }

  async newest({ mac, named }: UploadPlace): Promise<UploadRow | undefined> {
    return (await this.#store.list(mac)).find(({ name }) => name === named.name);
  }

  /** False when there is nothing of that name. */
  async deleteNamed({ mac, named }: UploadPlace): Promise<boolean> {
    const rows = (await this.#store.list(mac)).filter(({ name }) => name === named.name);
    await this.#store.delete(rows);
    return rows.length > 0;
  }

  /** What the device with this token may read back unencrypted. */
  async listOwn(token: string) {
    const mac = this.#ownerOf(token);
    const device = mac === undefined ? undefined : this.#options.directory.find(mac);
    const rows =
      mac !== undefined && device?.document.tftpException === true
        ? await this.#store.list(mac)
        : [];
    return rows
      .filter(({ kind }) => kind === 'override')
      .map(({ name, size_bytes: sizeBytes, at_ms: modifiedMs }) => ({
        name,
        isFolder: false,
        sizeBytes,
        modifiedMs,
      }));
  }

  /** Who may not store anything sees what it would see of a file that does not exist. */
  async #receive(
    request: IncomingMessage,
    { token, path }: RequestTarget,
    isEncrypted: boolean,
  ): Promise<number> {
    const { directory, logger } = this.#options;
    const mac = token === undefined ? undefined : this.#ownerOf(token);
    const device = mac === undefined ? undefined : directory.find(mac);
    if (
      mac === undefined ||
      device === undefined ||
      !(isEncrypted || device.document.tftpException)
    ) {
      return 404;
    }
    const named = classifyUpload(path, mac);
    if (named === undefined) {
      return 404;
    }
    if (!this.#mayStore(mac)) {
      return 429;
    }
    const address = toPlainAddress(request.socket.remoteAddress ?? '');
    let takenBytes = 0;
    try {
      const content = await readBounded(request, (bytes) => {
        const isTaken = this.#receiving.take(mac, bytes);
        takenBytes += isTaken ? bytes : 0;
        return isTaken;
      });
      if (content === 'too-long') {
        logger.info('A device wanted to store too much', { mac, name: named.name, address });
        return 413;
      }
      if (content === 'busy') {
        return 429;
      }
      await this.keep({ mac, named, address }, content);
      return 200;
    } finally {
      this.#receiving.give(mac, takenBytes);
    }
  }

  #ownerOf(token: string): string | undefined {
    const found = this.#options.directory.findByToken(token);
    return found?.isPrevious === false ? found.mac : undefined;
  }

  #mayStore(mac: string): boolean {
    return this.#limit.admit(mac, this.#options.clock.nowMs());
  }

  #bounds(): UploadBounds {
    const { uploadsPerDeviceMb, uploadsKeepDays } = this.#options.settings();
    return {
      perDeviceBytes: uploadsPerDeviceMb * 1_000_000,
      perDeviceCount: maximumCount,
      allBytes: maximumAllBytes,
      keepMs: uploadsKeepDays * dayMs,
    };
  }

  #sweep(): void {
    const { directory, clock, logger } = this.#options;
    this.#store
      .sweep(this.#bounds().keepMs, (mac) => directory.find(mac) !== undefined)
      .catch((error: unknown) => {
        logger.error('Old uploads of devices could not be deleted', { error });
      });
    this.#sweeping = clock.schedule(sweepEveryMs, () => {
      this.#sweep();
    });
  }
}

/**
 * `too-long`: longer than allowed; `busy`: `take` has no room for more. The rest is the caller's to read, or the device would see
 * its connection break and never read why. Rejects when the device goes away half way.
 */
async function readBounded(
  request: IncomingMessage,
  take: (bytes: number) => boolean,
): Promise<Buffer | 'too-long' | 'busy'> {
  if (Number(request.headers['content-length'] ?? 0) > maximumUploadBytes) {
    return 'too-long';
  }
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of request.iterator({ destroyOnReturn: false })) {
    const chunk = piece as Buffer;
    sizeBytes += chunk.length;
    if (sizeBytes > maximumUploadBytes) {
      return 'too-long';
    }
    if (!take(chunk.length)) {
      return 'busy';
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, sizeBytes);
}

function answer(response: ServerResponse, status: number): void {
  if (response.destroyed || response.headersSent) {
    return;
  }
  const text = status === 404 ? 'Not Found\n' : '';
  response.writeHead(status, {
    ...(text === '' ? {} : { 'Content-Type': 'text/plain' }),
    'Content-Length': String(text.length),
  });
  response.end(text);
}
