/**
 * The call plane put together: SIP network, transactions, authentication, registrar and calls over
 * one configuration snapshot. It runs in the main thread; it knows neither files nor databases nor
 * the other planes, only the interfaces it is given.
 */
import { randomBytes } from 'node:crypto';
import type { BindingRecord, CallPlaneEvents, EndedRegistrations } from '../bus/contract.ts';
import { CallerNames } from '../caller-names/caller-name-table.ts';
import { Snapshot } from '../configuration/snapshot/snapshot.ts';
import { createAddressFilter } from '../foundation/address-filter.ts';
import { createAddressMatcher } from '../foundation/address-list.ts';
import type { Clock } from '../foundation/clock.ts';
import { randomId, type UserId } from '../foundation/ids.ts';
import type { Logger } from '../foundation/logger.ts';
import type { MediaPlane } from '../media-plane/media.ts';
import type { CallRecord } from '../records/call-record.ts';
import { BindingOutbox, fromBindingRecord, toBindingRecord } from './binding-outbox.ts';
import { Admission, ownsAddress } from './calls/admission/admission.ts';
import { CallControl } from './calls/call-control.ts';
import type { CallEnvironment } from './calls/call-environment.ts';
import { DeviceNotifier, type DeviceNotification, type NotifyOutcome } from './device-notify.ts';
import { SipNetwork } from './net/sip-network.ts';
import type { ListenAddress } from './net/listen-address.ts';
import type { CertificateChains } from './net/tls-security.ts';
import type { ConfigureSocket } from '../foundation/socket-descriptor.ts';
import { handleRegister } from './registrar/handle-register.ts';
import { MemoryLocationStore } from './registrar/location-store.ts';
import { Registrar } from './registrar/registrar.ts';
import { DigestServer } from './sip/authentication/digest-server.ts';
import { SourceGuard, type Ban } from './sip/authentication/source-guard.ts';
import { noSourceLimits, sourceLimitsOf } from './sip/authentication/source-limits.ts';
import { DialogLayer } from './sip/dialogs/dialog-layer.ts';
import { TransactionLayer } from './sip/transactions/transaction-layer.ts';
import type { TransportUser } from './sip/transport.ts';

export interface CallPlaneOptions {
  readonly listenAddresses: readonly string[];
  readonly sipPort: number;
  readonly sipTlsPort: number;
  readonly hasSourceLimits: boolean;
  readonly clock: Clock;
  /** The logger of a part, `call-plane.net`. */
  readonly logger: (part: CallPlanePart) => Logger;
  readonly media: MediaPlane;
  readonly configureSocket: ConfigureSocket;
  /** Keeps the record for good before it returns. */
  readonly writeRecord: (record: CallRecord) => void;
  /** A phone logs in or out; never rejects. */
  readonly changePhoneUser: CallEnvironment['changePhoneUser'];
  readonly onBindingsChanged: (change: CallPlaneEvents['bindings.changed']) => void;
  readonly onBansChanged: (change: CallPlaneEvents['bans.changed']) => void;
  readonly onCallsChanged: (total: number) => void;
}

/** How long all phones of an anchored call may send nothing, nobody being on hold, before it ends. */
const silenceSec = 300;

export const callPlaneParts = [
  'call-plane.net',
  'call-plane.transactions',
  'call-plane.authentication',
  'call-plane.registrar',
  'call-plane.calls',
] as const;
export type CallPlanePart = (typeof callPlaneParts)[number];

export class CallPlane {
  readonly calls: CallControl;
  readonly #clock: Clock;
  readonly #hasSourceLimits: boolean;
  readonly #network: SipNetwork;
  readonly #transactions: TransactionLayer;
  readonly #dialogs = new DialogLayer();
  readonly #registrar: Registrar;
  readonly #guard: SourceGuard;
  readonly #outbox: BindingOutbox;
  readonly #notifier: DeviceNotifier;
  #snapshot: Snapshot | undefined;
  #isNeverBlocked: (address: string) => boolean = () => false;
  #callerNames: CallerNames | undefined;

