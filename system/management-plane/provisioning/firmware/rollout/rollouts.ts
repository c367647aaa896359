/**
 * Staged rollouts of firmware: looks at the devices every few seconds while one is open, lets the
 * rules decide, stores the step, and then tells devices. What is stored is enough to go on after a
 * crash at any point.
 */
import { createHalt } from '../../../../../provisioning/firmware/rollout/create-halt.ts';
import {
  decideRollout,
  type RolloutDecision,
} from '../../../../../provisioning/firmware/rollout/decide-rollout.ts';
import { isOpen, type Rollout } from '../../../../../provisioning/firmware/rollout/rollout.ts';
import {
  cancelRollout,
  haltRollout,
  noteUntold,
  resumeRollout,
  rollBack,
} from '../../../../../provisioning/firmware/rollout/steer-rollout.ts';
import type { VendorCatalogue } from '../../../../../provisioning/vendors/vendor-catalogue.ts';
import { toErrorMessage } from '../../../../foundation/app-error.ts';
import type { Clock, Timer } from '../../../../foundation/clock.ts';
import type { Logger } from '../../../../foundation/logger.ts';
import type { AuditAction } from '../../../accounts/audit-log.ts';
import { systemActor, type Actor } from '../../../actor.ts';
import type { DeviceSync } from '../../sync/device-sync.ts';
import { FirmwareError } from '../library/firmware-error.ts';
import type { FirmwareLibrary } from '../library/firmware-library.ts';
import type { LabelWriter } from './label-writer.ts';
import type { PlanRollout, RolloutRequest } from './plan-rollout.ts';
import { RolloutJournal, type RolloutJournalOptions } from './rollout-journal.ts';
import type { RolloutObserver } from './rollout-observer.ts';
import { isSetInUse, placeDevices, type RolloutPlace } from './rollout-place.ts';
import type { RolloutStore } from './rollout-store.ts';
import type { StoredRollout } from './stored-rollout.ts';

export interface RolloutsOptions extends RolloutJournalOptions {
  readonly catalogue: VendorCatalogue;
  readonly library: FirmwareLibrary;
  /** Opens the database; made when the first rollout begins. */
  readonly openStore: () => Promise<RolloutStore>;
  readonly observer: RolloutObserver;
  readonly planner: PlanRollout;
  readonly labels: LabelWriter;
  readonly sync: DeviceSync;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told whenever something changed that people look at. */
  readonly onChange: () => void;
  /** A sentence for administrators while a rollout is halted by itself; undefined when none is. */
  readonly onProblem: (sentence: string | undefined) => void;
}

const lookEveryMs = 3_000;
/** After somebody did something: he is waiting. */
const lookSoonMs = 100;
/** Ended ones beyond are forgotten. */
const maximumRollouts = 200;

export class Rollouts {
  readonly #options: RolloutsOptions;
  readonly #journal: RolloutJournal;
  #store: RolloutStore | undefined;
  #places: ReadonlyMap<string, RolloutPlace>;
  readonly #telling = new Set<Promise<void>>();
  /** Steps of all rollouts one after the other. */
  #working: Promise<unknown> = Promise.resolve();
  #timer: Timer | undefined;
  #isClosed = false;

  /** `store` when there were rollouts before. */
  constructor(options: RolloutsOptions, store: RolloutStore | undefined) {
    this.#options = options;
    this.#journal = new RolloutJournal(options);
    this.#store = store;
    options.library.isInUse = (set) => isSetInUse(set, this.list());
    this.#places = placeDevices(this.list());
  }

