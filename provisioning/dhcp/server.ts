/**
 * The DHCP server: leases, their store, and one server per interface that is switched on. An
 * interface on which another server answers stays off unless the settings allow it.
 */
import { toErrorMessage } from '../../system/foundation/app-error.ts';
import type { Clock, Timer } from '../../system/foundation/clock.ts';
import type { Logger } from '../../system/foundation/logger.ts';
import { TypedEmitter } from '../../system/foundation/typed-emitter.ts';
import {
  compileSettings,
  type CompiledInterface,
  type CompiledSettings,
} from './compiled-settings.ts';
import type { DhcpEvents, InterfaceState, InterfaceStatus } from './dhcp-events.ts';
import { InterfaceServer } from './interface-server.ts';
import { formatSubnet, parseIpv4 } from '../ipv4.ts';
import { presentLease, type LeaseView } from './leases/lease.ts';
import type { LeaseStore } from './leases/lease-store.ts';
import type { OptionRule } from './options/option-rules.ts';
import { findOtherServers } from './network/other-servers.ts';
import { Responder, type DeviceDirectory } from './responder.ts';
import type { DhcpSettings } from './settings.ts';

export interface DhcpServerOptions {
  readonly store: LeaseStore;
  readonly directory: DeviceDirectory;
  /** Rules that come before those of the settings: see phone-options.ts. */
  readonly phoneRules: readonly OptionRule[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: (bytes: number) => Buffer;
  /** 67 and 68; others for tests and measurements. */
  readonly ports?: { readonly server: number; readonly client: number };
}

export interface SubnetUsage {
  readonly subnet: string;
  readonly used: number;
  readonly size: number;
}

const standardPorts = { server: 67, client: 68 };
/** Leases that ended are told of within this time. */
const sweepIntervalMs = 30_000;
/** An interface may appear after us, at boot. */
const retryIntervalMs = 30_000;

interface RunningInterface {
  settings: CompiledInterface;
  server: InterfaceServer | undefined;
  state: InterfaceState;
}

export class DhcpServer {
  readonly events: TypedEmitter<DhcpEvents>;
  readonly #options: DhcpServerOptions;
  readonly #responder: Responder;
  readonly #interfaces = new Map<string, RunningInterface>();
  /** Changes of the set of interfaces happen one after another. */
  #changing: Promise<void> = Promise.resolve();
  #timers: Timer[] = [];
  readonly #closing = new AbortController();

  /** Nothing is served before `start`. */
  constructor(options: DhcpServerOptions) {
    this.#options = options;
    this.#responder = new Responder({ interfaces: [], subnets: [] }, options.directory);
    this.events = new TypedEmitter((error, event) => {
      options.logger.error('A listener failed', { event, error: toErrorMessage(error) });
    });
  }

  /**
   * Reads the stored leases and starts the interfaces. Resolves when each is running, refused or
   * failed (`states`). Rejects with DhcpError `invalid-settings`, or with the error of the system
   * where the store cannot be read.
   */
  async start(settings: DhcpSettings): Promise<void> {
    const { store, logger, phoneRules, clock } = this.#options;
    const compiled = compileSettings(settings, phoneRules);
    const { leases, damagedEntries } = await store.load();
    if (damagedEntries > 0) {
      logger.error('Some stored DHCP leases were unreadable; the file was kept', {
        damagedEntries,
      });
    }
    this.#responder.configure(compiled, clock.wallMs());
    this.#responder.leases.restore(leases, clock.wallMs());
    this.#scheduleSweep();
    await this.#apply(compiled);
  }

  /**
   * Replaces the settings while running; leases stay, and interfaces whose address stays serve on.
   * Rejects with DhcpError `invalid-settings`, and nothing has changed then.
   */
  async configure(settings: DhcpSettings): Promise<void> {
    await this.#apply(compileSettings(settings, this.#options.phoneRules));
  }

  /** Looks for other servers on an interface: addresses, none where nobody answers. */
  findOtherServers(interfaceName: string): Promise<string[]> {
    const { clock, random, ports = standardPorts } = this.#options;
    const ownAddresses = this.#responder.settings.interfaces.map(({ address }) => address);
    const { signal } = this.#closing;
    return findOtherServers({ interfaceName, ownAddresses, ports, clock, random, signal });
  }

