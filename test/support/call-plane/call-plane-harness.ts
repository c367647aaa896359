/**
 * The call plane in one process: the real transaction layer, registrar, digest and call control over
 * the loopback network and a fake clock, with a media plane that counts ports.
 */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { Admission, ownsAddress } from '../../../system/call-plane/calls/admission/admission.ts';
import { CallControl } from '../../../system/call-plane/calls/call-control.ts';
import type {
  CallConfiguration,
  CallEnvironment,
  PhoneUserChange,
} from '../../../system/call-plane/calls/call-environment.ts';
import { handleRegister } from '../../../system/call-plane/registrar/handle-register.ts';
import { MemoryLocationStore } from '../../../system/call-plane/registrar/location-store.ts';
import { Registrar } from '../../../system/call-plane/registrar/registrar.ts';
import { DigestServer } from '../../../system/call-plane/sip/authentication/digest-server.ts';
import { DialogLayer } from '../../../system/call-plane/sip/dialogs/dialog-layer.ts';
import { TransactionLayer } from '../../../system/call-plane/sip/transactions/transaction-layer.ts';
import type { UserId } from '../../../system/foundation/ids.ts';
import { type LogFields, type Logger, silentLogger } from '../../../system/foundation/logger.ts';
import type { CallRecord } from '../../../system/records/call-record.ts';
import type { PhoneLoginOutcome } from '../../../system/routing/route-call.ts';
import { FakeClock } from '../fake-clock.ts';
import { FakeMediaPlane } from '../media-plane/fake-media-plane.ts';
import { LoopbackNetwork } from './loopback-transport.ts';
import { ScriptedPhone } from './scripted-phone.ts';

export const pbxAddress = '192.0.2.1';
const realm = 'campanile.local';

export interface HarnessSettings {
  mediaPolicy: 'direct' | 'anchored';
  ringTimeoutSec: number;
  sessionTimerSec: number;
  sipDomain: string;
  phoneLoginCode: string;
  language: 'en' | 'it';
}

interface HarnessUser {
  readonly userId: UserId;
  readonly name: string;
  readonly extension: string;
  readonly aliases: readonly string[];
  readonly enabled: boolean;
}

export class CallPlaneHarness {
  readonly clock = new FakeClock();
  readonly network = new LoopbackNetwork(this.clock, 1);
  readonly media = new FakeMediaPlane();
  readonly records: CallRecord[] = [];
  /** What was logged as an error. */
  readonly errors: { readonly message: string; readonly fields: LogFields | undefined }[] = [];
  readonly callsChanged: number[] = [];
  readonly settings: HarnessSettings = {
    mediaPolicy: 'direct',
    ringTimeoutSec: 60,
    sessionTimerSec: 0,
    sipDomain: realm,
    phoneLoginCode: '99',
    language: 'en',
  };
  /** Phones that asked for another user, and what they are answered. */
  readonly phoneChanges: PhoneUserChange[] = [];
  phoneLoginOutcome: PhoneLoginOutcome = 'done';
  readonly registrar: Registrar;
  readonly transactions: TransactionLayer;
  readonly dialogs = new DialogLayer();
  readonly control: CallControl;
  /** Of the phonebooks. */
  callerNames: ReturnType<CallEnvironment['callerNames']>;
  readonly #users = new Map<string, HarnessUser>();
  /** Unassigned devices: their MACs by login name. */
  readonly #devices = new Map<string, string>();
  #tags = 0;

