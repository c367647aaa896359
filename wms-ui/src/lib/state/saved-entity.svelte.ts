/**
 * One entity of the API as it is saved: loaded, and changed with its entity tag, so that nobody's
 * change is overwritten unseen.
 */
import { api, type ApiReply, type QueryParameters } from '../api/client.ts';
import { ApiError } from '../api/problem.ts';

interface ChangeOptions<Entity> {
  readonly query?: QueryParameters;
  /** Called on a conflict with what somebody else saved. */
  readonly accept?: (newest: Entity) => void;
}

/** Instead of an id, in addresses as well. */
const newId = 'new';

export class SavedEntity<Entity> {
  readonly isNew: boolean;
  readonly #collection: string;
  readonly #path: string;
  #value = $state.raw<Entity | undefined>();
  #error = $state.raw<unknown>();
  #hasConflict = $state(false);
  #etag: string | undefined;

  /** Path of the collection and an id, `new` to add one; without an id, the path of the only one. */
  constructor(path: string, id?: string) {
    this.isNew = id === newId;
    this.#collection = path;
    this.#path = id === undefined ? path : `${path}/${encodeURIComponent(id)}`;
  }

  /** Undefined until it is loaded or added. */
  get value(): Entity | undefined {
    return this.#value;
  }

  /** Why it could not be loaded. */
  get error(): unknown {
    return this.#error;
  }

  /** Somebody else saved meanwhile: the newest values are here, nothing was changed. */
  get hasConflict(): boolean {
    return this.#hasConflict;
  }

  /** Path in the API, with what comes behind it. */
  path(rest = ''): string {
    return this.#path + rest;
  }

  /** Resolves undefined when there is an error. */
  async load(): Promise<Entity | undefined> {
    try {
      return this.#take(await api.request<Entity>('GET', this.#path)).data;
    } catch (error) {
      this.#error = error;
      return undefined;
    }
  }

  /** Throws `ApiError`. */
  async add(body: unknown): Promise<ApiReply<Entity>> {
    return this.#take(await api.request<Entity>('POST', this.#collection, { body }));
  }

  /** Resolves undefined on a conflict; throws `ApiError` otherwise. */
  async change(
    changes: unknown,
    { query = {}, accept }: ChangeOptions<Entity> = {},
  ): Promise<ApiReply<Entity> | undefined> {
    this.#hasConflict = false;
    try {
      return this.#take(
        await api.request<Entity>('PATCH', this.#path, {
          body: changes,
          query,
          ...(this.#etag === undefined ? {} : { ifMatch: this.#etag }),
        }),
      );
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) {
        const newest = await this.load();
        this.#hasConflict = true;
        if (newest !== undefined) {
          accept?.(newest);
        }
        return undefined;
      }
      throw error;
    }
  }

  #take(reply: ApiReply<Entity>): ApiReply<Entity> {
    this.#value = reply.data;
    this.#etag = reply.etag;
    this.#error = undefined;
    return reply;
  }
}
