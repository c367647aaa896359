/** All records of one kind of entity in memory, kept up to date with every revision. */
import type { AnyDocument } from '../../../configuration/entities/entity.ts';
import type { EntityName } from '../../../configuration/entities/entity-names.ts';
import type { ConfigurationStore, Stored } from '../../configuration-store/configuration-store.ts';

export class FollowedEntities<Document extends AnyDocument> {
  readonly #store: Pick<ConfigurationStore, 'findAll' | 'onRevision'>;
  readonly #entity: EntityName;
  #byId: ReadonlyMap<string, Stored<Document>> = new Map();
  #loading: Promise<void> = Promise.resolve();
  #stop: (() => void) | undefined;

  constructor(store: Pick<ConfigurationStore, 'findAll' | 'onRevision'>, entity: EntityName) {
    this.#store = store;
    this.#entity = entity;
  }

  /** `onChange` is called when they were loaded, and after each revision that changed some. */
  async start(onChange: () => void = () => undefined): Promise<void> {
    await this.#load();
    onChange();
    this.#stop = this.#store.onRevision((revision) => {
      const isAll = revision.operationCount > revision.operations.length;
      if (isAll || revision.operations.some(({ entity }) => entity === this.#entity)) {
        this.#loading = this.#loading.then(() => this.#load()).then(onChange);
      }
    });
  }

  close(): void {
    this.#stop?.();
  }

  /** Resolves when every revision that was told is followed. */
  settled(): Promise<void> {
    return this.#loading;
  }

  find(id: string): Stored<Document> | undefined {
    return this.#byId.get(id);
  }

  all(): Stored<Document>[] {
    return [...this.#byId.values()];
  }

  async #load(): Promise<void> {
    const found = (await this.#store.findAll(this.#entity)) as unknown as Stored<Document>[];
    this.#byId = new Map(found.map((stored) => [stored.id, stored]));
  }
}
