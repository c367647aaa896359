/**
 * What forms need to know of the entities, taken from their declarations when the UI is built: so
 * the browser gets plain facts and no validation library, and nothing is declared twice.
 */
import type { Plugin } from 'vite';
import { z } from 'zod';
import { deviceAccessEntity } from '../../system/configuration/entities/device-access.ts';
import { deviceGroupEntity } from '../../system/configuration/entities/device-group.ts';
import { externalLineFields } from '../../system/configuration/entities/external-line.ts';
import { provisioningSettingsEntity } from '../../system/configuration/entities/provisioning-settings.ts';
import { settingsEntity } from '../../system/configuration/entities/settings.ts';
import { userEntity } from '../../system/configuration/entities/user.ts';
import type { FieldDeclarations } from '../../system/configuration/entities/entity.ts';
import type { FieldFact } from '../src/lib/forms/field-fact.ts';

const moduleName = 'virtual:entity-facts';
const resolvedName = `\0${moduleName}`;

/** Keys and preferences of phones are edited apart from the rest (`phone-profile`). */
const detailsOfUser = Object.fromEntries(
  Object.entries(userEntity.fields).filter(
    ([name]) => name !== 'phoneKeys' && name !== 'phonePreferences',
  ),
);

export function entityFacts(): Plugin {
  return {
    name: 'campanile-entity-facts',
    resolveId: (name) => (name === moduleName ? resolvedName : undefined),
    load: (name) =>
      name === resolvedName
        ? [
            `export const userFacts = ${JSON.stringify(toFacts(detailsOfUser))};`,
            `export const settingsFacts = ${JSON.stringify(toFacts(settingsEntity.fields))};`,
            `export const provisioningFacts = ${JSON.stringify(toFacts(provisioningSettingsEntity.fields))};`,
            `export const deviceAccessFacts = ${JSON.stringify(toFacts(deviceAccessEntity.fields))};`,
            `export const externalLineFacts = ${JSON.stringify(toFacts(externalLineFields))};`,
            `export const deviceGroupFacts = ${JSON.stringify(toFacts(deviceGroupEntity.fields))};`,
          ].join('\n')
        : undefined,
  };
}

function toFacts(fields: FieldDeclarations): Record<string, FieldFact> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, field]) => !field.isSecret)
      .map(([name, field]) => {
        const schema = z.toJSONSchema(field.schema) as Partial<Record<string, unknown>>;
        const choices = schema['enum'];
        return [
          name,
          {
            kind: kindOf(schema),
            isRequired: field.presence === 'required',
            defaultValue: field.defaultValue as FieldFact['defaultValue'],
            unit: field.unit,
            changeableBy: field.changeableBy,
            choices: Array.isArray(choices) ? choices.map(String) : undefined,
            min: numberOf(schema['minimum']),
            max: numberOf(schema['maximum']),
            maxLength: numberOf(schema['maxLength']),
          },
        ];
      }),
  );
}

function kindOf(schema: Partial<Record<string, unknown>>): FieldFact['kind'] {
  if (Array.isArray(schema['enum'])) {
    return 'choice';
  }
  switch (schema['type']) {
    case 'integer':
      return 'integer';
    case 'boolean':
      return 'switch';
    case 'array':
      return 'list';
    default:
      return 'text';
  }
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
