/** Changes of the configuration in words: labels of fields, values with their units. */
import type {
  EntityChange,
  Revision,
} from '../../../../system/management-plane/api/routes/revisions/schema.ts';
import {
  deviceAccessFacts,
  provisioningFacts,
  settingsFacts,
  userFacts,
} from '../../lib/forms/entity-facts.ts';
import type { FieldFact } from '../../lib/forms/field-fact.ts';
import { describeValue } from '../../lib/forms/field.ts';
import { i18n, t } from '../../lib/i18n/i18n.svelte.ts';
import { describeFieldValue, type ReferenceNames } from './describe-field-value.ts';

type ChangedField = EntityChange['fields'][number];

export interface DescribedField {
  readonly label: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const factsOf: Readonly<
  Record<EntityChange['entity'], Readonly<Partial<Record<string, FieldFact>>>>
> = {
  user: userFacts,
  settings: settingsFacts,
  provisioning: provisioningFacts,
  dhcp: {},
  'device-access': deviceAccessFacts,
  'device-authority': {},
  'redirection-service': {},
  'device-model': {},
  'device-template': {},
  'device-file': {},
  'device-group': {},
  device: {},
  'rejected-device': {},
  'dect-system': {},
  'dect-handset': {},
};

export function describeChange(
  entity: EntityChange['entity'],
  field: ChangedField,
  names: ReferenceNames,
): DescribedField {
  const fact = factsOf[entity][field.field];
  const words = (value: unknown): string | undefined =>
    value === undefined
      ? undefined
      : fact === undefined || (typeof value === 'object' && value !== null)
        ? describeFieldValue(field.field, value, names)
        : describeValue(
            {
              kind: fact.kind,
              unit: fact.unit === undefined ? '' : t(`unit.${fact.unit}`),
              choices: (fact.choices ?? []).map((choice) => ({
                value: choice,
                label: i18n.find(`${entity}.${field.field}.value.${choice}`) ?? choice,
              })),
            },
            value,
          );
  return {
    label: i18n.find(`${entity}.${field.field}.label`) ?? field.field,
    before: words(field.before),
    after: words(field.after),
  };
}

/** `User Anna Rossi (101)`, `Settings`. */
export function entityTitle(change: Pick<EntityChange, 'entity' | 'title'>): string {
  const title =
    change.entity === 'redirection-service'
      ? i18n.find(`redirection.name.${change.title}`)
      : undefined;
  return t(`entity.${change.entity}`, { title: title ?? change.title });
}

/** One line for a revision: what was done to whom. */
export function summarize(revision: Revision): string {
  const [first] = revision.operations;
  if (first === undefined) {
    return t('revisions.noChanges');
  }
  const text = `${t(`operation.${first.kind}`)}: ${entityTitle(first)}`;
  return revision.operationCount > 1
    ? t('revisions.andMore', { text, count: revision.operationCount - 1 })
    : text;
}
