/**
 * Requests of devices, whatever protocol they come by: who asks, for what, may they have it, and
 * then the file. Everything that is refused looks alike.
 */
import {
  identifyDevice,
  type DeviceFacts,
  type Identified,
} from '../../../../provisioning/identify/identify-device.ts';
import { matchRequest } from '../../../../provisioning/identify/match-request.ts';
import {
  decideAccess,
  type Access,
  type TokenKind,
} from '../../../../provisioning/http/decide-access.ts';
import type { FileContent, StoredFile } from '../../../../provisioning/http/serve-file.ts';
import type { RequestPattern } from '../../../../provisioning/vendors/vendor.ts';
import type { Device } from '../../../configuration/entities/device.ts';
import type { Clock } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import { readNeighbours } from '../../../foundation/neighbour-table.ts';
import { isLocalAddress } from '../../accounts/factory-password.ts';
import type { DeviceCertificate } from '../../device-access/device-certificate.ts';
import type { Stored } from '../../configuration-store/configuration-store.ts';
import { isPhonebookPath } from '../../phonebooks/phones/device-phonebook.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { RejectedDirectory } from '../directory/rejected-directory.ts';
import type { DeviceFiles, VendorAndModel } from '../files/device-files.ts';
import type { DeviceHistory } from '../device-state/device-history.ts';
import type { ServedImages } from '../firmware/served-images.ts';
import { isDeviceAddress } from '../devices/device-address.ts';
import type { DoubtfulDevices } from '../devices/doubtful-devices.ts';
import type { NewDevices } from '../devices/new-devices.ts';
import type { ProvisioningWindow } from '../access/provisioning-window.ts';
import type { ScanWatch } from '../access/scan-watch.ts';
import type { SeenDevices } from '../device-state/seen-devices.ts';
import { digestOf, type ServedFiles } from '../device-state/served-files.ts';
import type { SiteSettingsService } from '../shared-settings/site-settings-service.ts';
import type { TemporaryTokens } from '../access/temporary-tokens.ts';
import type { UnclearDevices } from '../devices/unclear-devices.ts';
import { RequesterLookup, type RequesterLookupOptions } from './requester-lookup.ts';

export interface DeviceRequest {
  readonly protocol: 'https' | 'http' | 'tftp' | 'ftp';
  readonly token: string | undefined;
  /** Normalised, without prefix and token. */
  readonly path: string;
  /** Only asks about the file (HEAD): it has not got it then. */
  readonly isInquiry?: boolean | undefined;
  /** What follows the `?` of the address. */
  readonly query?: string | undefined;
  readonly userAgent: string | undefined;
  /** Address of the device. */
  readonly source: string;
  /** The address of ours that it reached. */
  readonly reached: string | undefined;
  /** Of a device that showed one whose chain was verified. */
  readonly certificate?: DeviceCertificate | undefined;
}

export interface FileServiceOptions extends RequesterLookupOptions {
  readonly directory: DeviceDirectory;
  readonly rejected: Pick<RejectedDirectory, 'refuses'>;
  readonly newDevices: Pick<NewDevices, 'add'>;
  readonly files: DeviceFiles;
  readonly seen: SeenDevices;
  readonly served: ServedFiles;
  readonly history: DeviceHistory;
  readonly site: Pick<SiteSettingsService, 'current'>;
  readonly window: ProvisioningWindow;
  readonly temporaryTokens: TemporaryTokens;
  readonly images: Pick<ServedImages, 'find' | 'findFor'>;
  /** The phonebook of a device that may have its passwords, in the form of its vendor. */
  readonly findPhonebook: (
    device: Stored<Device>,
    request: DeviceRequest,
  ) => Promise<FileContent | undefined>;
  readonly scans: ScanWatch;
  readonly unclear: Pick<UnclearDevices, 'note' | 'forget'>;
  readonly doubtful: Pick<DoubtfulDevices, 'noteMacs' | 'noteAddress'>;
  /** What the device itself stored here to read it back. */
  readonly findOverride: (mac: string, path: string) => Promise<FileContent | undefined>;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly logger: Logger;
}