  constructor(options: CallPlaneOptions) {
    const { clock, logger } = options;
    this.#clock = clock;
    this.#hasSourceLimits = options.hasSourceLimits;
    this.#outbox = new BindingOutbox(clock, options.onBindingsChanged);
    this.#guard = new SourceGuard({
      clock,
      // Those of the settings come with the configuration, before the sockets are open.
      limits: noSourceLimits,
      isIgnored: (address) => this.#isNeverBlocked(address),
      onBan: (ban) => {
        logger('call-plane.authentication').warn('A source of SIP messages is banned', { ...ban });
        options.onBansChanged({ banned: [ban], lifted: [] });
      },
      onUnban: (address) => {
        options.onBansChanged({ banned: [], lifted: [address] });
      },
    });
    this.#network = new SipNetwork({
      listen: toListenAddresses(options),
      clock,
      logger: logger('call-plane.net'),
      gate: this.#guard,
      configureSocket: options.configureSocket,
    });
    this.#registrar = new Registrar({
      clock,
      store: new MemoryLocationStore(),
      settings: () => {
        const { settings } = this.#configuration();
        return {
          defaultExpiresSec: settings.registrationDefaultSec,
          minimumExpiresSec: settings.registrationMinSec,
          maximumExpiresSec: settings.registrationMaxSec,
          contactsPerUser: settings.contactsPerUser,
        };
      },
      onChange: (change) => {
        this.#outbox.add(change);
      },
    });
    this.#transactions = new TransactionLayer({
      clock,
      transport: this.#network,
      logger: logger('call-plane.transactions'),
      user: {
        challenge: (request, flow) => this.calls.challenge(request, flow),
        handleRequest: (request, transaction, flow) => {
          this.calls.handleRequest(request, transaction, flow);
        },
        handleAck: (ack, flow) => {
          this.calls.handleAck(ack, flow);
        },
      },
    });
    this.#notifier = new DeviceNotifier({
      registrar: this.#registrar,
      transactions: this.#transactions,
      domain: () => this.#configuration().settings.sipDomain,
      createTag: randomId,
    });
    const registerServices = {
      registrar: this.#registrar,
      ownsAddress: (userId: UserId, address: Parameters<typeof ownsAddress>[2]) =>
        ownsAddress(this.#configuration(), userId, address),
      createTag: randomId,
      logger: logger('call-plane.registrar'),
    };
    this.calls = new CallControl({
      environment: {
        clock,
        transactions: this.#transactions,
        dialogs: this.#dialogs,
        createTag: randomId,
        random: Math.random,
        logger: logger('call-plane.calls'),
        media: options.media,
        registrar: this.#registrar,
        changePhoneUser: options.changePhoneUser,
        callerNames: () => this.#callerNames,
        writeRecord: options.writeRecord,
      },
      configuration: () => this.#configuration(),
      admission: new Admission({
        digest: new DigestServer({
          clock,
          realm: () => this.#configuration().settings.sipDomain,
          findAccount: (username) => this.#configuration().findSipAccount(username),
          policy: () => this.#configuration().settings.sipDigest,
          random: randomBytes,
        }),
        guard: this.#guard,
        createTag: randomId,
        logger: logger('call-plane.authentication'),
      }),
      register: (request, sender, flow) => handleRegister(registerServices, request, sender, flow),
      onCallsChanged: options.onCallsChanged,
      silenceSec,
    });
  }

  /** Opens the sockets. A configuration must be active. Throws SipNetworkError. */
  async start(): Promise<void> {
    const user: TransportUser = {
      handleMessage: (message, flow) => {
        this.#transactions.receive(message, flow);
      },
      handleParseError: (error, flow) => {
        this.#transactions.rejectUnparsable(error, flow);
      },
      // Transactions on it fail by their own timers; bindings find the next connection of the phone.
      handleConnectionClosed: () => undefined,
    };
    await this.#network.start(user);
  }

  /** What phones are shown that come by TLS; until the first they are turned away. */
  useCertificates(chains: CertificateChains): void {
    this.#network.useCertificates(chains);
  }

  /** Puts a compiled configuration in force; calls in progress keep theirs. Returns how long it took. */
  activate(buffer: SharedArrayBuffer): number {
    const startedAtMs = this.#clock.nowMs();
    this.#snapshot = new Snapshot(buffer);
    const { settings } = this.#snapshot;
    this.#isNeverBlocked = createAddressMatcher(settings.sipNeverBlocked);
    if (this.#hasSourceLimits) {
      this.#guard.setLimits(sourceLimitsOf(settings));
    }
    this.#guard.setFilter(createAddressFilter(settings));
    this.#guard.liftIgnored();
    return this.#clock.nowMs() - startedAtMs;
  }

  /** Puts the names of the phonebooks in force; undefined when they hold no number. */
  activateCallerNames(buffer: SharedArrayBuffer | undefined): void {
    this.#callerNames = buffer === undefined ? undefined : new CallerNames(buffer);
  }

  restoreBindings(records: readonly BindingRecord[]): number {
    return this.#registrar.restore(records.map(fromBindingRecord));
  }

  /** Ends registrations whose accounts are gone. Returns how many. */
  removeBindings({ userIds, ownAccountsOf, devices, lines }: EndedRegistrations): number {
    const registrar = this.#registrar;
    let removed = registrar.removeDevices(new Set(devices));
    for (const userId of userIds) {
      removed += registrar.removeUser(userId);
    }
    for (const userId of ownAccountsOf) {
      removed += registrar.removeLine(userId, undefined);
    }
    for (const { userId, device } of lines) {
      removed += registrar.removeLine(userId, device);
    }
    return removed;
  }

  /** Tells a registered device something; resolves with its answer, at the latest after 32 s. */
  notifyDevice(notification: DeviceNotification): Promise<NotifyOutcome> {
    return this.#notifier.notify(notification);
  }

  listBindings(
    offset: number,
    limit: number,
  ): { readonly bindings: readonly BindingRecord[]; readonly total: number } {
    const bindings: BindingRecord[] = [];
    let index = 0;
    for (const binding of this.#registrar.allBindings()) {
      if (index >= offset && bindings.length < limit) {
        bindings.push(toBindingRecord(binding));
      }
      index += 1;
    }
    return { bindings, total: index };
  }

  /** Sources whose messages are dropped, the ban that began last first; at most `limit`. */
  listBans(limit: number): { readonly bans: readonly Ban[]; readonly total: number } {
    const bans = this.#guard.bans().toSorted((one, other) => other.bannedAtMs - one.bannedAtMs);
    return { bans: bans.slice(0, limit), total: bans.length };
  }

  /** Bans of before a restart; without limits there are none. */
  restoreBans(bans: readonly Ban[]): number {
    return this.#hasSourceLimits ? this.#guard.restore(bans) : 0;
  }

  /** False: the address was not banned. */
  liftBan(address: string): boolean {
    return this.#guard.unban(address);
  }

  /** What the health page shows, by part: the folders whose names the log lines carry. */
  readonly figures: Readonly<Record<CallPlanePart, () => Readonly<Record<string, number>>>> = {
    'call-plane.net': () => ({ tcpConnections: this.#network.connectionCount }),
    'call-plane.transactions': () => ({ transactions: this.#transactions.transactionCount }),
    'call-plane.authentication': () => ({ bannedSources: this.#guard.bans().length }),
    'call-plane.registrar': () => ({ registrations: this.#registrar.bindingCount }),
    'call-plane.calls': () => ({ calls: this.calls.callCount, dialogs: this.#dialogs.size }),
  };

  /** Ends all calls, tells their phones, then closes the sockets. */
  async close(): Promise<void> {
    await this.calls.hangUpAll();
    this.calls.close();
    this.#outbox.flush();
    this.#registrar.close();
    await this.#network.close();
    this.#transactions.close();
  }

  #configuration(): Snapshot {
    if (this.#snapshot === undefined) {
      throw new Error('No configuration is active yet.');
    }
    return this.#snapshot;
  }
}

function toListenAddresses({
  listenAddresses,
  sipPort,
  sipTlsPort,
}: Pick<CallPlaneOptions, 'listenAddresses' | 'sipPort' | 'sipTlsPort'>): ListenAddress[] {
  return listenAddresses.flatMap((address) => [
    { protocol: 'udp' as const, address, port: sipPort },
    { protocol: 'tcp' as const, address, port: sipPort },
    { protocol: 'tls' as const, address, port: sipTlsPort },
  ]);
}
