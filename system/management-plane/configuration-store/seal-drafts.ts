/**
 * Seals new SIP passwords and keeps the digest hashes right: they contain SIP user name and domain,
 * so a change of one of those makes them anew within the same revision. Pure.
 */
import type { Settings } from '../../configuration/entities/settings.ts';
import { sipUsernameOf, type User } from '../../configuration/entities/user.ts';
import type { OperationIssue } from './configuration-error.ts';
import type { Stored } from './configuration-store.ts';
import type { Draft } from './draft.ts';
import { SecretSealError, type SecretSeal } from './secret-seal.ts';
import { createSipCredentials, openSipCredentials, sealSipCredentials } from './sip-credentials.ts';

export interface SealedDrafts {
  readonly drafts: readonly Draft[];
  readonly issues: readonly OperationIssue[];
}

/** `settings`: as they will be. Drafts are valid. */
export function sealDrafts(
  drafts: readonly Draft[],
  settings: Settings,
  seal: SecretSeal,
): SealedDrafts {
  const issues: OperationIssue[] = [];
  const sealed = drafts.map((draft): Draft => {
    if (draft.entity !== 'user' || draft.after === undefined) {
      return draft;
    }
    try {
      return sealUser(draft, draft.after as User, settings.sipDomain, seal);
    } catch (error) {
      if (!(error instanceof SecretSealError)) {
        throw error;
      }
      const { operation, entity, id } = draft;
      const { message } = error;
      const path = 'sipCredentials';
      issues.push({ operation, entity, id, path, code: 'foreign-secret', message });
      return draft;
    }
  });
  return { drafts: sealed, issues };
}

/** Drafts for the users whose hashes were made for another domain. */
export function draftForDomain(
  users: readonly Stored<User>[],
  settings: Settings,
  seal: SecretSeal,
): Draft[] {
  const drafts: Draft[] = [];
  for (const { id, document } of users) {
    const draft: Draft = {
      entity: 'user',
      id,
      before: document,
      after: document,
      sipPassword: undefined,
      operation: undefined,
    };
    const sealed = sealUser(draft, document, settings.sipDomain, seal);
    if (sealed !== draft) {
      drafts.push(sealed);
    }
  }
  return drafts;
}

function sealUser(draft: Draft, user: User, realm: string, seal: SecretSeal): Draft {
  const { sipCredentials, ...rest } = user;
  if (draft.sipPassword === null) {
    return sipCredentials === undefined ? draft : { ...draft, after: rest };
  }
  const username = sipUsernameOf(user);
  if (draft.sipPassword !== undefined) {
    const created = createSipCredentials(username ?? '', realm, draft.sipPassword);
    return {
      ...draft,
      after: { ...user, sipCredentials: sealSipCredentials(created, draft.id, seal) },
    };
  }
  if (sipCredentials === undefined || username === undefined) {
    return draft;
  }
  const before = draft.before as User | undefined;
  const isForeign = !seal.isOwn(sipCredentials);
  if (isForeign && before?.sipCredentials === sipCredentials) {
    // Unreadable since the key file was lost; it stays so until a password is set.
    return draft;
  }
  const credentials = openSipCredentials(sipCredentials, draft.id, seal);
  if (credentials.username === username && credentials.realm === realm) {
    return draft;
  }
  const renewed = createSipCredentials(username, realm, credentials.password);
  return {
    ...draft,
    after: { ...user, sipCredentials: sealSipCredentials(renewed, draft.id, seal) },
  };
}
