/** Checks every draft by the declaration of its entity: pure. What clashes is find-clashes.ts. */
import { entityByName } from '../../configuration/entities/entity-registry.ts';
import { builtInAdminId } from '../../configuration/entities/user.ts';
import { checkProvisioningValues } from '../provisioning-values/check-provisioning-values.ts';
import type { OperationIssue } from './configuration-error.ts';
import type { Draft } from './draft.ts';

export interface ValidatedDrafts {
  /** With complete documents in the order of the declaration. */
  readonly drafts: readonly Draft[];
  /** What is right of those that are not valid: so that clashes are reported together with the rest. */
  readonly salvaged: readonly Draft[];
  /** All of them, at once. */
  readonly issues: readonly OperationIssue[];
}

export function validateDrafts(drafts: readonly Draft[]): ValidatedDrafts {
  const valid: Draft[] = [];
  const salvaged: Draft[] = [];
  const issues: OperationIssue[] = [];
  for (const draft of drafts) {
    const { entity, id, operation } = draft;
    if (draft.after === undefined) {
      if (entity === 'settings' || id === builtInAdminId) {
        const message =
          entity === 'settings'
            ? 'the settings cannot be deleted'
            : 'the built-in administrator cannot be deleted';
        issues.push({ operation, entity, id, path: '', code: 'built-in', message });
      }
      valid.push(draft);
      continue;
    }
    const result = entityByName[entity].validate(draft.after, id);
    if (result.kind === 'valid') {
      valid.push({ ...draft, after: result.document });
      const further = checkProvisioningValues(entity, result.document);
      issues.push(...further.map((issue) => ({ operation, entity, id, ...issue })));
    } else {
      salvaged.push({
        ...draft,
        after: { name: id, ...entityByName[entity].salvage(draft.after) },
      });
      issues.push(...result.issues.map((issue) => ({ operation, entity, id, ...issue })));
    }
  }
  return { drafts: valid, salvaged, issues };
}
