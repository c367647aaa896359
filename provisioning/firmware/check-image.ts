/**
 * Whether a file may be stored as firmware for what the administrator says, or for what it says
 * itself. A file for another model is refused; of a file that says nothing the administrator must
 * name models and version. Pure.
 */
import type { VendorCatalogue } from '../vendors/vendor-catalogue.ts';
import type { ImageKind } from './image-kind.ts';
import { compareImages } from '../firmware-version.ts';
import {
  findNoImage,
  readName,
  recogniseImage,
  type NoImage,
  type RecognisedImage,
} from './recognise-image.ts';

/** What the administrator says; missing: let the file say it. */
export interface ImageClaim {
  readonly fileName: string;
  readonly vendor?: string | undefined;
  readonly models?: readonly string[] | undefined;
  readonly version?: string | undefined;
  readonly kind?: ImageKind | undefined;
}

export interface CheckedImage {
  readonly vendor: string;
  /** Ids. */
  readonly models: readonly string[];
  readonly version: string;
  readonly kind: ImageKind;
  readonly recognisedBy: 'header' | 'name' | 'administrator';
}

export interface ImageFault {
  readonly path: 'file' | 'vendor' | 'models' | 'version';
  readonly code: 'not-firmware' | 'wrong-vendor' | 'wrong-model' | 'wrong-version' | 'missing';
  readonly message: string;
}

export type ImageVerdict =
  | { readonly kind: 'accepted'; readonly image: CheckedImage }
  | { readonly kind: 'refused'; readonly faults: readonly ImageFault[] };

const noImageWords: Readonly<Record<NoImage, string>> = {
  empty: 'the file is empty',
  archive: 'the file is an archive: unpack it and upload the firmware files in it',
  'web-page': 'the file is a web page: what was downloaded is not the firmware itself',
  document: 'the file is a PDF document',
};

export function checkImage(
  catalogue: VendorCatalogue,
  claim: ImageClaim,
  head: Buffer,
): ImageVerdict {
  const noImage = findNoImage(head);
  if (noImage !== undefined) {
    return refuse({ path: 'file', code: 'not-firmware', message: noImageWords[noImage] });
  }
  const candidates = recogniseImage(catalogue, claim.fileName, head);
  const image =
    candidates.find(({ vendor }) => vendor.data.id === claim.vendor) ??
    (candidates.length === 1 ? candidates[0] : undefined);
  const vendor = catalogue.find(claim.vendor ?? '') ?? (claim.vendor ? undefined : image?.vendor);
  if (claim.vendor !== undefined && vendor === undefined) {
    return refuse({
      path: 'vendor',
      code: 'wrong-vendor',
      message: `there is no vendor ${claim.vendor}`,
    });
  }
  if (vendor === undefined) {
    return refuse({
      path: 'vendor',
      code: 'missing',
      message: 'neither the file nor its name says of which vendor it is: choose the vendor',
    });
  }
  if (image !== undefined && image.vendor !== vendor) {
    const message = `${claim.fileName} is firmware of ${image.vendor.data.name}, not of ${vendor.data.name}`;
    return refuse({ path: 'vendor', code: 'wrong-vendor', message });
  }
  const contradiction = image === undefined ? undefined : findContradiction(image, claim.fileName);
  if (contradiction !== undefined) {
    return refuse(contradiction);
  }
  const faults: ImageFault[] = [];
  const named = claim.models?.flatMap((spelling) => {
    const model = vendor.findModel(spelling);
    if (model === undefined) {
      const message = `${vendor.data.name} has no model ${spelling}`;
      faults.push({ path: 'models', code: 'wrong-model', message });
    }
    return model === undefined ? [] : [model.id];
  });
  const models = named === undefined || named.length === 0 ? (image?.models ?? []) : named;
  const foreign =
    image === undefined || image.models.length === 0
      ? []
      : models.filter((model) => !image.models.includes(model));
  if (foreign.length > 0) {
    const message = `${claim.fileName} is firmware for ${(image?.models ?? []).join(', ')}, not for ${foreign.join(', ')}`;
    faults.push({ path: 'models', code: 'wrong-model', message });
  } else if (models.length === 0 && faults.length === 0) {
    const message = 'neither the file nor its name says for which models it is: choose the models';
    faults.push({ path: 'models', code: 'missing', message });
  }
  const version = claim.version ?? image?.version;
  if (version === undefined) {
    const message = 'neither the file nor its name says its version: enter it as phones report it';
    faults.push({ path: 'version', code: 'missing', message });
  } else if (image?.version !== undefined && compareImages(version, image.version) !== 0) {
    const message = `${claim.fileName} is version ${image.version}, not ${version}`;
    faults.push({ path: 'version', code: 'wrong-version', message });
  }
  if (faults.length > 0 || version === undefined) {
    return refuse(...faults);
  }
  return {
    kind: 'accepted',
    image: {
      vendor: vendor.data.id,
      models: [...new Set(models)],
      version,
      kind: claim.kind ?? kindOf(image),
      recognisedBy:
        image === undefined || image.models.length === 0 ? 'administrator' : image.evidence,
    },
  };
}

function kindOf(image: RecognisedImage | undefined): ImageKind {
  if (image?.isHandset === true) {
    return 'handset';
  }
  return image?.isPart === true ? 'part' : 'application';
}

/** Header and name of one file that speak of different models. */
function findContradiction(image: RecognisedImage, fileName: string): ImageFault | undefined {
  if (image.evidence !== 'header') {
    return undefined;
  }
  const named = readName(image.vendor, fileName)?.models ?? [];
  const isAgreed =
    named.length === 0 ||
    image.models.length === 0 ||
    named.some((model) => image.models.includes(model));
  return isAgreed
    ? undefined
    : {
        path: 'file',
        code: 'wrong-model',
        message: `the file is called ${fileName}, but inside it is firmware for ${image.models.join(', ')}`,
      };
}

function refuse(...faults: ImageFault[]): ImageVerdict {
  return { kind: 'refused', faults };
}
