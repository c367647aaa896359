/**
 * All DECT systems and handsets in memory, kept up to date with every revision: requests of bases
 * and lists are answered without asking the database.
 */
import type { DectHandset } from '../../../configuration/entities/dect-handset.ts';
import type { DectSystem } from '../../../configuration/entities/dect-system.ts';
import type { ConfigurationStore, Stored } from '../../configuration-store/configuration-store.ts';
import { FollowedEntities } from './followed-entities.ts';

export class DectDirectory {
  readonly #systems: FollowedEntities<DectSystem>;
  readonly #handsets: FollowedEntities<DectHandset>;
  readonly #systemOfBase = new Map<string, string>();
  readonly #handsetsOfSystem = new Map<string, Stored<DectHandset>[]>();
  #highestLoginNumber = 0;

  constructor(store: Pick<ConfigurationStore, 'findAll' | 'onRevision'>) {
    this.#systems = new FollowedEntities(store, 'dect-system');
    this.#handsets = new FollowedEntities(store, 'dect-handset');
  }

  async start(): Promise<void> {
    await this.#systems.start(() => {
      this.#indexBases();
    });
    await this.#handsets.start(() => {
      this.#indexHandsets();
    });
  }

  close(): void {
    this.#systems.close();
    this.#handsets.close();
  }

  /** Resolves when every revision that was told is followed. */
  async settled(): Promise<void> {
    await this.#systems.settled();
    await this.#handsets.settled();
  }

  findSystem(id: string): Stored<DectSystem> | undefined {
    return this.#systems.find(id);
  }

  systems(): Stored<DectSystem>[] {
    return this.#systems.all();
  }

  systemOfBase(mac: string): Stored<DectSystem> | undefined {
    return this.#systems.find(this.#systemOfBase.get(mac) ?? '');
  }

  findHandset(id: string): Stored<DectHandset> | undefined {
    return this.#handsets.find(id);
  }

  handsets(): Stored<DectHandset>[] {
    return this.#handsets.all();
  }

  /** In the order of their places. */
  handsetsOf(system: string): readonly Stored<DectHandset>[] {
    return this.#handsetsOfSystem.get(system) ?? [];
  }

  /** Handsets that are reached through the base: those of its system. */
  handsetsOfBase(mac: string): readonly Stored<DectHandset>[] {
    return this.handsetsOf(this.#systemOfBase.get(mac) ?? '');
  }

  /** No handset has a higher one, nor had since the start. */
  get highestLoginNumber(): number {
    return this.#highestLoginNumber;
  }

  #indexBases(): void {
    this.#systemOfBase.clear();
    for (const { id, document } of this.#systems.all()) {
      for (const { mac } of document.bases) {
        this.#systemOfBase.set(mac, id);
      }
    }
  }

  #indexHandsets(): void {
    this.#handsetsOfSystem.clear();
    for (const stored of this.#handsets.all()) {
      const { system, loginNumber = 0 } = stored.document;
      const others = this.#handsetsOfSystem.get(system) ?? [];
      others.push(stored);
      this.#handsetsOfSystem.set(system, others);
      this.#highestLoginNumber = Math.max(this.#highestLoginNumber, loginNumber);
    }
    for (const handsets of this.#handsetsOfSystem.values()) {
      handsets.sort((a, b) => a.document.place - b.document.place);
    }
  }
}
