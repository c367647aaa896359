/**
 * The daemon put together: the only place that knows all planes. Starts them in order (data
 * directory, media, call plane, management), opens SIP once a configuration is in force, and stops
 * them in the opposite order.
 */
import type { BootSettings } from '../boot-settings/boot-settings.ts';
import type { CallPlaneBus } from '../bus/ends.ts';
import { CallPlane, callPlaneParts } from '../call-plane/call-plane.ts';
import { systemClock } from '../foundation/clock.ts';
import { EventLoopDelay } from '../foundation/event-loop-delay.ts';
import { randomId } from '../foundation/ids.ts';
import { createLogBook } from '../foundation/log-book.ts';
import { toErrorMessage } from '../foundation/app-error.ts';
import { setSocketOptions } from '../foundation/socket-options.ts';
import { MediaPlaneHost } from '../media-plane/media-host.ts';
import { changePhoneUser } from './change-phone-user.ts';
import { connectPlanes } from './connect-planes.ts';
import { takeDataDirectory } from './data-directory.ts';
import { ManagementHost } from './management-host.ts';
import { PartRegistry } from './part-registry.ts';
import { RecordKeeper } from './record-keeper.ts';

export interface DaemonOptions {
  readonly settings: BootSettings;
  readonly version: string;
  /** File descriptor that log lines are written to. */
  readonly logDescriptor: number;
  /** WMS did not come up the first time; it is tried again for ever, because calls work without it. */
  readonly onWmsDelayed: (failure: string) => void;
}

export interface Daemon {
  /** Phones and browsers are served. Rejects when SIP cannot listen. */
  readonly ready: Promise<{ readonly isFirstLogin: boolean }>;
  /** Ends calls, tells their phones, writes what is to be kept. */
  stop(reason: string): Promise<void>;
}

/** Signalling is marked CS3 (RFC 4594), as network equipment expects it beside voice. */
const signallingDscp = 24;

/** Throws AppErrors of data directory, media plane and journal: without them there is no daemon. */
export function startDaemon(options: DaemonOptions): Daemon {
  const { settings, version, logDescriptor } = options;
  const clock = systemClock;
  const lock = takeDataDirectory(settings.dataDirectory);
  const logBook = createLogBook({ level: settings.logLevel, descriptor: logDescriptor });
  const logger = logBook.logger('daemon');
  const startedAtMs = clock.nowMs();
  const ready = Promise.withResolvers<{ readonly isFirstLogin: boolean }>();
  // Whoever asks sees the failure; nobody has to.
  ready.promise.catch(() => undefined);

  /** To the management plane, while it runs. */
  let bus: CallPlaneBus | undefined;
  const parts = new PartRegistry({
    clock,
    logBook,
    onChange: () => bus?.emit('parts.changed', { parts: parts.list() }),
  });
  const loopDelay = new EventLoopDelay();
  loopDelay.start();
  parts
    .add({
      name: 'daemon',
      figures: () => ({
        residentMB: Math.round(process.memoryUsage.rss() / 1e6),
        eventLoopDelayP99Ms: loopDelay.p99Ms,
        busEventsDropped: bus?.droppedEvents ?? 0,
      }),
    })
    .report('running');

  const mediaPart = parts.add({
    name: 'media-plane',
    figures: () => ({ ...media.health().figures }),
    restart: () => {
      void media.restartWorker();
    },
  });
  const media = new MediaPlaneHost({
    portRange: { from: settings.rtpPortMin, to: settings.rtpPortMax },
    clock,
    logger: logBook.logger('media-plane'),
    onHealthChange: () => {
      const { state, detail } = media.health();
      mediaPart.report(state, detail);
    },
  });
  media.start();

  const records: RecordKeeper = new RecordKeeper({
    dataDirectory: settings.dataDirectory,
    clock,
    logger: logBook.logger('records'),
    part: parts.add({ name: 'records', figures: () => records.figures() }),
    onWaiting: () => bus?.emit('records.waiting', {}),
  });

  const callPlane = new CallPlane({
    listenAddresses: settings.listenAddresses,
    sipPort: settings.sipPort,
    sipTlsPort: settings.sipTlsPort,
    hasSourceLimits: settings.sourceLimits === 'on',
    clock,
    logger: (part) => logBook.logger(part),
    media: media.plane,
    configureSocket: (descriptor) => {
      // Phones ask for their provisioning by multicast to the port of SIP.
      setSocketOptions(descriptor, { dscp: signallingDscp, allowsMulticastBeside: true });
    },
    writeRecord: (record) => {
      records.keep(record);
    },
    changePhoneUser: (change) => changePhoneUser(bus, change, logger),
    onBindingsChanged: (change) => bus?.emit('bindings.changed', change),
    onBansChanged: (change) => bus?.emit('bans.changed', change),
    onCallsChanged: (total) => bus?.emit('calls.changed', { total }),
  });
  const callPartReporters = callPlaneParts.map((name) =>
    parts.add({ name, figures: callPlane.figures[name] }),
  );

  let hasOpened = false;
  /** The first configuration lets the phones in. */
  function openSip(): void {
    if (hasOpened) {
      return;
    }
    hasOpened = true;
    callPlane.start().then(
      () => {
        callPartReporters.forEach((part) => part.report('running'));
        logger.info('SIP is open', { afterMs: Math.round(clock.nowMs() - startedAtMs) });
      },
      (error: unknown) => {
        callPartReporters.forEach((part) => part.report('failed', toErrorMessage(error)));
        logger.error('SIP cannot be opened', { error });
        ready.reject(error);
      },
    );
  }

  const managementPart = parts.add({
    name: 'management-plane',
    figures: () => managementFigures,
    restart: () => {
      management.restart();
    },
    onLogLevel: (level) => {
      bus?.request('log.set-level', { level }).catch((error: unknown) => {
        logger.warn('The management plane did not take its log level', { error });
      });
    },
  });
  let managementFigures: Readonly<Record<string, number>> = {};
  const management = new ManagementHost({
    settings,
    bootId: randomId(),
    version,
    logDescriptor,
    clock,
    logger: logBook.logger('management-plane'),
    part: managementPart,
    onConnected: (connected) => {
      bus = connected;
      connectPlanes(connected, {
        callPlane,
        parts,
        onActivated: openSip,
        onReady: ({ firstLogin }) => {
          logger.info('WMS is open', { afterMs: Math.round(clock.nowMs() - startedAtMs) });
          ready.resolve({ isFirstLogin: firstLogin });
        },
        onHealth: ({ state, detail, figures }) => {
          managementFigures = figures;
          managementPart.report(state, detail);
        },
      });
    },
    onDisconnected: () => {
      bus = undefined;
      managementFigures = {};
    },
    onFirstStartFailed: options.onWmsDelayed,
  });
  management.start();

  let stopping: Promise<void> | undefined;
  async function stop(reason: string): Promise<void> {
    logger.info('Stopping', { reason });
    await callPlane.close();
    await management.close();
    await media.close();
    loopDelay.stop();
    logger.info('Stopped');
    logBook.flush();
    lock.release();
  }
  return {
    ready: ready.promise,
    stop: (reason) => (stopping ??= stop(reason)),
  };
}
