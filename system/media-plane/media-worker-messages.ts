/** What the media worker is given and tells its host. */
import type { PlaneNumber } from './native/binding.ts';

export interface MediaWorkerData {
  readonly plane: PlaneNumber;
}

export type MediaWorkerMessage =
  | { readonly kind: 'ready' }
  /** One service broke; its endpoint is silent now. */
  | { readonly kind: 'service-failed'; readonly error: string };
