/** A request that must succeed and be answered as its route declares; resolves with the answer's body. */
import type { Method } from '../../system/management-plane/api/route.ts';

export type CallRoute = (
  method: Method,
  /** As declared: `/users/{id}`. */
  template: string,
  options?: {
    /** With the parameters filled in; as declared when absent. */
    readonly path?: string;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
  },
) => Promise<unknown>;
