/**
 * Turns the text of a whole configuration into drafts: afterwards the configuration equals the text.
 * Pure. Where the text leaves secrets out, users keep those they have.
 */
import type { AnyDocument } from '../../configuration/entities/entity.ts';
import type { EntityName } from '../../configuration/entities/entity-names.ts';
import { entityByName } from '../../configuration/entities/entity-registry.ts';
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
      issues.push(...openSecrets(section, after, before, seal));
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
  before: AnyDocument | undefined,
  seal: SecretSeal,
): OperationIssue[] {
  const { entity, id } = section;
  const { fieldNames, fields } = entityByName[entity];
  const issues: OperationIssue[] = [];
  for (const name of fieldNames) {
    const value = after[name];
    const field = fields[name];
    if (field?.isSealed === true && entity !== 'user') {
      issues.push(...checkSealed(section, name, value, before, seal));
      continue;
    }
    if (field?.isSecret !== true || field.isSealed || typeof value !== 'string') {
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

/** What was sealed by another installation can never be read here, unless it is here already. */
function checkSealed(
  { entity, id }: ParsedEntity,
  path: string,
  value: unknown,
  before: AnyDocument | undefined,
  seal: SecretSeal,
): OperationIssue[] {
  const known = new Set(sealedTextsOf(before?.[path]));
  const isForeign = sealedTextsOf(value).some((text) => !seal.isOwn(text) && !known.has(text));
  const message = 'the secret was sealed with another key';
  return isForeign
    ? [{ operation: undefined, entity, id, path, code: 'foreign-secret', message }]
    : [];
}

function sealedTextsOf(value: unknown): string[] {
  const texts = typeof value === 'object' && value !== null ? Object.values(value) : [value];
  return texts.filter((text) => typeof text === 'string');
}