const dayMs = 86_400_000;

export class FileService {
  readonly #options: FileServiceOptions;
  readonly #requesters: RequesterLookup;

  constructor(options: FileServiceOptions) {
    this.#options = options;
    this.#requesters = new RequesterLookup(options);
  }

  /** Undefined: a 404. Rejects when a file cannot be made. */
  async find(request: DeviceRequest): Promise<FileContent | StoredFile | undefined> {
    const image = this.#options.images.find(request);
    if (image !== undefined) {
      return image;
    }
    if (isPhonebookPath(request.path)) {
      return this.#findPhonebook(request);
    }
    const identified = await this.#identify(request);
    const { mac, token } = this.#requesters.find(request, identified);
    const { directory, rejected, scans, unclear } = this.#options;
    // Nobody guesses what is not in the request.
    const isClaimed = identified.macSource !== 'neighbour';
    if (request.token !== undefined && token === 'none') {
      this.#noteMiss(request, `${request.token} ${identified.mac ?? ''}`);
    }
    if (mac === undefined || !isDeviceAddress(mac)) {
      return undefined;
    }
    // Somebody knows of it already: it goes on asking, which is no guessing.
    if (rejected.refuses(mac)) {
      return undefined;
    }
    if (token === 'none' && scans.isBlocked(request.source)) {
      return undefined;
    }
    const known = directory.find(mac);
    const device = known ?? (await this.#discover(mac, request, identified));
    if (device === undefined) {
      if (isClaimed) {
        this.#noteMiss(request, mac);
      }
      return undefined;
    }
    unclear.forget(mac);
    // A token that is older than the device's place in the list was for the one before it.
    const access = this.#decide(device, request, known === undefined ? 'none' : token);
    if (access === 'refuse') {
      if (isClaimed) {
        this.#noteMiss(request, mac);
        this.#refuse(mac, request);
      }
      return undefined;
    }
    this.#note(device, request, identified);
    const override =
      access === 'secure' && token === 'own'
        ? await this.#options.findOverride(mac, request.path)
        : undefined;
    if (override !== undefined) {
      return override;
    }
    const custom = access === 'secure' ? await this.#findCustom(device, request) : undefined;
    if (custom !== undefined) {
      return custom;
    }
    const kind = this.#options.files.modelOf(device);
    const pattern =
      kind === undefined ? undefined : this.#findPattern(kind, request, identified, mac);
    if (pattern?.isFirmware === true) {
      return this.#options.images.findFor(device.id, request);
    }
    if (kind === undefined || pattern?.file === undefined) {
      return undefined;
    }
    return this.#render(device, kind, pattern.file, access, request, token);
  }

  /**
   * Some phones begin with a file of their model and tell nothing of themselves. In our own network the
   * kernel knows whose address it is.
   */
  async #identify(request: DeviceRequest): Promise<Identified> {
    const facts = toFacts(request);
    const identified = identifyDevice(this.#options.catalogue, facts);
    const { protocol, token, source } = request;
    const tellsNobody =
      identified.mac === undefined &&
      identified.request !== undefined &&
      token === undefined &&
      protocol !== 'https' &&
      isLocalAddress(source);
    if (!tellsNobody) {
      return identified;
    }
    const neighbours = await readNeighbours();
    const neighbourMac = neighbours.find(({ address }) => address === source)?.mac;
    return neighbourMac === undefined
      ? identified
      : identifyDevice(this.#options.catalogue, { ...facts, neighbourMac });
  }

  /**
   * Under the device's own token only. Several vendors' phones use the name: it says nothing about
   * what the device is.
   */
  async #findPhonebook(request: DeviceRequest): Promise<FileContent | undefined> {
    const { token, source } = request;
    const shown = token === undefined ? undefined : this.#requesters.findToken(token, source);
    if (token !== undefined && shown === undefined) {
      this.#noteMiss(request, token);
    }
    const device = shown === undefined ? undefined : this.#options.directory.find(shown.mac);
    return shown !== undefined &&
      device !== undefined &&
      this.#decide(device, request, shown.token) === 'secure'
      ? this.#options.findPhonebook(device, request)
      : undefined;
  }

  /** TFTP has no connection: its requests may come with any address. */
  #noteMiss({ source, protocol }: DeviceRequest, wanted: string): void {
    this.#options.scans.note({ source, isProven: protocol !== 'tftp', wanted });
  }

