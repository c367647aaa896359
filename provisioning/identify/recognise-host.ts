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
  /** Those that are as likely, while none of them is told: two families of one maker. */
  readonly possible: readonly CompiledVendor[];
  readonly model: Model | undefined;
  readonly firmware: string | undefined;
}

const maximumTextLength = 200;
const maximumWords = 20;
/** `SPA504G`, `GXP2170`. */
const tellingModel = /^[A-Z]{2,4}\d{3,4}[A-Z]{0,2}$/;
const phoneWords = /\b(?:(?:ip|sip|voip|desk)[ -]?(?:tele)?phone|voip|dect)\b/i;
/** How Cisco writes its phones, whose names are numbers. */
const numberedPhone = /^CP-?(?=\d{4})/;

export function recogniseHost(catalogue: VendorCatalogue, facts: HostFacts): RecognisedHost {
  const { mac, userAgent, webTexts } = facts;
  const identified = identifyDevice(catalogue, {
    neighbourMac: mac,
    ...(userAgent === undefined ? {} : { userAgent }),
  });
  const texts = [userAgent ?? '', ...webTexts].map((text) => text.slice(0, maximumTextLength));
  const { vendor, model, firmware } = identified;
  if (model !== undefined) {
    return { vendor, possible: [], model, firmware };
  }
  const words = texts.flatMap(wordsOf);
  for (const candidates of [
    vendor === undefined ? identified.tied : [vendor],
    catalogue.vendors.filter(({ data }) => isNamed(data.name, texts)),
  ]) {
    const only = findOnly(candidates, words);
    if (only !== undefined) {
      return { ...only, possible: [], firmware };
    }
    if (candidates.length === 1) {
      return { vendor: candidates[0], possible: [], model: undefined, firmware };
    }
  }
  // Pages that name the model alone: only names that nothing else bears by chance.
  const certain = vendor === undefined ? words.filter((word) => tellingModel.test(word)) : [];
  const only = findOnly(catalogue.vendors, certain);
  return only === undefined
    ? { vendor, possible: identified.tied, model: undefined, firmware }
    : { ...only, possible: [], firmware };
}

/** Whether somebody whose hardware address tells nothing calls himself a phone. */
export function isCalledPhone(texts: readonly string[]): boolean {
  return texts.some((text) => phoneWords.test(text.slice(0, maximumTextLength)));
}

/** The model that a word names, when it is one of a single vendor. */
function findOnly(candidates: readonly CompiledVendor[], words: readonly string[]) {
  const [only, ...others] = candidates.flatMap((vendor) => {
    const model = findModel(vendor, words);
    return model === undefined ? [] : [{ vendor, model }];
  });
  return others.length === 0 ? only : undefined;
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
    .flatMap((word) =>
      numberedPhone.test(word)
        ? [word, word.replace(numberedPhone, '').split('-', 1).join('')]
        : [word, ...word.split('-'), word.replace(/^[a-z]+(?=[A-Z]\w*\d)/, '')].filter(isName),
    )
    .slice(0, maximumWords);
}

function isName(word: string): boolean {
  return word.length >= 3 && word.length <= 32 && /\d/.test(word) && /[A-Za-z]/.test(word);
}

function isNamed(name: string, texts: readonly string[]): boolean {
  const [first = ''] = name.toLowerCase().split(/[^a-z]+/);
  return first.length >= 4 && texts.some((text) => text.toLowerCase().includes(first));
}
