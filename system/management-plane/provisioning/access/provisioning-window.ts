/**
 * The time in which devices that nobody announced may make their first contact: opened by an
 * administrator, closed by itself. Nothing of it survives a restart: closed is the safe state.
 */
import type { Clock } from '../../../foundation/clock.ts';

export interface WindowState {
  readonly untilMs: number;
  readonly openedBy: string;
  /** Only these devices; all, new ones too, when missing. */
  readonly macs: readonly string[] | undefined;
  /** Devices that appeared in it. */
  readonly discovered: number;
}

/** So that somebody who fakes devices cannot fill the list. */
const maximumDiscovered = 2_000;
/** A phone has one address; behind a router with NAT an office has one. */
const maximumPerSource = 50;

export class ProvisioningWindow {
  readonly #clock: Pick<Clock, 'wallMs'>;
  #state: WindowState | undefined;
  readonly #bySource = new Map<string, Set<string>>();

  constructor(clock: Pick<Clock, 'wallMs'>) {
    this.#clock = clock;
  }

  get state(): WindowState | undefined {
    if (this.#state !== undefined && this.#state.untilMs <= this.#clock.wallMs()) {
      this.#state = undefined;
    }
    return this.#state;
  }

  open(minutes: number, openedBy: string, macs: readonly string[] | undefined): WindowState {
    this.#bySource.clear();
    this.#state = {
      untilMs: this.#clock.wallMs() + minutes * 60_000,
      openedBy,
      macs,
      discovered: 0,
    };
    return this.#state;
  }

  close(): void {
    this.#state = undefined;
  }

  /**
   * Whether this device may make its first contact now. One that has its files already, only when the
   * window was opened for it by name: its MAC is no secret, and what it leads to by now is.
   */
  admits(mac: string, isProvisioned: boolean): boolean {
    const { state } = this;
    if (state === undefined) {
      return false;
    }
    return state.macs === undefined ? !isProvisioned : state.macs.includes(mac);
  }

  /** Whether a device that is not in the list may come into it; counts it. */
  admitNew(mac: string, source: string): boolean {
    const { state } = this;
    if (state === undefined || state.macs !== undefined || state.discovered >= maximumDiscovered) {
      return false;
    }
    let macs = this.#bySource.get(source);
    if (macs === undefined) {
      macs = new Set();
      this.#bySource.set(source, macs);
    }
    if (!macs.has(mac)) {
      if (macs.size >= maximumPerSource) {
        return false;
      }
      macs.add(mac);
      this.#state = { ...state, discovered: state.discovered + 1 };
    }
    return true;
  }
}