  #decide({ document }: Stored<Device>, request: DeviceRequest, token: TokenKind): Access {
    const { mac, tftpException } = document;
    return decideAccess({
      token,
      isEncrypted: request.protocol === 'https',
      isLocal: isLocalAddress(request.source),
      isExpected: this.isExpected(mac),
      isException: tftpException,
    });
  }

  /** Whether the device may make its first contact now. */
  isExpected(mac: string): boolean {
    const { seen, window, site, clock } = this.#options;
    const { announcedAtMs, provisionedAtMs } = seen.find(mac);
    const isAnnounced =
      announcedAtMs !== undefined &&
      provisionedAtMs === undefined &&
      clock.wallMs() - announcedAtMs < site.current.announcedDays * dayMs;
    return isAnnounced || window.admits(mac, provisionedAtMs !== undefined);
  }

  /** A device that nobody knows, while the window is open: it comes into the list. */
  async #discover(
    mac: string,
    request: DeviceRequest,
    identified: Identified,
  ): Promise<Stored<Device> | undefined> {
    const { vendor, tied } = identified;
    const { window, unclear } = this.#options;
    const { source } = request;
    if (!isLocalAddress(source)) {
      return undefined;
    }
    if (vendor === undefined) {
      if (tied.length > 0 && window.admits(mac, false)) {
        unclear.note({ mac, source, vendors: tied.map(({ data }) => data.name) });
      }
      return undefined;
    }
    if (!window.admitNew(mac, source)) {
      return undefined;
    }
    return this.discover(mac, vendor.data.id, request.source);
  }

  /** Puts a device into the list. Undefined when the configuration cannot be changed now. */
  discover(mac: string, vendor: string, source: string): Promise<Stored<Device> | undefined> {
    return this.#options.newDevices.add({ mac, vendor, source });
  }

  /** A file that the administrator wrote: its name is exact, and only whoever names it gets it. */
  async #findCustom(
    device: Stored<Device>,
    request: DeviceRequest,
  ): Promise<FileContent | undefined> {
    const { path } = request;
    const { files, clock } = this.#options;
    const text = await files.findCustom(device, path);
    if (text === undefined) {
      return undefined;
    }
    const bytes = Buffer.from(text, 'utf8');
    this.#record(device.document.mac, 'fetched', path, request);
    const entityTag = digestOf(bytes).slice(0, 32);
    return { bytes, contentType: 'text/plain', entityTag, modifiedMs: clock.wallMs() };
  }

  /** Whose device it is, is known here: it may write its MAC in letters of either case. */
  #findPattern(
    { vendor }: VendorAndModel,
    { path }: DeviceRequest,
    identified: Identified,
    mac: string,
  ): RequestPattern | undefined {
    if (identified.request?.vendor === vendor) {
      return identified.request.request;
    }
    const written = new RegExp(mac, 'i');
    const spellings = [path, path.replace(written, mac), path.replace(written, mac.toUpperCase())];
    return spellings
      .flatMap((spelling) => matchRequest(this.#options.catalogue, spelling))
      .find((match) => match.vendor === vendor)?.request;
  }

  async #render(
    device: Stored<Device>,
    known: VendorAndModel,
    fileId: string,
    access: Exclude<Access, 'refuse'>,
    request: DeviceRequest,
    token: TokenKind,
  ): Promise<FileContent | undefined> {
    const { files, served, seen, temporaryTokens, clock } = this.#options;
    const { mac } = device.document;
    const secure =
      access === 'secure'
        ? await files.render(device, known, fileId, 'secure', request.reached)
        : undefined;
    const urlToken = access === 'secure' ? 'own' : 'temporary';
    const file =
      secure ?? (await files.render(device, known, fileId, 'bootstrap', request.reached, urlToken));
    if (file === undefined) {
      return undefined;
    }
    const bytes = await file.write();
    if (secure === undefined) {
      this.#record(mac, 'bootstrap', file.name, request);
      const entityTag = digestOf(bytes).slice(0, 32);
      return { bytes, contentType: file.contentType, entityTag, modifiedMs: clock.wallMs() };
    }
    const { contentType } = file;
    if (request.isInquiry === true) {
      const digest = digestOf(bytes);
      const present = served.find(mac, fileId);
      const modifiedMs = present?.digest === digest ? present.atMs : clock.wallMs();
      return { bytes, contentType, entityTag: digest.slice(0, 32), modifiedMs };
    }
    this.#record(mac, 'fetched', file.name, request);
    const { digest, atMs } = await served.note(mac, fileId, file, bytes);
    // Only with its own token is it sure that the device has stored it; an exception has none.
    const isProvisioned =
      token === 'own' ||
      token === 'certificate' ||
      (token === 'none' && device.document.tftpException);
    if (isProvisioned && file.isSecret) {
      const isFirst = seen.find(mac).provisionedAtMs === undefined;
      seen.change(mac, { provisionedAtMs: clock.wallMs(), announcedAtMs: undefined });
      temporaryTokens.revoke(mac);
      if (isFirst) {
        // No crash may open the first contact again to whoever knows the MAC.
        await seen.flush();
      }
    }
    const entityTag = digest.slice(0, 32);
    return { bytes, contentType, entityTag, modifiedMs: atMs };
  }

  #record(
    mac: string,
    kind: 'bootstrap' | 'fetched' | 'refused',
    name: string,
    { protocol, source, isInquiry }: DeviceRequest,
  ): void {
    if (isInquiry !== true) {
      const facts = { file: name, protocol: protocol.toUpperCase() };
      const notes = [{ code: 'by-protocol', facts }] as const;
      this.#options.history.add({ mac, kind, address: source, notes });
    }
  }

  #refuse(mac: string, request: DeviceRequest): void {
    const { logger } = this.#options;
    this.#record(mac, 'refused', request.path.slice(0, 100), request);
    logger.debug('A device was refused its files', { mac, source: request.source });
  }

  /** What the device told of itself; only believed of one that may have its files. */
  #note({ document }: Stored<Device>, request: DeviceRequest, identified: Identified): void {
    const { seen, clock, doubtful } = this.#options;
    const { mac } = document;
    const isSame = identified.mac === undefined || identified.mac === mac;
    const { vendor, model, firmware, macConflict } = identified;
    const others = new Set(macConflict.map((told) => told.mac).filter((told) => told !== mac));
    doubtful.noteMacs(mac, request.source, [...others]);
    if (request.isInquiry !== true) {
      doubtful.noteAddress(mac, request.source);
    }
    seen.change(mac, {
      lastSeenAtMs: clock.wallMs(),
      address: request.source,
      reached: request.reached,
      ...(request.userAgent === undefined || !isSame
        ? {}
        : { userAgent: request.userAgent.slice(0, 200) }),
      ...(vendor === undefined || !isSame ? {} : { vendor: vendor.data.id }),
      ...(model === undefined || !isSame ? {} : { model: model.id }),
      ...(firmware === undefined || !isSame ? {} : { firmware }),
    });
  }
}

function toFacts({ path, userAgent }: DeviceRequest): DeviceFacts {
  return { path, ...(userAgent === undefined ? {} : { userAgent }) };
}
