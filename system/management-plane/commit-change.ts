/** How services make what was asked of them into a revision that everybody has read when they answer. */
import type { Actor } from './actor.ts';
import type { ChangeOptions } from './change-options.ts';
import type { ConfigurationStore } from './configuration-store/configuration-store.ts';
import type { Operation } from './configuration-store/operation.ts';
import type { Revision } from './configuration-store/revision.ts';

/** Rejects with ConfigurationError as the store's `commit` does. */
export type CommitChange = (
  actor: Actor,
  operations: readonly Operation[],
  options: ChangeOptions,
) => Promise<Revision>;

/** `copies`: those that keep entities in memory and have read the change when it returns. */
export function createCommitChange(
  store: Pick<ConfigurationStore, 'commit'>,
  copies: readonly { settled(): Promise<void> }[],
): CommitChange {
  return async (actor, operations, { reason = '', confirmWithinSec }) => {
    const revision = await store.commit({ author: actor, reason, confirmWithinSec, operations });
    await Promise.all(copies.map((copy) => copy.settled()));
    return revision;
  };
}
