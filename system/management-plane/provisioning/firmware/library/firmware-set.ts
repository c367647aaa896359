/** A set of the firmware library: images of one vendor under one label. */
import type { ImageKind } from '../../../../../provisioning/firmware/image-kind.ts';

/** The setting of devices, groups and models that names the set they shall run. */
export const firmwareLabelVariable = 'firmware.label';

export interface FirmwareFile {
  readonly id: string;
  readonly kind: ImageKind;
  /** As devices ask for it. */
  readonly fileName: string;
  /** Ids in the vendor's data. */
  readonly models: readonly string[];
  readonly version: string;
  /** Hexadecimal; also its name on the disk. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** The hash that the uploader gave and that was right. */
  readonly verifiedBy: 'sha256' | 'sha512' | undefined;
  readonly recognisedBy: 'header' | 'name' | 'administrator';
  readonly uploadedAtMs: number;
  readonly uploadedBy: string;
  /** Its bytes are not on the disk any more. */
  readonly isMissing: boolean;
}

export interface FirmwareSet {
  /** Random: part of the address that devices are told, so that nobody guesses it. */
  readonly id: string;
  readonly vendor: string;
  /** Unique for the vendor. */
  readonly label: string;
  /** Devices may get it; then it is not changed. */
  readonly isActive: boolean;
  readonly notes: string;
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly files: readonly FirmwareFile[];
}

/** An image for one model, and the set that it is of. */
export interface FirmwareImage {
  readonly set: FirmwareSet;
  readonly file: FirmwareFile;
}

/** The image that devices of the model install, or the one for its handsets. */
export function imageFor(
  set: FirmwareSet,
  model: string,
  kind: 'application' | 'handset',
): FirmwareImage | undefined {
  const file = set.files.find(
    (candidate) =>
      candidate.kind === kind && !candidate.isMissing && candidate.models.includes(model),
  );
  return file === undefined ? undefined : { set, file };
}
