/**
 * Uniqueness over everything: numbers and names that can be dialled, logins, e-mail addresses. Pure;
 * the names of the owners come from the database, which also enforces the same by itself.
 */
import { titleOfDectHandset, type DectHandset } from '../../configuration/entities/dect-handset.ts';
import type { DectSystem } from '../../configuration/entities/dect-system.ts';
import { loginNameOf, titleOfDevice, type Device } from '../../configuration/entities/device.ts';
import { foldUserPart } from '../../configuration/entities/fold-user-part.ts';
import type { RejectedDevice } from '../../configuration/entities/rejected-device.ts';
import { codesOf, serviceNumbersOf, type Settings } from '../../configuration/entities/settings.ts';
import {
  dialableNumbersOf,
  loginOf,
  titleOfUser,
  type User,
} from '../../configuration/entities/user.ts';
import type { EntityName } from '../../configuration/entities/entity-names.ts';
import type { OperationIssue } from './configuration-error.ts';
import type { Draft } from './draft.ts';

export type ClaimScope =
  | 'number'
  | 'login'
  | 'email'
  /** A base is in one DECT system, a handset in one place, a place has one handset. */
  | 'dect-base'
  | 'dect-place'
  | 'ipui'
  /** A device is in the list or rejected, not both. */
  | 'device-mac';

/** What an entity wants for itself alone. */
export interface Claim {
  readonly scope: ClaimScope;
  /** Folded: what is compared. */
  readonly key: string;
  /** As it was written. */
  readonly value: string;
  readonly path: string;
  /** Who claims it, in words. */
  readonly title: string;
}

/** What others have now: title of the owner by `claimKey`. Without the entities being changed. */
export type TakenClaims = ReadonlyMap<string, string>;

export function claimKey(scope: ClaimScope, key: string): string {
  return `${scope}:${key}`;
}

export function claimsOfUser(user: User): Claim[] {
  const title = titleOfUser(user);
  const claims: Claim[] = dialableNumbersOf(user).map(({ number, path }) => ({
    scope: 'number',
    key: foldUserPart(number),
    value: number,
    path,
    title,
  }));
  const login = loginOf(user);
  if (login !== undefined) {
    const path = user.login === undefined ? 'extension' : 'login';
    claims.push({ scope: 'login', key: foldUserPart(login), value: login, path, title });
  }
  if (user.email !== undefined) {
    const key = foldEmail(user.email);
    claims.push({ scope: 'email', key, value: user.email, path: 'email', title });
  }
  return claims;
}

export function claimsOfSettings(settings: Settings): Claim[] {
  return [...serviceNumbersOf(settings), ...codesOf(settings)].map(({ number, path, title }) => ({
    scope: 'number',
    key: foldUserPart(number),
    value: number,
    path,
    title,
  }));
}

/** The chain id is the SIP user of the bases themselves. */
function claimsOfDectSystem({ name, bases, chainId }: DectSystem): Claim[] {
  const claims = bases.map(({ mac }, index): Claim => ({
    scope: 'dect-base',
    key: mac,
    value: mac,
    path: `bases.${index.toString()}.mac`,
    title: name,
  }));
  if (chainId !== undefined) {
    const value = chainId.toString();
    claims.push({ scope: 'number', key: value, value, path: 'chainId', title: name });
  }
  return claims;
}

/** Of one that is not valid, what is required may be missing. */
function claimsOfDectHandset(handset: Partial<DectHandset>): Claim[] {
  const { system, place, ipui } = handset;
  if (system === undefined || place === undefined) {
    return [];
  }
  const title = titleOfDectHandset({ ...handset, place });
  const value = place.toString();
  const claims: Claim[] = [
    { scope: 'dect-place', key: `${system}/${value}`, value, path: 'place', title },
  ];
  if (handset.loginNumber !== undefined) {
    const name = `login${handset.loginNumber.toString()}`;
    claims.push({ scope: 'number', key: name, value: name, path: 'loginNumber', title });
  }
  if (ipui !== undefined) {
    claims.push({ scope: 'ipui', key: ipui, value: ipui, path: 'ipui', title });
  }
  return claims;
}

/** Its MAC, and what it registers as when it is unassigned. */
export function claimsOfDevice(device: Device): Claim[] {
  const { mac, loginNumber } = device;
  const title = titleOfDevice(device);
  const claims: Claim[] = [{ scope: 'device-mac', key: mac, value: mac, path: 'mac', title }];
  if (loginNumber !== undefined) {
    const name = loginNameOf(device);
    claims.push({ scope: 'number', key: name, value: name, path: 'loginNumber', title });
  }
  return claims;
}

function claimsOfRejectedDevice({ mac }: RejectedDevice): Claim[] {
  const title = 'the list of rejected devices';
  return [{ scope: 'device-mac', key: mac, value: mac, path: 'mac', title }];
}

export function claimsOf(entity: EntityName, document: unknown): Claim[] {
  switch (entity) {
    case 'user':
      return claimsOfUser(document as User);
    case 'settings':
      return claimsOfSettings(document as Settings);
    case 'dect-system':
      return claimsOfDectSystem(document as DectSystem);
    case 'dect-handset':
      return claimsOfDectHandset(document as DectHandset);
    case 'device':
      return claimsOfDevice(document as Device);
    case 'rejected-device':
      return claimsOfRejectedDevice(document as RejectedDevice);
    case 'device-model':
    case 'device-template':
    case 'device-file':
    case 'device-group':
    case 'provisioning':
    case 'dhcp':
    case 'device-access':
    case 'redirection-service':
    case 'device-authority':
      return [];
  }
}

export function foldEmail(email: string): string {
  return email.toLowerCase();
}

/**
 * Every clash between the drafts, and between them and what is taken. Who has something already
 * keeps it: the newcomer is told the owner's name.
 */
export function findClashes(drafts: readonly Draft[], taken: TakenClaims): OperationIssue[] {
  const owners = new Map<string, { readonly draft: Draft; readonly title: string }>();
  for (const draft of drafts) {
    for (const claim of keptClaimsOf(draft)) {
      owners.set(claimKey(claim.scope, claim.key), { draft, title: claim.title });
    }
  }
  const issues: OperationIssue[] = [];
  for (const draft of drafts) {
    // An extension that is also the login is refused once.
    const refusedPaths = new Set<string>();
    for (const claim of claimsAfter(draft)) {
      const key = claimKey(claim.scope, claim.key);
      const owner = owners.get(key);
      const rival = taken.get(key) ?? (owner?.draft === draft ? undefined : owner?.title);
      if (rival === undefined) {
        owners.set(key, { draft, title: claim.title });
      } else if (!refusedPaths.has(claim.path)) {
        refusedPaths.add(claim.path);
        const { entity, id, operation } = draft;
        const message = `${claim.value} is taken by ${rival}`;
        issues.push({ operation, entity, id, path: claim.path, code: 'taken', message });
      }
    }
  }
  return issues;
}

function claimsAfter(draft: Draft): Claim[] {
  return draft.after === undefined ? [] : claimsOf(draft.entity, draft.after);
}

/** What the entity had before and still wants. */
function keptClaimsOf(draft: Draft): Claim[] {
  if (draft.before === undefined) {
    return [];
  }
  const had = new Set(
    claimsOf(draft.entity, draft.before).map((claim) => claimKey(claim.scope, claim.key)),
  );
  return claimsAfter(draft).filter((claim) => had.has(claimKey(claim.scope, claim.key)));
}
