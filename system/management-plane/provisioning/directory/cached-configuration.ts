/**
 * Users and groups out of the configuration store, kept until the next revision: a device that boots
 * asks for five files, and a thousand boot together after a power cut.
 */
import type { AnyDocument } from '../../../configuration/entities/entity.ts';
import type { EntityName } from '../../../configuration/entities/entity-names.ts';
import type { User } from '../../../configuration/entities/user.ts';
import type { ConfigurationStore, Stored } from '../../configuration-store/configuration-store.ts';

type Source = Pick<ConfigurationStore, 'findUsers' | 'findMany' | 'onRevision' | 'unseal'>;

/** Beyond it everything is forgotten: as many as the phones of a large site. */
const maximumKept = 5_000;

export class CachedConfiguration implements Pick<
  ConfigurationStore,
  'findUsers' | 'findMany' | 'unseal'
> {
  readonly unseal: ConfigurationStore['unseal'];
  readonly #source: Source;
  readonly #kept = new Map<string, readonly Stored<unknown>[]>();
  /** What was asked before a revision and answered after it is not kept. */
  #generation = 0;

  constructor(source: Source) {
    this.#source = source;
    this.unseal = (text, place) => source.unseal(text, place);
    // For as long as the store lives.
    source.onRevision(() => {
      this.#generation += 1;
      this.#kept.clear();
    });
  }

  findUsers(ids: readonly string[]): Promise<readonly Stored<User>[]> {
    return this.#find('user', ids, () => this.#source.findUsers(ids));
  }

  findMany(entity: EntityName, ids: readonly string[]): Promise<readonly Stored<AnyDocument>[]> {
    return this.#find(entity, ids, () => this.#source.findMany(entity, ids));
  }

  async #find<Document>(
    entity: EntityName,
    ids: readonly string[],
    ask: () => Promise<readonly Stored<Document>[]>,
  ): Promise<readonly Stored<Document>[]> {
    if (ids.length === 0) {
      return [];
    }
    const key = `${entity} ${ids.join(' ')}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      return kept as readonly Stored<Document>[];
    }
    const generation = this.#generation;
    const found = await ask();
    if (generation === this.#generation) {
      if (this.#kept.size >= maximumKept) {
        this.#kept.clear();
      }
      this.#kept.set(key, found);
    }
    return found;
  }
}
