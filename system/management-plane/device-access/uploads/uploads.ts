/**
 * Devices store logs, lists of calls and changes that were made on them: with their own token only, within
 * bounds. Nothing of it is given to any device but the changes, to the one that made them.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestTarget } from '../../../../provisioning/http/request-target.ts';
import type { FileContent } from '../../../../provisioning/http/serve-file.ts';
import type { DeviceAccess } from '../../../configuration/entities/device-access.ts';
import type { Clock, Timer } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import { RateLimit } from '../../../foundation/rate-limit.ts';
import { toPlainAddress } from '../../accounts/factory-password.ts';
import type { DeviceDirectory } from '../../provisioning/directory/device-directory.ts';
import type { DeviceHistory } from '../../provisioning/device-state/device-history.ts';
import { DevicesError } from '../../provisioning/devices/devices-error.ts';
import type { DoorsDatabase, UploadRow } from '../doors-tables.ts';
import { classifyUpload } from './classify-upload.ts';
import { UploadStore, type UploadBounds } from './upload-store.ts';

export interface UploadsOptions {
  readonly database: DoorsDatabase;
  readonly dataDirectory: string;
  readonly directory: Pick<DeviceDirectory, 'find' | 'findByToken'>;
  readonly history: Pick<DeviceHistory, 'add'>;
  readonly settings: () => DeviceAccess;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One file; logs of phones stay far below. */
const maximumBytes = 5_000_000;
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

export class Uploads {
  readonly #options: UploadsOptions;
  readonly #store: UploadStore;
  readonly #limit: RateLimit;
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
    if (!this.#options.settings().uploadsEnabled) {
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

  /** Who may not store anything sees what it would see of a file that does not exist. */
  async #receive(
    request: IncomingMessage,
    { token, path }: RequestTarget,
    isEncrypted: boolean,
  ): Promise<number> {
    const { directory, history, clock, logger } = this.#options;
    const found = token === undefined ? undefined : directory.findByToken(token);
    const device = found?.isPrevious === false ? directory.find(found.mac) : undefined;
    if (device === undefined || !(isEncrypted || device.document.tftpException)) {
      return 404;
    }
    const { mac } = device.document;
    const named = classifyUpload(path, mac);
    if (named === undefined) {
      return 404;
    }
    if (!this.#limit.admit(mac, clock.nowMs())) {
      return 429;
    }
    const content = await readBounded(request);
    const address = toPlainAddress(request.socket.remoteAddress ?? '');
    if (content === undefined) {
      logger.info('A device wanted to store too much', { mac, name: named.name, address });
      return 413;
    }
    await this.#store.add(mac, named, content, address, this.#bounds());
    const facts = { file: named.name, count: content.length };
    history.add({ mac, kind: 'uploaded', address, notes: [{ code: 'upload', facts }] });
    return 200;
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
 * Undefined when it is longer than allowed; the rest is the caller's to read, or the device would see
 * its connection break and never read why. Rejects when the device goes away half way.
 */
async function readBounded(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maximumBytes) {
    return undefined;
  }
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of request.iterator({ destroyOnReturn: false })) {
    const chunk = piece as Buffer;
    sizeBytes += chunk.length;
    if (sizeBytes > maximumBytes) {
      return undefined;
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
