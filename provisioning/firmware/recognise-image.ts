/**
 * What a file of firmware is: vendor, models and version, from its first bytes and its name. The
 * header is believed more than the name; where they contradict each other the file is refused. Pure.
 */
import type { CompiledVendor } from '../vendors/compile-vendor.ts';
import type { VendorCatalogue } from '../vendors/vendor-catalogue.ts';
import type { FirmwareHeader, HeaderText } from './firmware-facts.ts';

/** So many first bytes of a file are looked at. */
export const imageHeadBytes = 1_024;

/** Why a file is no firmware, in the words of whoever chose it. */
export type NoImage = 'empty' | 'archive' | 'web-page' | 'document';

export interface RecognisedImage {
  readonly vendor: CompiledVendor;
  /** Ids; empty: the vendor's, but nobody knows of which models. */
  readonly models: readonly string[];
  readonly version: string | undefined;
  readonly isPart: boolean;
  readonly isHandset: boolean;
  /** What spoke for it. */
  readonly evidence: 'header' | 'name';
}

const maximumNameLength = 200;

/** Undefined: it may be firmware. */
export function findNoImage(head: Buffer): NoImage | undefined {
  if (head.length === 0) {
    return 'empty';
  }
  const text = head.subarray(0, 64).toString('latin1').trimStart().toLowerCase();
  if (text.startsWith('<!doctype') || text.startsWith('<html')) {
    return 'web-page';
  }
  if (text.startsWith('%pdf')) {
    return 'document';
  }
  const magic = head.subarray(0, 4).toString('hex');
  return magic === '504b0304' || magic === '52617221' || magic.startsWith('377abcaf')
    ? 'archive'
    : undefined;
}

/** Every vendor that may have made it, those whose header it carries first. */
export function recogniseImage(
  catalogue: VendorCatalogue,
  fileName: string,
  head: Buffer,
): readonly RecognisedImage[] {
  const byHeader: RecognisedImage[] = [];
  const byName: RecognisedImage[] = [];
  for (const vendor of catalogue.vendors) {
    const name = readName(vendor, fileName);
    const header = readHeader(vendor, head);
    if (header !== undefined) {
      byHeader.push({
        ...header,
        models: header.models.length === 0 ? (name?.models ?? []) : header.models,
        version: header.version ?? name?.version,
        isPart: name?.isPart ?? false,
        isHandset: name?.isHandset ?? false,
      });
    } else if (name !== undefined) {
      byName.push(name);
    }
  }
  return byHeader.length > 0 ? byHeader : byName;
}

/** What the name alone says, for finding contradictions with the header. */
export function readName(vendor: CompiledVendor, fileName: string): RecognisedImage | undefined {
  const name = fileName.slice(0, maximumNameLength);
  for (const { pattern, models, isPart, isHandset } of vendor.data.firmware.names) {
    const match = pattern.exec(name);
    if (match === null) {
      continue;
    }
    const groups: Readonly<Record<string, string | undefined>> = match.groups ?? {};
    const spellings = [groups['model'], ...(groups['others']?.split(',') ?? [])];
    const found = new Set(models);
    for (const id of modelsOf(vendor, groups['hardware'])) {
      found.add(id);
    }
    for (const spelling of spellings) {
      for (const id of modelsOf(vendor, spelling)) {
        found.add(id);
      }
    }
    return {
      vendor,
      models: [...found],
      version: toVersion(groups['version']),
      isPart: isPart === true,
      isHandset: isHandset === true,
      evidence: 'name',
    };
  }
  return undefined;
}

function readHeader(
  vendor: CompiledVendor,
  head: Buffer,
): Omit<RecognisedImage, 'isPart' | 'isHandset'> | undefined {
  for (const header of vendor.data.firmware.headers) {
    const magic = Buffer.from(header.magic, 'hex');
    if (head.length < magic.length || !head.subarray(0, magic.length).equals(magic)) {
      continue;
    }
    const found = new Set<string>();
    for (const id of modelsOf(vendor, readHardware(header, head))) {
      found.add(id);
    }
    for (const id of modelsOf(vendor, readText(header.model, head))) {
      found.add(id);
    }
    return {
      vendor,
      models: [...found],
      version: toVersion(readText(header.version, head)),
      evidence: 'header',
    };
  }
  return undefined;
}

function readHardware({ hardwareOffset }: FirmwareHeader, head: Buffer): string | undefined {
  return hardwareOffset === undefined || head.length < hardwareOffset + 4
    ? undefined
    : String(head.readUInt32BE(hardwareOffset));
}

function readText(place: HeaderText | undefined, head: Buffer): string | undefined {
  if (place === undefined || head.length < place.offset + place.length) {
    return undefined;
  }
  const bytes = head.subarray(place.offset, place.offset + place.length);
  const end = bytes.indexOf(0);
  const text = bytes.subarray(0, end === -1 ? bytes.length : end).toString('latin1');
  if (!/^[\x20-\x7e]+$/.test(text)) {
    return undefined;
  }
  return place.pattern === undefined ? text : place.pattern.exec(text)?.groups?.['value'];
}

/** A number or part of hardware, a product number, or a spelling. */
function modelsOf(vendor: CompiledVendor, key: string | undefined): readonly string[] {
  if (key === undefined || key === '') {
    return [];
  }
  const { hardware } = vendor.data.firmware;
  const listed = hardware !== undefined && Object.hasOwn(hardware, key) ? hardware[key] : undefined;
  if (listed !== undefined) {
    return listed;
  }
  const model = vendor.findModel(key) ?? vendor.findModelByProduct(key);
  return model === undefined || model.id === vendor.data.genericModel ? [] : [model.id];
}

/** Dashes and underscores between numbers are dots in what devices report. */
function toVersion(text: string | undefined): string | undefined {
  const version = text?.replace(/(?<=\w)[-_](?=\d)/g, '.');
  return version !== undefined && /^\d[\w.]{0,39}$/.test(version) ? version : undefined;
}
