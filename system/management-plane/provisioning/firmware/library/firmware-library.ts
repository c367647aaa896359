/**
 * The firmware library: sets of images by vendor and label. Uploaded files are checked against what
 * they say themselves; active sets are not changed, so that what devices are told to fetch stays
 * what it was.
 */
import type { Readable } from 'node:stream';
import { checkImage, type ImageClaim } from '../../../../../provisioning/firmware/check-image.ts';
import { compareImages } from '../../../../../provisioning/firmware-version.ts';
import type { VendorCatalogue } from '../../../../../provisioning/vendors/vendor-catalogue.ts';
import type { Clock } from '../../../../foundation/clock.ts';
import { randomId } from '../../../../foundation/ids.ts';
import type { AuditLog } from '../../../accounts/audit-log.ts';
import type { Actor } from '../../../actor.ts';
import { FirmwareError } from './firmware-error.ts';
import {
  type FirmwareFile,
  type FirmwareImage,
  type FirmwareSet,
  imageFor,
} from './firmware-set.ts';
import type { FirmwareStore } from './firmware-store.ts';
import type { ExpectedHash, ImageFolder } from './image-folder.ts';

export interface FirmwareLibraryOptions {
  readonly catalogue: VendorCatalogue;
  /** Opens the database; made at the first upload. */
  readonly openStore: () => Promise<FirmwareStore>;
  readonly folder: ImageFolder;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly clock: Pick<Clock, 'wallMs'>;
}

export interface UploadRequest extends ImageClaim {
  readonly source: Readable;
  readonly expectedBytes: number | undefined;
  readonly expectedHash: ExpectedHash | undefined;
  /** Of the set; the version when missing. */
  readonly label: string | undefined;
  readonly address: string;
}

export interface SetChanges {
  readonly label?: string | undefined;
  readonly notes?: string | undefined;
  readonly isActive?: boolean | undefined;
}

/** A disk is not faster for more at once. */
const maximumUploads = 3;
const maximumSets = 1_000;
const maximumFilesOfSet = 100;
/** So that it can stand in an address, and in the file of any vendor, as it is. */
const fileNamePattern = /^[A-Za-z0-9][A-Za-z0-9._(),+-]{0,119}$/;

export class FirmwareLibrary {
  readonly #options: FirmwareLibraryOptions;
  #store: FirmwareStore | undefined;
  #uploads = 0;
  /** Changes of sets one after the other. */
  #changing: Promise<unknown> = Promise.resolve();
  /** Whether a set is needed by something under way; then it stays active. */
  isInUse: (set: FirmwareSet) => boolean = () => false;

  /** `store` when there is a library already. */
  constructor(options: FirmwareLibraryOptions, store: FirmwareStore | undefined) {
    this.#options = options;
    this.#store = store;
  }

  get folder(): ImageFolder {
    return this.#options.folder;
  }

