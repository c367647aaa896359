/**
 * A host that a scan found → vendor and model, as far as its hardware address and what it says of itself
 * tell. Texts of SIP and web pages follow no pattern: names of models are looked for word by word. Pure.
 */
import type { CompiledVendor } from '../vendors/compile-vendor.ts';
import type { VendorCatalogue } from '../vendors/vendor-catalogue.ts';
import type { Model } from '../vendors/vendor.ts';
import { identifyDevice } from './identify-device.ts';

export interface HostFacts {
  readonly mac: string;
  /** Of an answer by SIP. */
  readonly userAgent: string | undefined;
  /** Title and server of its web page. */
  readonly webTexts: readonly string[];
}

export interface RecognisedHost {
  /** Undefined when nothing tells it, or several are as likely. */
  readonly vendor: CompiledVendor | undefined;
  readonly model: Model | undefined;
  readonly firmware: string | undefined;
}

const maximumTextLength = 200;
const maximumWords = 20;

export function recogniseHost(catalogue: VendorCatalogue, facts: HostFacts): RecognisedHost {
  const { mac, userAgent, webTexts } = facts;
  const identified = identifyDevice(catalogue, {
    neighbourMac: mac,
    ...(userAgent === undefined ? {} : { userAgent }),
  });
  const texts = [userAgent ?? '', ...webTexts].map((text) => text.slice(0, maximumTextLength));
  const { vendor, model, firmware } = identified;
  if (model !== undefined) {
    return { vendor, model, firmware };
  }
  const words = texts.flatMap(wordsOf);
  for (const candidates of [
    vendor === undefined ? identified.tied : [vendor],
    catalogue.vendors.filter(({ data }) => isNamed(data.name, texts)),
  ]) {
    const found = candidates.flatMap((candidate) => {
      const named = findModel(candidate, words);
      return named === undefined ? [] : [{ vendor: candidate, model: named, firmware }];
    });
    const [only, ...others] = found;
    if (only !== undefined && others.length === 0) {
      return only;
    }
    if (candidates.length === 1) {
      return { vendor: candidates[0], model: undefined, firmware };
    }
  }
  return { vendor, model: undefined, firmware };
}

function findModel(vendor: CompiledVendor, words: readonly string[]): Model | undefined {
  for (const word of words) {
    const model = vendor.findModel(word);
    if (model !== undefined) {
      return model;
    }
  }
  return undefined;
}

/** `snomD785/10.1.33` → snomD785, D785 …: models have a digit, and rarely stand alone. */
function wordsOf(text: string): readonly string[] {
  return text
    .split(/[\s/,;()|]+/)
    .flatMap((word) => [word, ...word.split('-'), word.replace(/^[a-z]+(?=[A-Z]\w*\d)/, '')])
    .filter(
      (word) => word.length >= 3 && word.length <= 32 && /\d/.test(word) && /[A-Za-z]/.test(word),
    )
    .slice(0, maximumWords);
}

function isNamed(name: string, texts: readonly string[]): boolean {
  const [first = ''] = name.toLowerCase().split(/[^a-z]+/);
  return first.length >= 4 && texts.some((text) => text.toLowerCase().includes(first));
}
