/** The compiled configuration: made from stored documents and handed to the call plane. */
import type { Settings } from '../../configuration/entities/settings.ts';
import { sipUsernameOf, type User } from '../../configuration/entities/user.ts';
import {
  SnapshotCompiler,
  type SnapshotUser,
} from '../../configuration/snapshot/compile-snapshot.ts';
import { toErrorMessage } from '../../foundation/app-error.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { Stored } from './configuration-store.ts';
import type { Draft } from './draft.ts';
import { SecretSealError, type SecretSeal } from './secret-seal.ts';
import { openSipCredentials } from './sip-credentials.ts';

/** Hands a compiled snapshot to whoever reads it; a rejection is a health problem. */
export type Activate = (
  buffer: SharedArrayBuffer,
  revision: number,
) => Promise<unknown> | undefined;

/** Compiled, not yet in force. */
export interface PreparedConfiguration {
  readonly revision: number;
  readonly compiler: SnapshotCompiler;
  readonly buffer: SharedArrayBuffer;
}

export class ActiveConfiguration {
  readonly #seal: SecretSeal;
  readonly #activate: Activate;
  readonly #logger: Logger;
  /** Users whose SIP password cannot be read. */
  readonly #unreadable = new Set<string>();
  #compiler: SnapshotCompiler | undefined;
  #activationProblem: string | undefined;

  constructor(seal: SecretSeal, activate: Activate, logger: Logger) {
    this.#seal = seal;
    this.#activate = activate;
    this.#logger = logger;
  }

  get problems(): readonly string[] {
    const unreadable =
      this.#unreadable.size === 0
        ? []
        : [
            `The SIP passwords of ${this.#unreadable.size.toString()} users cannot be read with this key file: they cannot register until a new password is set.`,
          ];
    return this.#activationProblem === undefined
      ? unreadable
      : [...unreadable, this.#activationProblem];
  }

  async start(settings: Settings, users: readonly Stored<User>[], revision: number): Promise<void> {
    const compiler = new SnapshotCompiler(settings);
    for (const { id, document } of users) {
      compiler.setUser(this.#toSnapshotUser(id, document));
    }
    await this.activate({ revision, compiler, buffer: compiler.compile(revision) });
  }

  /** Compiles the present configuration with the drafts; nothing changes yet. */
  prepare(drafts: readonly Draft[], revision: number): PreparedConfiguration {
    const settings = drafts.find((draft) => draft.entity === 'settings')?.after as
      Settings | undefined;
    const compiler = this.#fork(settings);
    for (const { entity, id, after } of drafts) {
      if (entity !== 'user') {
        continue;
      }
      if (after === undefined) {
        compiler.removeUser(id);
        this.#unreadable.delete(id);
      } else {
        compiler.setUser(this.#toSnapshotUser(id, after as User));
      }
    }
    return { revision, compiler, buffer: compiler.compile(revision) };
  }

  async activate(prepared: PreparedConfiguration): Promise<void> {
    const { revision, compiler, buffer } = prepared;
    this.#compiler = compiler;
    try {
      await this.#activate(buffer, revision);
      this.#activationProblem = undefined;
    } catch (error) {
      const reason = toErrorMessage(error);
      this.#activationProblem = `Revision ${revision.toString()} is stored but not in force: ${reason}`;
      this.#logger.error('the configuration could not be activated', { revision, error: reason });
    }
  }

  #fork(settings: Settings | undefined): SnapshotCompiler {
    if (this.#compiler === undefined) {
      if (settings === undefined) {
        throw new Error('the first revision has settings');
      }
      return new SnapshotCompiler(settings);
    }
    const compiler = this.#compiler.fork();
    if (settings !== undefined) {
      compiler.setSettings(settings);
    }
    return compiler;
  }

  #toSnapshotUser(id: string, user: User): SnapshotUser {
    return {
      id,
      name: user.name,
      extension: user.extension,
      sipUsername: sipUsernameOf(user),
      aliases: user.aliases,
      enabled: user.enabled,
      ha1: this.#findHa1(id, user),
    };
  }

  #findHa1(id: string, user: User): SnapshotUser['ha1'] {
    this.#unreadable.delete(id);
    if (user.sipCredentials === undefined) {
      return undefined;
    }
    try {
      const credentials = openSipCredentials(user.sipCredentials, id, this.#seal);
      return credentials.username === sipUsernameOf(user)
        ? { md5: credentials.ha1Md5, sha256: credentials.ha1Sha256 }
        : undefined;
    } catch (error) {
      if (!(error instanceof SecretSealError)) {
        throw error;
      }
      this.#unreadable.add(id);
      return undefined;
    }
  }
}