  states(): InterfaceStatus[] {
    return [...this.#interfaces.values()].map(({ state, server }) => ({
      ...state,
      bootpCount: server?.bootpCount ?? 0,
    }));
  }

  /** Every address that has or had a lease. */
  leases(): LeaseView[] {
    const { leases } = this.#responder;
    const nowMs = this.#options.clock.wallMs();
    return leases
      .leases()
      .map((lease) => presentLease(lease, leases.isReserved(lease.address), nowMs));
  }

  usage(): SubnetUsage[] {
    const nowMs = this.#options.clock.wallMs();
    return this.#responder.leases
      .usage(nowMs)
      .map(({ subnet, used, size }) => ({ subnet: formatSubnet(subnet), used, size }));
  }

  /** Deletes the lease of an address; false where there is none. Rejects when it cannot be stored. */
  async forgetLease(addressText: string): Promise<boolean> {
    const address = parseIpv4(addressText);
    const lease = address === undefined ? undefined : this.#responder.leases.forget(address);
    if (lease === undefined) {
      return false;
    }
    await this.#options.store.remove(lease.address);
    return true;
  }

  /** Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const timer of this.#timers) {
      timer.cancel();
    }
    this.#timers = [];
    await this.#changing;
    for (const { server } of this.#interfaces.values()) {
      await server?.close();
    }
    this.#interfaces.clear();
    await this.#options.store.close();
  }

  #apply(compiled: CompiledSettings): Promise<void> {
    this.#changing = this.#changing.then(async () => {
      // In one go, so that no message meets new subnets and old interfaces.
      this.#responder.configure(compiled, this.#options.clock.wallMs());
      const started = compiled.interfaces.filter((settings) => !this.#keep(settings));
      const kept = new Set(compiled.interfaces.filter((settings) => !started.includes(settings)));
      for (const [name, running] of this.#interfaces) {
        if (!kept.has(running.settings)) {
          this.#interfaces.delete(name);
          await running.server?.close();
        }
      }
      await Promise.all(started.map((settings) => this.#startInterface(settings)));
    });
    return this.#changing;
  }

  /** Whether a server runs that goes on with these settings. */
  #keep(settings: CompiledInterface): boolean {
    const running = this.#interfaces.get(settings.name);
    if (
      running?.server === undefined ||
      !settings.isEnabled ||
      running.settings.address !== settings.address
    ) {
      return false;
    }
    running.server.configure(settings);
    running.settings = settings;
    return true;
  }

  async #startInterface(settings: CompiledInterface): Promise<void> {
    const running: RunningInterface = {
      settings,
      server: undefined,
      state: { interfaceName: settings.name, state: 'off', detail: '', otherServers: [] },
    };
    this.#interfaces.set(settings.name, running);
    if (!settings.isEnabled || this.#isClosing()) {
      return;
    }
    this.#setState(running, 'starting', '');
    try {
      const others = settings.isAllowedBesideOthers
        ? []
        : await this.findOtherServers(settings.name);
      if (others.length > 0) {
        const detail = `Another DHCP server (${others.join(', ')}) answers on ${settings.name}.`;
        this.#setState(running, 'refused', detail, others);
        return;
      }
      if (this.#isClosing()) {
        return;
      }
      const server = this.#createInterfaceServer(settings);
      await server.start();
      running.server = server;
      this.#setState(running, 'running', '');
    } catch (error) {
      this.#setState(running, 'failed', toErrorMessage(error));
      this.#schedule(retryIntervalMs, () => this.#retry(running));
    }
  }

  #retry(running: RunningInterface): void {
    this.#changing = this.#changing.then(async () => {
      if (this.#interfaces.get(running.settings.name) === running) {
        await this.#startInterface(running.settings);
      }
    });
  }

  #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  #createInterfaceServer(settings: CompiledInterface): InterfaceServer {
    const { store, clock, logger, ports = standardPorts } = this.#options;
    return new InterfaceServer(settings, {
      ports,
      responder: this.#responder,
      store,
      events: this.events,
      clock,
      logger,
    });
  }

  #setState(
    running: RunningInterface,
    state: InterfaceState['state'],
    detail: string,
    otherServers: readonly string[] = [],
  ): void {
    running.state = { interfaceName: running.settings.name, state, detail, otherServers };
    this.events.emit('stateChanged', running.state);
  }

  #scheduleSweep(): void {
    this.#schedule(sweepIntervalMs, () => {
      const { leases } = this.#responder;
      const nowMs = this.#options.clock.wallMs();
      for (const lease of leases.sweep(nowMs)) {
        const isReserved = leases.isReserved(lease.address);
        this.events.emit('leaseEnded', presentLease(lease, isReserved, nowMs));
      }
      this.#scheduleSweep();
    });
  }

  #schedule(delayMs: number, task: () => void): void {
    if (this.#isClosing()) {
      return;
    }
    const timer = this.#options.clock.schedule(delayMs, () => {
      this.#timers = this.#timers.filter((pending) => pending !== timer);
      task();
    });
    this.#timers.push(timer);
  }
}
