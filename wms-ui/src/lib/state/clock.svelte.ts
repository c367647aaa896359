/** The time of now for durations and ages on the page; ticks once a second while it is watched. */
import { createSubscriber } from 'svelte/reactivity';

class Clock {
  #subscribe = createSubscriber((update) => {
    const interval = setInterval(update, 1_000);
    return () => {
      clearInterval(interval);
    };
  });

  /** Wall-clock milliseconds; a component that reads it is drawn again each second. */
  get nowMs(): number {
    this.#subscribe();
    return Date.now();
  }
}

export const clock = new Clock();
