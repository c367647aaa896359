/**
 * Facts about a request or an announcement → which device it is, with the evidence. A stronger kind
 * of evidence outweighs all weaker ones together; equal scores are a tie and are reported, never
 * decided by chance.
 */
import { parseMac } from '../mac.ts';
import type { CompiledVendor } from '../vendors/compile-vendor.ts';
import type { VendorCatalogue } from '../vendors/vendor-catalogue.ts';
import type { Model } from '../vendors/vendor.ts';
import { matchRequest, type RequestMatch } from './match-request.ts';

export interface DeviceFacts {
  /** Normalised path or TFTP name. */
  readonly path?: string;
  readonly userAgent?: string;
  /** From the DHCP lease or the neighbour table of the source address: the weakest source. */
  readonly neighbourMac?: string;
  /** DHCP option 60 as text. */
  readonly vendorClass?: string;
  /** Of a client certificate whose chain was verified, as Node or RFC 4514 writes the names. */
  readonly certificate?: { readonly subject: string; readonly issuer: string };
  /** SIP PnP: the parameters of the ua-profile event and the MAC of its request URI. */
  readonly announcement?: {
    readonly vendor: string;
    readonly model: string;
    readonly version: string;
    readonly mac?: string;
  };
}

export type EvidenceKind =
  | 'certificate'
  | 'file-name'
  | 'user-agent'
  | 'mac-prefix'
  | 'vendor-class'
  | 'announcement'
  | 'shared-file-name';

export interface Evidence {
  readonly kind: EvidenceKind;
  readonly weight: number;
}

export interface Candidate {
  readonly vendor: CompiledVendor;
  readonly score: number;
  readonly evidence: readonly Evidence[];
}

export type MacSource = 'certificate' | 'path' | 'announcement' | 'user-agent' | 'neighbour';

export interface Identified {
  /** Best first. */
  readonly candidates: readonly Candidate[];
  /** The only candidate with the best score. */
  readonly vendor?: CompiledVendor;
  /** Candidates that share the best score; empty when one won or none was found. */
  readonly tied: readonly CompiledVendor[];
  readonly mac?: string;
  readonly macSource?: MacSource;
  /** Every MAC that was seen, when they disagree. */
  readonly macConflict: readonly { readonly source: MacSource; readonly mac: string }[];
  readonly model?: Model;
  /** As the device spells it, also when no model of the vendor is called so. */
  readonly reportedModel?: string;
  readonly firmware?: string;
  readonly serial?: string;
  /** What the path asks for, as the winning vendor understands it. */
  readonly request?: RequestMatch;
}

/** Each weight is more than all below it together. */
const requestWeights: Readonly<Record<EvidenceKind, number>> = {
  certificate: 64,
  'file-name': 32,
  'user-agent': 16,
  'mac-prefix': 8,
  'vendor-class': 4,
  announcement: 2,
  'shared-file-name': 1,
};
/** A multicast announcement is trusted in another order: OEMs leave foreign names in it. */
const announcementWeights: Readonly<Record<EvidenceKind, number>> = {
  ...requestWeights,
  'mac-prefix': 32,
  announcement: 16,
  'user-agent': 8,
};

const maximumTextLength = 512;
/** What some devices send before they know their own address. */
const placeholderMacs: ReadonlySet<string> = new Set(['000413000000', '000000000000']);