  constructor(options: { readonly silenceSec?: number } = {}) {
    const transport = this.network.open(pbxAddress);
    const logger: Logger = {
      ...silentLogger,
      error: (message, fields) => {
        this.errors.push({ message, fields });
      },
      child: () => logger,
    };
    this.transactions = new TransactionLayer({
      clock: this.clock,
      transport,
      logger,
      user: {
        challenge: (request, flow) => this.control.challenge(request, flow),
        handleRequest: (request, transaction, flow) => {
          this.control.handleRequest(request, transaction, flow);
        },
        handleAck: (ack, flow) => {
          this.control.handleAck(ack, flow);
        },
      },
    });
    this.registrar = new Registrar({
      clock: this.clock,
      store: new MemoryLocationStore(),
      settings: () => ({
        defaultExpiresSec: 300,
        minimumExpiresSec: 60,
        maximumExpiresSec: 7_200,
        contactsPerUser: 10,
      }),
      onChange: () => undefined,
    });
    const createTag = (): string => {
      this.#tags += 1;
      return `pbx${String(this.#tags)}`;
    };
    this.control = new CallControl({
      environment: {
        clock: this.clock,
        transactions: this.transactions,
        dialogs: this.dialogs,
        createTag,
        random: () => 0.5,
        logger,
        media: this.media,
        registrar: this.registrar,
        callerNames: () => this.callerNames,
        changePhoneUser: (change) => {
          this.phoneChanges.push(change);
          return Promise.resolve(this.phoneLoginOutcome);
        },
        writeRecord: (record) => {
          this.records.push(record);
        },
      },
      configuration: () => this.#configuration(),
      admission: new Admission({
        digest: new DigestServer({
          clock: this.clock,
          realm: () => realm,
          findAccount: (username) => this.#findAccount(username),
          random: (sizeBytes) => Buffer.alloc(sizeBytes, 7),
        }),
        guard: {
          noteChallenge: () => undefined,
          noteFailedAuthentication: () => undefined,
          noteAuthenticated: () => undefined,
        },
        createTag,
        logger: silentLogger,
      }),
      register: (request, sender, flow) =>
        handleRegister(
          {
            registrar: this.registrar,
            ownsAddress: (owner, uri) => ownsAddress(this.#configuration(), owner, uri),
            createTag,
            logger: silentLogger,
          },
          request,
          sender,
          flow,
        ),
      onCallsChanged: (total) => {
        this.callsChanged.push(total);
      },
      silenceSec: options.silenceSec ?? 0,
    });
    transport.start({
      handleMessage: (message, flow) => {
        this.transactions.receive(message, flow);
      },
      handleParseError: (error, flow) => {
        this.transactions.rejectUnparsable(error, flow);
      },
      handleConnectionClosed: () => undefined,
    });
  }

  addUser(
    number: string,
    options: { name?: string; aliases?: string[]; enabled?: boolean } = {},
  ): void {
    this.#users.set(number, {
      userId: `user-${number}` as UserId,
      name: options.name ?? `User ${number}`,
      extension: number,
      aliases: options.aliases ?? [],
      enabled: options.enabled ?? true,
    });
  }

  /** A phone of that user (made when it is new), registered. */
  addPhone(number: string, address: string): ScriptedPhone {
    const phone = this.addUnregisteredPhone(number, address);
    phone.register();
    this.run(50);
    return phone;
  }

  /** A device of nobody, registered under its login name. */
  addUnassignedDevice(login: string, mac: string, address: string): ScriptedPhone {
    this.#devices.set(login, mac);
    const phone = new ScriptedPhone(this.network, address, login, `pw${login}`, pbxAddress);
    phone.register();
    this.run(50);
    return phone;
  }

  addUnregisteredPhone(number: string, address: string, password = `pw${number}`): ScriptedPhone {
    if (!this.#users.has(number)) {
      this.addUser(number);
    }
    return new ScriptedPhone(this.network, address, number, password, pbxAddress);
  }

  /** Lets that much time go by. */
  run(durationMs = 20): void {
    this.clock.advance(durationMs);
  }

  /** Nothing is left of any call: no dialog, port, timer or fault; each has its one record. */
  expectNothingLeft(recordCount: number): void {
    // Longer than every transaction lingers.
    this.run(70_000);
    expect(this.errors).toEqual([]);
    expect(this.media.portUsage().used).toBe(0);
    expect(this.dialogs.size).toBe(0);
    expect(this.control.callCount).toBe(0);
    expect(this.transactions.transactionCount).toBe(0);
    expect(this.records).toHaveLength(recordCount);
    // The registrar's, while somebody is registered.
    expect(this.clock.pendingCount).toBeLessThanOrEqual(1);
  }

  get lastRecord(): CallRecord {
    const record = this.records.at(-1);
    if (record === undefined) {
      throw new Error('there is no record');
    }
    return record;
  }

  #configuration(): CallConfiguration {
    const users = this.#users;
    return {
      revision: 7,
      settings: { ...this.settings },
      findNumber: (number) => {
        if (number === '*43') {
          return { kind: 'service', service: 'echo' };
        }
        if (number === '*44') {
          return { kind: 'service', service: 'milliwatt' };
        }
        const device = this.#devices.get(number);
        if (device !== undefined) {
          return { kind: 'device', userId: `device.${device}` as UserId };
        }
        for (const user of users.values()) {
          if (user.extension === number || user.aliases.includes(number)) {
            return { kind: 'user', userId: user.userId };
          }
        }
        return undefined;
      },
      findUser: (userId) => [...users.values()].find((user) => user.userId === userId),
    };
  }

  #findAccount(
    username: string,
  ): { userId: UserId; device?: string; ha1Md5: string; ha1Sha256: string } | undefined {
    const device = this.#devices.get(username);
    const user = this.#users.get(username);
    if (device === undefined && user?.enabled !== true) {
      return undefined;
    }
    const owner =
      device === undefined
        ? { userId: `user-${username}` as UserId }
        : { userId: `device.${device}` as UserId, device };
    const text = `${username}:${realm}:pw${username}`;
    return {
      ...owner,
      ha1Md5: createHash('md5').update(text).digest('hex'),
      ha1Sha256: createHash('sha256').update(text).digest('hex'),
    };
  }
}
