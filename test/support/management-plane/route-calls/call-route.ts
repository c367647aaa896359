/** A request that must succeed and be answered as its route declares; resolves with the answer's body. */
import type { Method } from '../../../../system/management-plane/api/route.ts';
import type { ApiClient } from '../api-client.ts';
import type { TestManagementPlane } from '../management-plane.ts';

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

export interface RouteCalls {
  readonly call: CallRoute;
  /** For what is only prepared. */
  readonly client: ApiClient;
  readonly plane: TestManagementPlane;
  /** Stored sealed: no answer may tell it. */
  readonly secret: string;
}
