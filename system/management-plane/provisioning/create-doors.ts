/** Everything by which devices ask, and by which new ones come into the list. Nothing is open yet. */
import { join } from 'node:path';
import { CertificateAlarms } from '../device-access/certificate-alarms.ts';
import { Doors } from '../device-access/doors.ts';
import { isPhonebookPath } from '../phonebooks/phones/device-phonebook.ts';
import { createSourceFilter } from '../source-filter.ts';
import { DoubtfulDevices } from './devices/doubtful-devices.ts';
import { NewDevices } from './devices/new-devices.ts';
import { UnclearDevices } from './devices/unclear-devices.ts';
import { ClosedDoors, doorNames } from './doors/closed-doors.ts';
import { DhcpService } from './doors/dhcp-service.ts';
import { FtpFront } from './doors/ftp-front.ts';
import { FileService, type FileServiceOptions } from './doors/file-service.ts';
import { PnpFront } from './doors/pnp-front.ts';
import { TftpFront } from './doors/tftp-front.ts';
import type { DeviceFiles } from './files/device-files.ts';
import type { DeviceParts } from './open-device-parts.ts';
import type { PhonebookDevices } from './phone-users/phonebook-devices.ts';
import type { ProvisioningOptions } from './provisioning-options.ts';

export interface DoorsContext {
  readonly options: ProvisioningOptions;
  readonly parts: DeviceParts;
  readonly files: DeviceFiles;
  readonly phonebookDevices: PhonebookDevices;
  readonly images: FileServiceOptions['images'];
}

export interface AllDoors {
  readonly newDevices: NewDevices;
  /** Whatever the protocol. */
  readonly requests: FileService;
  /** Those with certificates, to services of vendors and to the pages of phones. */
  readonly doors: Doors;
  readonly tftp: TftpFront;
  readonly ftp: FtpFront;
  readonly pnp: PnpFront;
  readonly dhcp: DhcpService;
}

export function createDoors(context: DoorsContext): AllDoors {
  const { options, parts, files, phonebookDevices, images } = context;
  const { clock, logger, listenAddresses, dataDirectory, onProblem } = options;
  const { store, audit } = options;
  const closedDoors = new ClosedDoors();
  const tell = (name: string, sentence: string | undefined): void => {
    const door = doorNames.find((one) => one === name);
    if (door !== undefined) {
      closedDoors.note(door, sentence);
    }
    onProblem(name, sentence);
  };
  const problemOf = (name: string) => (sentence: string | undefined) => {
    tell(name, sentence);
  };
  const certificateAlarms = new CertificateAlarms({
    audit,
    clock,
    logger,
    onProblem: problemOf('certificate-misuse'),
  });
  const turnsAway = createSourceFilter(store);
  const newDevices = new NewDevices({ ...parts, store, clock, logger });
  const requests = new FileService({
    ...parts,
    newDevices,
    files,
    findPhonebook: async (device, { path, query, reached }) => {
      const vendor = isPhonebookPath(path) ? files.modelOf(device)?.vendor.data.id : undefined;
      const described =
        vendor === undefined ? undefined : phonebookDevices.describe(device, vendor, reached);
      return described === undefined
        ? undefined
        : options.phonebook.find(described, path, new URLSearchParams(query ?? ''));
    },
    images,
    unclear: new UnclearDevices({ clock, logger, onProblem: problemOf('unclear-devices') }),
    doubtful: new DoubtfulDevices({
      clock,
      history: parts.history,
      onProblem: problemOf('doubtful-devices'),
    }),
    onCertificateMisuse: certificateAlarms.note,
    findOverride: (mac, path) => doors.findOverride(mac, path),
    clock,
    logger,
  });
  const doors: Doors = new Doors({
    store,
    catalogue: parts.catalogue,
    files: requests,
    certificateAlarms,
    redirection: {
      ...parts,
      audit,
      tokens: parts.redirectionTokens,
      isExpected: (mac) => requests.isExpected(mac),
      version: options.version,
    },
    dataDirectory,
    turnsAway,
    clock,
    listenAddresses,
    port: options.devicePorts.doors,
    provideCertificate: options.provideCertificate,
    logger,
    isOpenByFtp: () => {
      const { ftpEnabled, ftpUploadsEnabled } = parts.site.current;
      return ftpEnabled && ftpUploadsEnabled;
    },
    onLogLines: options.onDeviceLog,
    closedDoors,
    onProblem: tell,
  });
  const { devicePorts: ports } = options;
  const all: AllDoors = {
    newDevices,
    requests,
    doors,
    tftp: new TftpFront({
      files: requests,
      addresses: listenAddresses,
      port: ports.tftp,
      turnsAway,
      clock,
      logger,
      onProblem: problemOf('tftp'),
    }),
    ftp: new FtpFront({
      files: requests,
      uploads: () => doors.uploads(),
      settings: () => parts.site.current,
      password: () => parts.site.ftpPassword(),
      addresses: listenAddresses,
      port: ports.ftp,
      turnsAway,
      clock,
      logger,
      onEntry: () => options.onDevicesSeen?.(),
      onProblem: problemOf('ftp'),
    }),
    pnp: new PnpFront({
      ...parts,
      files: requests,
      listenAddresses,
      port: ports.pnp,
      turnsAway,
      clock,
      logger,
      onProblem: problemOf('pnp'),
    }),
    dhcp: new DhcpService({
      ...parts,
      store,
      leasePath: join(dataDirectory, 'dhcp-leases.jsonl'),
      ports: options.dhcpPorts,
      clock,
      logger,
      onProblem: problemOf('dhcp'),
    }),
  };
  const openers = [all.tftp, all.ftp, all.pnp].map(({ opener }) => opener);
  closedDoors.addOpener({
    tryAgain: async () => {
      await Promise.all(openers.map((opener) => opener.tryAgain()));
      // Its options name what is open.
      await all.dhcp.refresh();
    },
    settled: async () => {
      await Promise.all(openers.map((opener) => opener.settled()));
    },
  });
  return all;
}
