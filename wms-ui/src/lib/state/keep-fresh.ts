/** Ties what a page shows to its life: fresh while it is there, closed when it goes. */
import { onMount } from 'svelte';
import { LiveRefresh } from './live-refresh.svelte.ts';

/** A list, a resource, or what else is fetched. */
interface Refreshable {
  readonly refresh: () => Promise<void>;
  readonly close?: () => void;
}

/**
 * To be called while the component is made. Hints are prefixes of kinds, as of `LiveRefresh`.
 * The answer serves to pause.
 */
export function keepFresh(hints: readonly string[], ...sources: Refreshable[]): LiveRefresh {
  const live = new LiveRefresh({
    hints,
    refresh: async () => {
      await Promise.all(sources.map(async (source) => source.refresh()));
    },
  });
  onMount(() => {
    const stop = live.start();
    return () => {
      stop();
      for (const source of sources) {
        source.close?.();
      }
    };
  });
  return live;
}