export function identifyDevice(catalogue: VendorCatalogue, facts: DeviceFacts): Identified {
  const announced = findAnnounced(catalogue, facts.announcement);
  const readings = catalogue.vendors.map((vendor) => readFacts(vendor, facts, announced));
  const requests = facts.path === undefined ? [] : matchRequest(catalogue, facts.path);
  const macs = collectMacs(facts, readings, requests);
  const best = macs[0];
  const byPrefix = best === undefined ? [] : catalogue.findByMac(best.mac);
  const weights = facts.announcement === undefined ? requestWeights : announcementWeights;

  const candidates = readings
    .map((reading): Candidate => {
      const request = requests.find(({ vendor }) => vendor === reading.vendor);
      const kinds: EvidenceKind[] = [...reading.kinds];
      if (request !== undefined) {
        kinds.push(request.request.isShared === true ? 'shared-file-name' : 'file-name');
      }
      if (byPrefix.includes(reading.vendor)) {
        kinds.push('mac-prefix');
      }
      const evidence = kinds.map((kind): Evidence => ({ kind, weight: weights[kind] }));
      return {
        vendor: reading.vendor,
        score: evidence.reduce((sum, { weight }) => sum + weight, 0),
        evidence,
      };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);

  const top = candidates.filter(({ score }) => score === candidates[0]?.score);
  const vendor = top.length === 1 ? top[0]?.vendor : undefined;
  const reading = readings.find((candidate) => candidate.vendor === vendor);
  const request = requests.find((match) => match.vendor === vendor);
  const reportedModel = reading?.model ?? request?.model;
  const model =
    vendor === undefined
      ? undefined
      : ((reportedModel === undefined ? undefined : vendor.findModel(reportedModel)) ??
        (request?.product === undefined ? undefined : vendor.findModelByProduct(request.product)));
  return {
    candidates,
    tied: top.length > 1 ? top.map((candidate) => candidate.vendor) : [],
    macConflict: new Set(macs.map(({ mac }) => mac)).size > 1 ? macs : [],
    ...(vendor === undefined ? {} : { vendor }),
    ...(best === undefined ? {} : { mac: best.mac, macSource: best.source }),
    ...(model === undefined ? {} : { model }),
    ...(reportedModel === undefined ? {} : { reportedModel }),
    ...(reading?.firmware === undefined ? {} : { firmware: reading.firmware }),
    ...(reading?.serial === undefined ? {} : { serial: reading.serial }),
    ...(request === undefined ? {} : { request }),
  };
}

/** What one vendor's patterns find in the facts. */
interface Reading {
  readonly vendor: CompiledVendor;
  readonly kinds: readonly EvidenceKind[];
  readonly model?: string;
  readonly firmware?: string;
  readonly serial?: string;
  readonly certificateMac?: string;
  readonly userAgentMac?: string;
}

type Groups = Readonly<Record<string, string | undefined>>;

/**
 * Whom the name in an announcement means. One name may stand for several families, as that of Snom for
 * desk phones and for DECT bases: then those that have a model of this name, if any.
 */
function findAnnounced(
  catalogue: VendorCatalogue,
  announcement: DeviceFacts['announcement'],
): readonly CompiledVendor[] {
  if (announcement === undefined) {
    return [];
  }
  const named = catalogue.vendors.filter(({ data }) =>
    data.identification.pnpVendors.includes(announcement.vendor.toLowerCase()),
  );
  const knowing = named.filter((vendor) => vendor.findModel(announcement.model) !== undefined);
  return knowing.length === 0 ? named : knowing;
}

function readFacts(
  vendor: CompiledVendor,
  facts: DeviceFacts,
  announced: readonly CompiledVendor[],
): Reading {
  const { identification } = vendor.data;
  const kinds: EvidenceKind[] = [];
  const certificate = readCertificate(vendor, facts);
  if (certificate !== undefined) {
    kinds.push('certificate');
  }
  const userAgent = firstMatch(identification.userAgents, facts.userAgent);
  if (userAgent !== undefined) {
    kinds.push('user-agent');
  }
  const vendorClass = firstMatch(identification.vendorClasses, facts.vendorClass);
  if (vendorClass !== undefined) {
    kinds.push('vendor-class');
  }
  const { announcement } = facts;
  const isAnnounced = announcement !== undefined && announced.includes(vendor);
  if (isAnnounced) {
    kinds.push('announcement');
  }
  const model =
    userAgent?.['model'] ??
    certificate?.['model'] ??
    (isAnnounced ? announcement.model : undefined) ??
    vendorClass?.['model'];
  const firmware = userAgent?.['firmware'] ?? (isAnnounced ? announcement.version : undefined);
  const serial = userAgent?.['serial'] ?? certificate?.['serial'];
  const certificateMac = parseMac(certificate?.['mac'] ?? '');
  const userAgentMac = parseMac(userAgent?.['mac'] ?? '');
  return {
    vendor,
    kinds,
    ...(model === undefined ? {} : { model }),
    ...(firmware === undefined ? {} : { firmware }),
    ...(serial === undefined ? {} : { serial }),
    ...(certificateMac === undefined ? {} : { certificateMac }),
    ...(userAgentMac === undefined ? {} : { userAgentMac }),
  };
}

function readCertificate(vendor: CompiledVendor, facts: DeviceFacts): Groups | undefined {
  const { certificate } = facts;
  if (certificate === undefined) {
    return undefined;
  }
  const subject = toOneLine(certificate.subject);
  const issuer = toOneLine(certificate.issuer);
  for (const pattern of vendor.data.identification.certificates) {
    const isIssuer = pattern.issuer?.test(issuer.slice(0, maximumTextLength)) ?? true;
    const groups = isIssuer ? firstMatch([pattern.subject], subject) : undefined;
    if (groups !== undefined) {
      return groups;
    }
  }
  return undefined;
}

/** Node writes a distinguished name with one attribute to a line, RFC 4514 with commas. */
function toOneLine(name: string): string {
  return name.replaceAll('\n', ',');
}

function firstMatch(patterns: readonly RegExp[], text: string | undefined): Groups | undefined {
  if (text === undefined) {
    return undefined;
  }
  const bounded = text.slice(0, maximumTextLength);
  for (const pattern of patterns) {
    const match = pattern.exec(bounded);
    if (match !== null) {
      return match.groups ?? {};
    }
  }
  return undefined;
}

/** Best source first: certificate, path, announcement, User-Agent, neighbour table. */
function collectMacs(
  facts: DeviceFacts,
  readings: readonly Reading[],
  requests: readonly RequestMatch[],
): { source: MacSource; mac: string }[] {
  const found: { source: MacSource; mac: string | undefined }[] = [
    ...readings.map(({ certificateMac }) => ({
      source: 'certificate' as const,
      mac: certificateMac,
    })),
    ...requests.map(({ mac }) => ({ source: 'path' as const, mac })),
    { source: 'announcement', mac: parseMac(facts.announcement?.mac ?? '') },
    ...readings.map(({ userAgentMac }) => ({ source: 'user-agent' as const, mac: userAgentMac })),
    { source: 'neighbour', mac: parseMac(facts.neighbourMac ?? '') },
  ];
  const seen = new Set<string>();
  return found.flatMap(({ source, mac }) => {
    if (mac === undefined || placeholderMacs.has(mac) || seen.has(`${source} ${mac}`)) {
      return [];
    }
    seen.add(`${source} ${mac}`);
    return [{ source, mac }];
  });
}
