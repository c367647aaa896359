/**
 * Turns the text of a whole configuration into drafts: afterwards the configuration equals the text.
 * Pure. Where the text leaves secrets out, users keep those they have.
 */
import type { AnyDocument } from '../../configuration/entities/entity.ts';
import { entityByName, type EntityName } from '../../configuration/entities/entity-registry.ts';
import type { OperationIssue } from './configuration-error.ts';
import type { Stored } from './configuration-store.ts';
import { keyOf, type Draft } from './draft.ts';
import type { ParsedConfiguration, ParsedEntity } from './parse-configuration.ts';
import { placeInText } from './serialize-configuration.ts';
import { SecretSealError, type SecretSeal } from './secret-seal.ts';

export interface DraftedImport {
  readonly drafts: readonly Draft[];
  readonly issues: readonly OperationIssue[];
}

export function draftImport(
  parsed: ParsedConfiguration,
  current: readonly (Stored<AnyDocument> & { readonly entity: EntityName })[],
  seal: SecretSeal,
): DraftedImport {
  const drafts: Draft[] = [];
  const issues = [...parsed.issues];
  const currentByKey = new Map(current.map((stored) => [keyOf(stored.entity, stored.id), stored]));
  const inText = new Set<string>();
  for (const section of parsed.entities) {
    const { entity, id } = section;
    const key = keyOf(entity, id);
    inText.add(key);
    const before = currentByKey.get(key)?.document;
    const after = { ...section.fields };
    if (parsed.secrets === 'omitted') {
      keepSecrets(entity, before, after);
    } else {
      issues.push(...openSecrets(section, after, seal));
    }
    drafts.push({ entity, id, before, after, sipPassword: undefined, operation: undefined });
  }
  for (const { entity, id, document } of current) {
    if (!inText.has(keyOf(entity, id))) {
      const deleted = { entity, id, before: document, after: undefined };
      drafts.push({ ...deleted, sipPassword: undefined, operation: undefined });
    }
  }
  return { drafts, issues };
}

function keepSecrets(
  entity: EntityName,
  before: AnyDocument | undefined,
  after: Record<string, unknown>,
): void {
  const { fieldNames, fields } = entityByName[entity];
  for (const name of fieldNames) {
    if (fields[name]?.isSecret === true && before?.[name] !== undefined) {
      after[name] ??= before[name];
    }
  }
}

/** Hashes were sealed for the text only; SIP credentials stay sealed and are checked later. */
function openSecrets(
  section: ParsedEntity,
  after: Record<string, unknown>,
  seal: SecretSeal,
): OperationIssue[] {
  const { entity, id } = section;
  const { fieldNames, fields } = entityByName[entity];
  const issues: OperationIssue[] = [];
  for (const name of fieldNames) {
    const value = after[name];
    if (fields[name]?.isSecret !== true || typeof value !== 'string' || name === 'sipCredentials') {
      continue;
    }
    try {
      after[name] = seal.open(value, placeInText(entity, id, name)).reveal();
    } catch (error) {
      if (!(error instanceof SecretSealError)) {
        throw error;
      }
      const { message } = error;
      Reflect.deleteProperty(after, name);
      issues.push({
        operation: undefined,
        entity,
        id,
        path: name,
        code: 'foreign-secret',
        message,
      });
    }
  }
  return issues;
}