  /** By vendor, then the newest first. */
  list(): readonly FirmwareSet[] {
    return [...(this.#store?.all() ?? [])].sort(
      (a, b) =>
        (a.vendor < b.vendor ? -1 : a.vendor > b.vendor ? 1 : 0) || b.createdAtMs - a.createdAtMs,
    );
  }

  find(id: string): FirmwareSet | undefined {
    return this.#store?.find(id);
  }

  require(id: string): FirmwareSet {
    const set = this.find(id);
    if (set === undefined) {
      throw new FirmwareError('not-found', 'There is no such firmware.');
    }
    return set;
  }

  findByLabel(vendor: string, label: string): FirmwareSet | undefined {
    return this.#store?.all().find((set) => set.vendor === vendor && set.label === label);
  }

  /** The image of the highest version that devices of the model may get. */
  newestFor(vendor: string, model: string): FirmwareImage | undefined {
    let newest: FirmwareImage | undefined;
    for (const set of this.#store?.all() ?? []) {
      const image =
        set.isActive && set.vendor === vendor ? imageFor(set, model, 'application') : undefined;
      if (
        image !== undefined &&
        (newest === undefined || this.compare(vendor, image.file.version, newest.file.version) > 0)
      ) {
        newest = image;
      }
    }
    return newest;
  }

  /** The active image with just this version, to go back to. */
  findVersion(vendor: string, model: string, version: string): FirmwareImage | undefined {
    for (const set of this.#store?.all() ?? []) {
      const image =
        set.isActive && set.vendor === vendor ? imageFor(set, model, 'application') : undefined;
      if (image !== undefined && this.compare(vendor, image.file.version, version) === 0) {
        return image;
      }
    }
    return undefined;
  }

  /** Negative when `a` is older; as the vendor counts. */
  compare(vendor: string, a: string, b: string): number {
    return compareImages(a, b, this.#options.catalogue.find(vendor)?.data.firmwarePrefixNumbers);
  }

  /** Stores one file, in the set of the label. Rejects with FirmwareError. */
  async upload(actor: Actor, request: UploadRequest): Promise<FirmwareSet> {
    if (this.#uploads >= maximumUploads) {
      throw new FirmwareError('busy', 'Other files are being uploaded. Try again in a moment.');
    }
    this.#uploads += 1;
    try {
      return await this.#upload(actor, request);
    } finally {
      this.#uploads -= 1;
    }
  }

  async #upload(actor: Actor, request: UploadRequest): Promise<FirmwareSet> {
    const { catalogue, folder, audit, clock } = this.#options;
    if (!fileNamePattern.test(request.fileName)) {
      throw new FirmwareError('invalid', 'The name of the file cannot be used.', [
        {
          path: 'fileName',
          code: 'invalid-value',
          message: 'must consist of letters, digits and . _ - + ( ) , only',
        },
      ]);
    }
    const check = (head: Buffer) => {
      const verdict = checkImage(catalogue, request, head);
      if (verdict.kind === 'refused') {
        const [first] = verdict.faults;
        const message = `This file is not taken: ${first?.message ?? 'unknown'}.`;
        throw new FirmwareError('invalid', message, verdict.faults);
      }
      this.#requireRoom(verdict.image.vendor, request.label ?? verdict.image.version, request);
      return verdict.image;
    };
    let image: ReturnType<typeof check> | undefined;
    const { expectedBytes, expectedHash } = request;
    const stored = await folder.store(request.source, {
      expectedBytes,
      expectedHash,
      checkHead: (head) => {
        image = check(head);
      },
    });
    return this.#exclusively(async () => {
      if (image === undefined) {
        throw new Error('an image was stored without being checked');
      }
      if (!(await folder.exists(stored.sha256))) {
        // A set with the same bytes was deleted in this moment.
        throw new FirmwareError('busy', 'The file was deleted meanwhile. Upload it again.');
      }
      const { vendor, version } = image;
      const label = request.label ?? version;
      const before = this.#requireRoom(vendor, label, request);
      const file: FirmwareFile = {
        id: randomId(),
        kind: image.kind,
        fileName: request.fileName,
        models: image.models,
        version,
        sha256: stored.sha256,
        sizeBytes: stored.sizeBytes,
        verifiedBy: expectedHash?.algorithm,
        recognisedBy: image.recognisedBy,
        uploadedAtMs: clock.wallMs(),
        uploadedBy: actor.name,
        isMissing: false,
      };
      const set: FirmwareSet =
        before === undefined
          ? {
              id: randomId(),
              vendor,
              label,
              isActive: false,
              notes: '',
              createdAtMs: clock.wallMs(),
              createdBy: actor.name,
              files: [file],
            }
          : { ...before, files: [...before.files, file] };
      this.#store ??= await this.#options.openStore();
      await this.#store.put(set);
      await audit.record({
        action: 'firmware-uploaded',
        actor,
        address: request.address,
        detail: `${file.fileName} (${vendor} ${version}, SHA-256 ${file.sha256})`,
      });
      return set;
    });
  }

  /** The set that the file will be added to. */
  #requireRoom(
    vendor: string,
    label: string,
    { fileName }: Pick<UploadRequest, 'fileName'>,
  ): FirmwareSet | undefined {
    const set = this.findByLabel(vendor, label);
    if (set?.isActive === true) {
      throw new FirmwareError(
        'conflict',
        `The set ${label} is active and cannot be changed. Deactivate it, or choose another label.`,
      );
    }
    if (set?.files.some((file) => file.fileName === fileName) === true) {
      throw new FirmwareError('conflict', `The set ${label} already has a file ${fileName}.`);
    }
    if ((set?.files.length ?? 0) >= maximumFilesOfSet || this.list().length >= maximumSets) {
      throw new FirmwareError('conflict', 'The firmware library is full. Delete what is not used.');
    }
    return set;
  }

  /** Renames, describes, activates or deactivates. Rejects with FirmwareError. */
  async change(
    actor: Actor,
    id: string,
    changes: SetChanges,
    address: string,
  ): Promise<FirmwareSet> {
    return this.#exclusively(async () => {
      const before = this.require(id);
      const { label = before.label, notes = before.notes, isActive = before.isActive } = changes;
      if (before.isActive && isActive && (label !== before.label || notes !== before.notes)) {
        throw isActiveError(before);
      }
      const rival = this.findByLabel(before.vendor, label);
      if (rival !== undefined && rival.id !== id) {
        throw new FirmwareError('conflict', `There is already a set ${label} of this vendor.`, [
          { path: 'label', code: 'taken', message: `${label} is taken by another set` },
        ]);
      }
      if (before.isActive && !isActive && this.isInUse(before)) {
        throw new FirmwareError('conflict', 'A rollout that is under way needs this firmware.');
      }
      if (isActive && !before.isActive && before.files.some(({ isMissing }) => isMissing)) {
        throw new FirmwareError('conflict', 'Files of this set are missing on the disk.');
      }
      const set = { ...before, label, notes, isActive };
      await this.#requireStore().put(set);
      if (isActive !== before.isActive) {
        await this.#options.audit.record({
          action: isActive ? 'firmware-activated' : 'firmware-deactivated',
          actor,
          address,
          detail: `${set.vendor} ${set.label}`,
        });
      }
      return set;
    });
  }

  /** Deletes a set, or one of its files; with the last file the set goes. */
  async delete(
    actor: Actor,
    id: string,
    fileId: string | undefined,
    address: string,
  ): Promise<void> {
    await this.#exclusively(async () => {
      const set = this.require(id);
      if (set.isActive) {
        throw isActiveError(set);
      }
      const kept = fileId === undefined ? [] : set.files.filter((file) => file.id !== fileId);
      if (kept.length === set.files.length) {
        throw new FirmwareError('not-found', 'There is no such file in the set.');
      }
      const store = this.#requireStore();
      await (kept.length === 0 ? store.delete(id) : store.put({ ...set, files: kept }));
      const referred = store.referred();
      for (const { sha256, fileName } of set.files) {
        if (kept.every((file) => file.fileName !== fileName) && !referred.has(sha256)) {
          await this.folder.remove(sha256);
        }
      }
      await this.#options.audit.record({
        action: 'firmware-deleted',
        actor,
        address,
        detail: `${set.vendor} ${set.label}`,
      });
    });
  }

  #requireStore(): FirmwareStore {
    if (this.#store === undefined) {
      throw new FirmwareError('not-found', 'There is no such firmware.');
    }
    return this.#store;
  }

  #exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#changing.then(work);
    this.#changing = result.catch(() => undefined);
    return result;
  }
}

function isActiveError({ label }: FirmwareSet): FirmwareError {
  return new FirmwareError(
    'conflict',
    `The set ${label} is active and cannot be changed or deleted. Deactivate it first.`,
  );
}