  /** Goes on with what was open before. */
  start(): void {
    this.#tellProblem();
    this.#schedule();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#working.catch(() => undefined);
    await Promise.all(this.#telling);
  }

  /** The newest first. */
  list(): readonly StoredRollout[] {
    return this.#store?.all() ?? [];
  }

  require(id: string): StoredRollout {
    const rollout = this.#store?.find(id);
    if (rollout === undefined) {
      throw new FirmwareError('not-found', 'There is no such rollout.');
    }
    return rollout;
  }

  /** What an open rollout says of the device. */
  placeOf(mac: string): RolloutPlace | undefined {
    return this.#places.get(mac);
  }

  /** Begins a rollout. Rejects with FirmwareError when there is nothing it could do. */
  async begin(actor: Actor, request: RolloutRequest, address: string): Promise<StoredRollout> {
    return this.#exclusively(async () => {
      const { planner, clock, openStore } = this.#options;
      const rollout = await planner.plan(request, {
        by: actor.name,
        nowMs: clock.wallMs(),
        isTaken: (mac) => this.#places.has(mac),
      });
      this.#store ??= await openStore();
      await this.#put(rollout);
      await this.#forgetOld();
      this.#lookSoon();
      await this.#journal.record('rollout-started', actor, address, rollout);
      return rollout;
    });
  }

  halt(actor: Actor, id: string, address: string): Promise<StoredRollout> {
    const figures = { cause: 'administrator', name: actor.name } as const;
    const halt = createHalt(figures, this.#options.clock.wallMs());
    return this.#steer(actor, id, address, 'rollout-halted', (rollout) =>
      haltRollout(rollout, halt),
    );
  }

  resume(actor: Actor, id: string, address: string): Promise<StoredRollout> {
    return this.#steer(actor, id, address, 'rollout-resumed', (rollout) =>
      resumeRollout(rollout, this.#options.clock.wallMs()),
    );
  }

  cancel(actor: Actor, id: string, address: string): Promise<StoredRollout> {
    return this.#steer(actor, id, address, 'rollout-cancelled', (rollout) =>
      cancelRollout(rollout, this.#options.clock.wallMs()),
    );
  }

  /** Devices that were touched return to what they ran, where the vendor and the library allow. */
  async rollBack(actor: Actor, id: string, address: string): Promise<StoredRollout> {
    const { catalogue, clock, labels } = this.#options;
    const { vendor, devices } = this.require(id);
    if (catalogue.find(vendor)?.data.firmware.canGoBack !== true) {
      throw new FirmwareError('conflict', 'Devices of this vendor do not take older firmware.');
    }
    const rival = devices
      .map(({ mac }) => this.#places.get(mac))
      .find((place) => place !== undefined && place.rolloutId !== id);
    if (rival !== undefined) {
      throw new FirmwareError('conflict', 'Another rollout has some of these devices.');
    }
    return this.#steer(
      actor,
      id,
      address,
      'rollout-rolled-back',
      (rollout) => rollBack(rollout, clock.wallMs()),
      async (rollout) => {
        await labels.takeBack(rollout, actor);
      },
    );
  }

  /** Forgets a rollout that has ended. */
  async delete(id: string): Promise<void> {
    await this.#exclusively(async () => {
      if (isOpen(this.require(id))) {
        throw new FirmwareError('conflict', 'The rollout is under way. Cancel it first.');
      }
      await this.#store?.delete(id);
      this.#options.onChange();
    });
  }

  async #steer(
    actor: Actor,
    id: string,
    address: string,
    action: AuditAction,
    step: (rollout: Rollout) => Rollout | undefined,
    before: (rollout: StoredRollout) => Promise<void> = () => Promise.resolve(),
  ): Promise<StoredRollout> {
    return this.#exclusively(async () => {
      const rollout = this.require(id);
      const next = step(rollout);
      if (next === undefined) {
        throw new FirmwareError('conflict', 'The rollout is not in a state in which this works.');
      }
      await before(rollout);
      const endedAtMs = isOpen(next) ? undefined : this.#options.clock.wallMs();
      const isBack = next.direction === 'back';
      const stored: StoredRollout = {
        ...rollout,
        ...next,
        endedAtMs,
        // On the way back nothing is left to write.
        ...(isBack ? { labelChanges: [], areLabelsWritten: true } : {}),
      };
      // From here on other calls may count.
      this.#options.observer.forget(id);
      await this.#put(stored);
      this.#lookSoon();
      await this.#journal.record(action, actor, address, stored);
      return stored;
    });
  }

  async #look(): Promise<void> {
    const { observer, library, clock } = this.#options;
    const open = this.list().filter((rollout) => isOpen(rollout));
    if (open.length > 0) {
      const observe = await observer.look();
      for (const before of open) {
        const decision = decideRollout(before, {
          observe,
          audio: await observer.audioOf(before),
          isSame: (a, b) => library.compare(before.vendor, a, b) === 0,
          nowMs: clock.wallMs(),
        });
        await this.#apply(before, decision);
      }
    }
    for (const rollout of this.list()) {
      await this.#writeLabels(rollout);
    }
  }

  async #apply(before: StoredRollout, { rollout, tell }: RolloutDecision): Promise<void> {
    const hasEnded = isOpen(before) && !isOpen(rollout);
    const isChanged =
      hasEnded ||
      rollout.state !== before.state ||
      rollout.ring !== before.ring ||
      rollout.devices.some((device, index) => device !== before.devices[index]);
    if (!isChanged) {
      return;
    }
    const endedAtMs = hasEnded ? this.#options.clock.wallMs() : before.endedAtMs;
    const stored: StoredRollout = { ...before, ...rollout, endedAtMs };
    await this.#put(stored);
    this.#journal.noteDevices(before, stored);
    if (stored.state === 'halted' && before.state !== 'halted') {
      this.#options.logger.warn('A rollout of firmware halted by itself', {
        label: stored.label,
        reason: stored.halt?.sentence,
      });
      await this.#journal.record('rollout-halted', systemActor, '', stored);
    }
    if (hasEnded) {
      await this.#journal.record('rollout-ended', systemActor, '', stored);
    }
    if (tell.length > 0) {
      const telling = this.#tell(stored, tell).finally(() => {
        this.#telling.delete(telling);
      });
      this.#telling.add(telling);
    }
  }

  /** Waits for the answers of devices beside everything else; never rejects. */
  async #tell(rollout: StoredRollout, macs: readonly string[]): Promise<void> {
    const { sync, catalogue, clock, logger } = this.#options;
    const reboots = catalogue.find(rollout.vendor)?.data.firmware.update === 'reboot';
    this.#journal.noteTold(rollout, macs);
    try {
      const request = { macs, reboots, duringCalls: false, address: '' };
      const results = await sync.sync(systemActor, request);
      const untold = results.filter(({ outcome }) => outcome !== 'accepted');
      if (untold.length === 0) {
        return;
      }
      await this.#exclusively(async () => {
        let next: Rollout = this.require(rollout.id);
        for (const { mac, outcome } of untold) {
          const isLater = outcome === 'in-call' || outcome === 'not-registered';
          next = noteUntold(next, mac, isLater ? outcome : 'refused', clock.wallMs());
        }
        await this.#apply(this.require(rollout.id), { rollout: next, tell: [] });
      });
    } catch (error) {
      // They stay told: when their time is up they are told again.
      logger.warn('Devices could not be told to update their firmware', { error });
    }
  }

  /** The end of a rollout becomes configuration: devices that come later get the same. */
  async #writeLabels(rollout: StoredRollout): Promise<void> {
    const { labels, logger } = this.#options;
    if (isOpen(rollout) || rollout.areLabelsWritten) {
      return;
    }
    try {
      // What was there before must be known before it is replaced.
      const labelChanges = rollout.labelChanges ?? (await labels.plan(rollout));
      const planned = { ...rollout, labelChanges };
      await this.#put(planned);
      await labels.write(planned);
      await this.#put({ ...planned, areLabelsWritten: true });
    } catch (error) {
      // A change that waits for its confirmation: tried again with the next look.
      logger.warn('The end of a rollout could not be written into the configuration', {
        error: toErrorMessage(error),
      });
    }
  }

  async #put(rollout: StoredRollout): Promise<void> {
    await this.#store?.put(rollout);
    this.#places = placeDevices(this.list());
    this.#tellProblem();
    this.#options.onChange();
    this.#schedule();
  }

  #tellProblem(): void {
    const halted = this.list().find(
      ({ state, halt }) => state === 'halted' && halt?.cause !== 'administrator',
    );
    this.#options.onProblem(
      halted === undefined
        ? undefined
        : `The rollout of firmware ${halted.label} is halted. ${halted.halt?.sentence ?? ''}`,
    );
  }

  async #forgetOld(): Promise<void> {
    const ended = this.list().filter((rollout) => !isOpen(rollout) && rollout.areLabelsWritten);
    for (const { id } of ended.slice(maximumRollouts)) {
      await this.#store?.delete(id);
    }
  }

  #lookSoon(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#schedule(lookSoonMs);
  }

  #schedule(delayMs = lookEveryMs): void {
    const isNeeded = this.list().some((rollout) => isOpen(rollout) || !rollout.areLabelsWritten);
    if (this.#isClosed || !isNeeded || this.#timer !== undefined) {
      return;
    }
    this.#timer = this.#options.clock.schedule(delayMs, () => {
      this.#timer = undefined;
      void this.#exclusively(() => this.#look())
        .catch((error: unknown) => {
          this.#options.logger.error('Rollouts of firmware could not be looked after', { error });
        })
        .finally(() => {
          this.#schedule();
        });
    });
  }

  #exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#working.then(work);
    this.#working = result.catch(() => undefined);
    return result;
  }
}
