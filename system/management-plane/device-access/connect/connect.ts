/**
 * Connect (DEV-020): the web page of a device through the PBX, for a while, for the administrator who asked.
 * Only devices in the PBX's own networks, at the address that they themselves used, can be reached.
 */
import { networkInterfaces } from 'node:os';
import { connect as tlsConnect } from 'node:tls';
import type { DeviceAccess } from '../../../configuration/entities/device-access.ts';
import type { TurnsAway } from '../../../foundation/address-filter.ts';
import { toErrorMessage } from '../../../foundation/app-error.ts';
import type { Clock, Timer } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import type { AuditLog } from '../../accounts/audit-log.ts';
import { systemActor, type Actor } from '../../actor.ts';
import type { TlsCertificate } from '../../tls-certificate.ts';
import type { DevicesService } from '../../provisioning/devices/devices-service.ts';
import { ConnectError } from './connect-error.ts';
import type { ConnectObstacle } from './connect-obstacle.ts';
import { ConnectSession } from './connect-session.ts';
import { judgeTarget } from './judge-target.ts';

export interface ConnectOptions {
  readonly devices: Pick<DevicesService, 'require'>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly settings: () => DeviceAccess;
  readonly listenAddresses: readonly string[];
  /** Instead of the ports of the settings: 0 for tests. */
  readonly port: number | undefined;
  readonly provideCertificate: () => Promise<TlsCertificate>;
  readonly turnsAway: TurnsAway;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface ConnectState {
  /** Why it cannot be opened; undefined when it can. */
  readonly obstacle: ConnectObstacle | undefined;
  readonly open:
    | { readonly port: number; readonly untilMs: number; readonly openedBy: string }
    | undefined;
}

export interface OpenedConnect {
  readonly port: number;
  /** Path and query for the browser, good once. */
  readonly path: string;
  readonly untilMs: number;
}

interface Open {
  readonly session: ConnectSession;
  readonly actor: Actor;
  readonly untilMs: number;
  readonly ending: Timer;
}

export const connectPorts = 10;
const probeTimeoutMs = 2_000;

const obstacleSentences: Readonly<Record<ConnectObstacle, string>> = {
  off: 'Connect is turned off in Device access.',
  'no-address': 'Nobody knows the address of the device yet.',
  'own-address': 'The address of the device is one of the PBX itself.',
  'not-private': 'The device is not in a private network.',
  elsewhere: 'The device is not in a network that the PBX stands in.',
};

export class Connect {
  readonly #options: ConnectOptions;
  readonly #open = new Map<string, Open>();

  constructor(options: ConnectOptions) {
    this.#options = options;
  }

  stateOf(mac: string): ConnectState {
    const open = this.#open.get(mac);
    return {
      obstacle: this.#obstacleOf(mac),
      open:
        open === undefined
          ? undefined
          : { port: open.session.port, untilMs: open.untilMs, openedBy: open.actor.name },
    };
  }

  /** An administrator has one at a time: pages of two devices would share the browser's cookies. */
  async open(actor: Actor, mac: string, minutes: number, source: string): Promise<OpenedConnect> {
    const obstacle = this.#obstacleOf(mac);
    const address = this.#addressOf(mac);
    if (obstacle !== undefined || address === undefined) {
      throw new ConnectError('conflict', obstacleSentences[obstacle ?? 'no-address']);
    }
    for (const [other, open] of this.#open) {
      if (other === mac || open.actor.userId === actor.userId) {
        await this.close(other);
      }
    }
    const { provideCertificate, clock, audit } = this.#options;
    const certificate = await provideCertificate();
    const scheme = (await answersTls(address)) ? 'https' : 'http';
    const session = await this.#start(mac, { scheme, address }, certificate);
    const untilMs = clock.wallMs() + minutes * 60_000;
    const ending = clock.schedule(minutes * 60_000, () => {
      void this.close(mac);
    });
    this.#open.set(mac, { session, actor, untilMs, ending });
    await audit.record({
      action: 'device-connect-opened',
      actor,
      address: source,
      notes: [{ code: 'connect-opened', facts: { mac, address, count: minutes } }],
    });
    return { port: session.port, path: session.issueTicket(), untilMs };
  }

  /** Idempotent. */
  async close(mac: string, actor?: Actor, source?: string): Promise<void> {
    const open = this.#open.get(mac);
    if (open === undefined) {
      return;
    }
    this.#open.delete(mac);
    open.ending.cancel();
    await open.session.close();
    await this.#options.audit.record({
      action: 'device-connect-closed',
      actor: actor ?? systemActor,
      ...(source === undefined ? {} : { address: source }),
      detail: mac,
    });
  }

  async closeAll(): Promise<void> {
    for (const mac of [...this.#open.keys()]) {
      await this.close(mac);
    }
  }

  async #start(
    mac: string,
    device: { readonly scheme: 'http' | 'https'; readonly address: string },
    certificate: TlsCertificate,
  ): Promise<ConnectSession> {
    const { settings, listenAddresses, turnsAway, logger, port } = this.#options;
    const { connectFirstPort } = settings();
    const taken = new Set([...this.#open.values()].map(({ session }) => session.port));
    let reason = 'ten pages are open already';
    for (let index = 0; index < connectPorts; index += 1) {
      const wished = port ?? connectFirstPort + index;
      if (taken.has(wished)) {
        continue;
      }
      const addresses = listenAddresses;
      const session = new ConnectSession({
        mac,
        device,
        addresses,
        port: wished,
        certificate,
        turnsAway,
        logger,
      });
      try {
        await session.start();
        return session;
      } catch (error) {
        reason = toErrorMessage(error);
      }
    }
    throw new ConnectError('conflict', `There is no port for the page of the device: ${reason}.`);
  }

  #obstacleOf(mac: string): ConnectObstacle | undefined {
    if (!this.#options.settings().connectEnabled) {
      return 'off';
    }
    const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    return judgeTarget(this.#addressOf(mac) ?? '', own);
  }

  /** Where it fetched its files from, else where it is registered. */
  #addressOf(mac: string): string | undefined {
    const { seen, binding } = this.#options.devices.require(mac);
    return seen.address ?? binding?.remoteAddress;
  }
}

function answersTls(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = tlsConnect({
      host: address,
      port: 443,
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
    });
    const end = (isTls: boolean): void => {
      socket.destroy();
      resolve(isTls);
    };
    socket.setTimeout(probeTimeoutMs, () => {
      end(false);
    });
    socket.on('secureConnect', () => {
      end(true);
    });
    socket.on('error', () => {
      end(false);
    });
  });
}
