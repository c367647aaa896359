/**
 * Does what was asked of the redirection services, one request after the other, within their limits,
 * again and again while they cannot be reached, and after a restart from where it stood.
 */
import type {
  Connector,
  DeviceOutcome,
  RedirectionTarget,
} from '../../../provisioning/redirection/connector.ts';
import { RedirectionError } from '../../../provisioning/redirection/redirection-error.ts';
import { retryDelayMs } from '../../../provisioning/redirection/retry.ts';
import { redirectionServices } from '../../../provisioning/redirection/services.ts';
import {
  redirectionServiceNames,
  type RedirectionServiceName,
} from '../../configuration/entities/redirection-service.ts';
import { toErrorMessage } from '../../foundation/app-error.ts';
import type { Clock, Timer } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import { Secret } from '../../foundation/secret.ts';
import { createToken, hashToken } from '../device-accounts/device-credentials.ts';
import type { DeviceHistory } from '../provisioning/device-state/device-history.ts';
import type { ServerAddress } from '../provisioning/access/server-address.ts';
import type { RedirectionSettings } from './redirection-settings.ts';
import type { Redirection, RedirectionStore } from './redirection-store.ts';
import type { RedirectionTokens } from './redirection-tokens.ts';

export interface RedirectionQueueOptions {
  readonly store: RedirectionStore;
  readonly settings: RedirectionSettings;
  readonly tokens: RedirectionTokens;
  readonly address: Pick<ServerAddress, 'httpsUrl'>;
  readonly history: Pick<DeviceHistory, 'add'>;
  readonly connect: (service: RedirectionServiceName) => Connector;
  /** Whether the device still waits for its first contact: only then its address is renewed. */
  readonly isExpected: (mac: string) => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onProblem: (sentence: string | undefined) => void;
}

const dayMs = 86_400_000;
const longestWaitMs = 3_600_000;

export class RedirectionQueue {
  readonly #options: RedirectionQueueOptions;
  /** Before this nothing is sent to the service. */
  readonly #pausedUntilMs = new Map<RedirectionServiceName, number>();
  readonly #troubles = new Map<RedirectionServiceName, string>();
  #timer: Timer | undefined;
  #working: Promise<void> | undefined;
  #isClosed = false;
  #isAskedAgain = false;

  constructor(options: RedirectionQueueOptions) {
    this.#options = options;
  }

  /** There may be something to do. */
  wake(): void {
    if (this.#working !== undefined) {
      this.#isAskedAgain = true;
      return;
    }
    this.#timer?.cancel();
    this.#working = this.#work()
      .catch((error: unknown) => {
        this.#options.logger.error('Redirection services could not be served', { error });
        this.#wait(longestWaitMs);
      })
      .finally(() => {
        this.#working = undefined;
        if (this.#isAskedAgain && !this.#isClosed) {
          this.#isAskedAgain = false;
          this.wake();
        }
      });
  }

  /** The account was changed: nothing is held against the service any more. */
  forgive(service: RedirectionServiceName): void {
    this.#pausedUntilMs.delete(service);
    this.#tell(service, undefined);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#working;
  }

