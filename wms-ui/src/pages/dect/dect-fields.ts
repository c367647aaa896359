/** The fields of a DECT system and of a handset, as forms draw them. */
import type {
  DectHandset,
  DectSystem,
} from '../../../../system/management-plane/api/routes/dect/schema.ts';
import type { Field, FieldGroup } from '../../lib/forms/field.ts';
import type { FormValues } from '../../lib/forms/form-values.ts';
import { t } from '../../lib/i18n/i18n.svelte.ts';

export function systemFieldGroups(): readonly FieldGroup[] {
  return [
    {
      title: '',
      fields: [
        field('name', t('dect-system.name.label'), { isRequired: true, maxLength: 60 }),
        field('comment', t('dect-system.comment.label'), {
          help: t('dect-system.comment.help'),
          maxLength: 200,
        }),
        field('sync', t('dect-system.sync.label'), {
          kind: 'choice',
          help: t('dect-system.sync.help'),
          choices: (['automatic', 'planned', 'lan'] as const).map((value) => ({
            value,
            label: t(`dect-system.sync.value.${value}`),
          })),
        }),
        field('chainId', t('dect-system.chainId.label'), {
          kind: 'integer',
          help: t('dect-system.chainId.help'),
          min: 100,
          max: 99_999,
        }),
      ],
    },
  ];
}

export function toSystemValues(system: DectSystem | undefined): FormValues {
  return {
    name: system?.name ?? '',
    comment: system?.comment,
    sync: system?.sync ?? 'automatic',
    chainId: system?.chainId,
  };
}

export function handsetFieldGroups(isNew: boolean): readonly FieldGroup[] {
  return [
    {
      title: '',
      fields: [
        field('name', t('dect-handset.name.label'), {
          help: t('dect-handset.name.help'),
          maxLength: 32,
        }),
        field('ipui', t('dect-handset.ipui.label'), {
          help: t('dect-handset.ipui.help'),
          maxLength: 24,
        }),
        field('model', t('dect-handset.model.label'), { maxLength: 40 }),
        field('place', t('dect-handset.place.label'), {
          kind: 'integer',
          help: isNew ? t('dect-handset.place.helpNew') : t('dect-handset.place.help'),
          isRequired: !isNew,
          min: 1,
          max: 16_000,
        }),
      ],
    },
  ];
}

export function toHandsetValues(handset: DectHandset | undefined): FormValues {
  return {
    name: handset?.name,
    ipui: handset?.ipui,
    model: handset?.model,
    place: handset?.place,
  };
}

/** What people call the handset. */
export function titleOfHandset(handset: DectHandset): string {
  return (
    handset.name ?? handset.user?.name ?? t('dect.handsetNumber', { number: String(handset.place) })
  );
}

function field(
  name: string,
  label: string,
  facts: Partial<
    Pick<Field, 'kind' | 'help' | 'choices' | 'isRequired' | 'min' | 'max' | 'maxLength'>
  >,
): Field {
  const { kind = 'text' } = facts;
  return {
    name,
    kind,
    label,
    help: facts.help ?? '',
    unit: '',
    isRequired: facts.isRequired ?? false,
    isReadOnly: false,
    choices: facts.choices ?? [],
    defaultValue: undefined,
    min: facts.min,
    max: facts.max,
    maxLength: facts.maxLength,
    autocomplete: 'off',
    inputMode: kind === 'integer' ? 'numeric' : 'text',
  };
}
