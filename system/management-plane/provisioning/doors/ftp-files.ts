/**
 * Files as devices see them by FTP: the same as by TFTP, under the same rules; and what they store, in
 * the place where uploads by HTTP go. Folders are names only: those in which devices look, and those
 * that they created since FTP was turned on.
 */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type {
  FtpClient,
  FtpContent,
  FtpFileStore,
  FtpUpload,
  UploadRefusal,
} from '../../../../provisioning/ftp/file-store.ts';
import { parentOf } from '../../../../provisioning/ftp/ftp-path.ts';
import type { FtpEntry } from '../../../../provisioning/ftp/listing.ts';
import { splitToken, type RequestTarget } from '../../../../provisioning/http/request-target.ts';
import { normalisePath } from '../../../../provisioning/identify/match-request.ts';
import type { ProvisioningSettings } from '../../../configuration/entities/provisioning-settings.ts';
import { toPlainAddress } from '../../accounts/factory-password.ts';
import { maximumUploadBytes, type Uploads } from '../../device-access/uploads/uploads.ts';
import type { FileService } from './file-service.ts';

export interface FtpFilesOptions {
  readonly files: Pick<FileService, 'find'>;
  /** Loaded with the first upload. */
  readonly uploads: () => Promise<Uploads>;
  readonly settings: () => ProvisioningSettings;
}

const prefix = 'prov/';
/** Any token will do: whether there is such a device is told to nobody. */
const fixedFolders =
  /^\/(?:prov)?$|^(?:\/prov)?\/[0-9a-f]{40}$|^(?:\/prov)?\/firmware(?:\/[\w-]{16})?$/;
const newFolderName = /^[A-Za-z0-9][\w.-]{0,63}$/;
const maximumFolders = 200;

export class FtpFiles implements FtpFileStore {
  readonly #options: FtpFilesOptions;
  /** By path, with the time of its creation. */
  readonly #folders = new Map<string, number>();

  constructor(options: FtpFilesOptions) {
    this.#options = options;
  }

  async find(
    path: string,
    { address, localAddress }: FtpClient,
    isInquiry: boolean,
  ): Promise<FtpContent | undefined> {
    const target = toTarget(path);
    if (target === undefined) {
      return undefined;
    }
    const found = await this.#options.files.find({
      protocol: 'ftp',
      ...target,
      isInquiry,
      userAgent: undefined,
      source: toPlainAddress(address),
      reached: toPlainAddress(localAddress),
    });
    if (found === undefined) {
      return undefined;
    }
    const { modifiedMs } = found;
    return 'bytes' in found
      ? {
          sizeBytes: found.bytes.length,
          modifiedMs,
          read: (offset) => Readable.from([found.bytes.subarray(offset)]),
        }
      : {
          sizeBytes: found.sizeBytes,
          modifiedMs,
          read: (offset) => createReadStream(found.path, { start: offset }),
        };
  }

  isFolder(path: string): boolean {
    return fixedFolders.test(path) || this.#folders.has(path);
  }

  /** Folders that were created, and the changes that the device of the token stored. */
  async list(path: string): Promise<readonly FtpEntry[]> {
    const entries: FtpEntry[] = [];
    for (const [folder, modifiedMs] of this.#folders) {
      if (parentOf(folder) === path) {
        const name = folder.slice(folder.lastIndexOf('/') + 1);
        entries.push({ name, isFolder: true, sizeBytes: 0, modifiedMs });
      }
    }
    const target = toTarget(`${path}/-`);
    if (target?.token !== undefined && this.#options.settings().ftpUploadsEnabled) {
      const uploads = await this.#options.uploads();
      entries.push(...(await uploads.listOwn(target.token)));
    }
    return entries;
  }

  async prepareUpload(
    path: string,
    client: FtpClient,
    isAppended: boolean,
  ): Promise<FtpUpload | UploadRefusal> {
    const { ftpUploadsEnabled, ftpWritesEnabled } = this.#options.settings();
    const target = toTarget(path);
    if (
      target === undefined ||
      !ftpUploadsEnabled ||
      (isAppended && !ftpWritesEnabled) ||
      !this.isFolder(parentOf(path))
    ) {
      return 'refused';
    }
    const uploads = await this.#options.uploads();
    const place = uploads.placeFor(target, toPlainAddress(client.address));
    if (place === 'busy' || place === 'refused') {
      return place;
    }
    const before = await uploads.newest(place);
    // Of changes only the last ones are kept: storing them again destroys.
    if (before !== undefined && place.named.kind === 'override' && !ftpWritesEnabled) {
      return 'refused';
    }
    return {
      maximumBytes: maximumUploadBytes,
      finish: async (content) => {
        const start = isAppended && before !== undefined ? await uploads.read(before) : undefined;
        const whole = start === undefined ? content : Buffer.concat([start, content]);
        if (whole.length > maximumUploadBytes) {
          return false;
        }
        await uploads.keep(place, whole);
        if (start !== undefined && before !== undefined) {
          await uploads.delete(place.mac, before.id);
        }
        return true;
      },
    };
  }

  async delete(path: string, client: FtpClient): Promise<boolean> {
    const { ftpUploadsEnabled, ftpWritesEnabled } = this.#options.settings();
    const target = toTarget(path);
    if (target === undefined || !ftpUploadsEnabled || !ftpWritesEnabled) {
      return false;
    }
    const uploads = await this.#options.uploads();
    const place = uploads.placeFor(target, toPlainAddress(client.address));
    return place !== 'busy' && place !== 'refused' && (await uploads.deleteNamed(place));
  }

  makeFolder(path: string): boolean {
    const isAllowed =
      this.#options.settings().ftpDirectoriesEnabled &&
      this.#folders.size < maximumFolders &&
      !this.isFolder(path) &&
      this.isFolder(parentOf(path)) &&
      newFolderName.test(path.slice(path.lastIndexOf('/') + 1));
    if (isAllowed) {
      this.#folders.set(path, Date.now());
    }
    return isAllowed;
  }

  removeFolder(path: string): boolean {
    const isEmpty = [...this.#folders.keys()].every((folder) => parentOf(folder) !== path);
    return this.#options.settings().ftpWritesEnabled && isEmpty && this.#folders.delete(path);
  }
}

function toTarget(path: string): RequestTarget | undefined {
  const normalised = normalisePath(path);
  // Devices that were told an HTTP address may ask for its path here.
  const target = splitToken(
    normalised?.startsWith(prefix) === true ? normalised.slice(prefix.length) : (normalised ?? ''),
  );
  return target === undefined || target.path === '' ? undefined : target;
}