  async #work(): Promise<void> {
    const { settings, store, clock } = this.#options;
    const enabled = redirectionServiceNames.filter((name) => settings.of(name).document.enabled);
    for (;;) {
      const nowMs = clock.wallMs();
      const ready = enabled.filter((name) => (this.#pausedUntilMs.get(name) ?? 0) <= nowMs);
      let isIdle = true;
      for (const name of ready) {
        const { description } = redirectionServices[name];
        const due = await store.due(name, nowMs, description.batchSize);
        if (due.length > 0 && !this.#isClosed) {
          isIdle = false;
          this.#pausedUntilMs.set(name, nowMs + description.pauseMs);
          await this.#serve(name, due);
        }
      }
      if (isIdle || this.#isClosed) {
        break;
      }
    }
    const nextAtMs = await store.nextAtMs(enabled);
    if (nextAtMs !== undefined && !this.#isClosed) {
      const pausedUntilMs = Math.min(...enabled.map((name) => this.#pausedUntilMs.get(name) ?? 0));
      this.#wait(Math.max(nextAtMs, pausedUntilMs) - clock.wallMs());
    }
  }

  #wait(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.schedule(
      Math.min(Math.max(delayMs, 50), longestWaitMs),
      () => {
        this.wake();
      },
    );
  }

  async #serve(service: RedirectionServiceName, due: readonly Redirection[]): Promise<void> {
    const toRenew = due.filter(({ state }) => state === 'registered');
    const over = toRenew.filter(({ mac }) => !this.#options.isExpected(mac));
    if (over.length > 0) {
      const store = this.#options.store;
      await store.put(
        over.map((one) => ({
          ...one,
          nextAtMs: undefined,
          tokenHash: undefined,
          tokenUntilMs: undefined,
        })),
      );
    }
    const rest = due.filter((one) => !over.includes(one));
    await this.#attempt(
      service,
      rest.filter(({ wish }) => wish === 'registered'),
      'register',
    );
    await this.#attempt(
      service,
      rest.filter(({ wish }) => wish === 'removed'),
      'remove',
    );
  }

  async #attempt(
    service: RedirectionServiceName,
    batch: readonly Redirection[],
    kind: 'register' | 'remove',
  ): Promise<void> {
    if (batch.length === 0 || this.#isClosed) {
      return;
    }
    const { connect } = this.#options;
    const prepared = batch.map((one) => this.#prepare(service, one));
    try {
      const connector = connect(service);
      const outcomes =
        kind === 'register'
          ? await connector.register(
              prepared.map(({ redirection: { mac, serial }, url }): RedirectionTarget => ({
                mac,
                url,
                serial,
              })),
            )
          : await connector.remove(batch.map(({ mac }) => mac));
      this.#tell(service, undefined);
      await this.#conclude(
        service,
        kind === 'register' ? prepared.map(({ redirection }) => redirection) : batch,
        outcomes,
      );
    } catch (error) {
      await this.#postpone(service, batch, error);
    }
  }

  /** A fresh token for the device; what leaves is the address only. */
  #prepare(
    service: RedirectionServiceName,
    redirection: Redirection,
  ): { readonly redirection: Redirection; readonly url: Secret } {
    const { address, settings, tokens, clock } = this.#options;
    const { description } = redirectionServices[service];
    if (!description.carriesUrl || redirection.wish === 'removed') {
      return { redirection, url: new Secret('') };
    }
    const token = createToken().reveal();
    const tokenHash = hashToken(token);
    const tokenUntilMs = clock.wallMs() + settings.of(service).document.linkDays * dayMs;
    // Before the request: the device may be faster than the answer.
    tokens.add(redirection.mac, service, tokenHash, tokenUntilMs);
    return {
      redirection: { ...redirection, tokenHash, tokenUntilMs },
      url: new Secret(address.httpsUrl(token)),
    };
  }

  async #conclude(
    service: RedirectionServiceName,
    batch: readonly Redirection[],
    outcomes: readonly DeviceOutcome[],
  ): Promise<void> {
    const { store, clock, history } = this.#options;
    const { description } = redirectionServices[service];
    const nowMs = clock.wallMs();
    const done = batch.map((one): Redirection => {
      const outcome = outcomes.find(({ mac }) => mac === one.mac);
      const error =
        outcome === undefined ? 'The service did not say what became of it.' : outcome.error;
      const isRegistered = one.wish === 'registered' && error === undefined;
      history.add({
        mac: one.mac,
        kind: 'redirection',
        address: '',
        notes: [
          error === undefined
            ? {
                code: 'redirection-outcome',
                facts: { service: description.name, outcome: one.wish },
              }
            : { code: 'redirection-error', facts: { service: description.name, error } },
        ],
      });
      return {
        ...one,
        state: error === undefined ? one.wish : 'failed',
        error,
        attempts: error === undefined ? 0 : one.attempts + 1,
        // The address is renewed before it ends, while the device still waits to be unpacked.
        nextAtMs:
          isRegistered && one.tokenUntilMs !== undefined
            ? one.tokenUntilMs - Math.min(dayMs, (one.tokenUntilMs - nowMs) / 4)
            : undefined,
        changedAtMs: nowMs,
      };
    });
    await store.put(done.filter(({ state }) => state !== 'removed'));
    await store.delete(
      service,
      done.filter(({ state }) => state === 'removed').map(({ mac }) => mac),
    );
  }

  async #postpone(
    service: RedirectionServiceName,
    batch: readonly Redirection[],
    error: unknown,
  ): Promise<void> {
    const { store, clock, logger } = this.#options;
    const isKnown = error instanceof RedirectionError;
    const code = isKnown ? error.code : 'unreachable';
    const message = toErrorMessage(error);
    if (isKnown) {
      logger.warn('A redirection service did not do what was asked', { service, code, message });
    } else {
      logger.error('A redirection service could not be asked', { service, error });
    }
    const after = isKnown ? (error.details['retryAfterSec'] as number | undefined) : undefined;
    const nowMs = clock.wallMs();
    let longestMs = 0;
    const postponed = batch.map((one): Redirection => {
      const attempts = one.attempts + 1;
      const delayMs = retryDelayMs(code, attempts, after);
      longestMs = Math.max(longestMs, delayMs ?? 0);
      return {
        ...one,
        state: delayMs === undefined ? 'failed' : 'waiting',
        error: message,
        attempts,
        nextAtMs: delayMs === undefined ? undefined : nowMs + delayMs,
        changedAtMs: nowMs,
      };
    });
    // What is wrong with the service is wrong for every device.
    this.#pausedUntilMs.set(
      service,
      Math.max(this.#pausedUntilMs.get(service) ?? 0, nowMs + longestMs),
    );
    this.#tell(service, message);
    await store.put(postponed);
  }

  #tell(service: RedirectionServiceName, trouble: string | undefined): void {
    const { name } = redirectionServices[service].description;
    if (trouble === undefined) {
      this.#troubles.delete(service);
    } else {
      this.#troubles.set(service, `${name}: ${trouble}`);
    }
    const { onProblem } = this.#options;
    onProblem(this.#troubles.size === 0 ? undefined : [...this.#troubles.values()].join('\n'));
  }
}
