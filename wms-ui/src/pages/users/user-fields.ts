/** The fields of a user, grouped for the form; which may be changed depends on who looks. */
import type { User } from '../../../../system/management-plane/api/routes/users/schema.ts';
import { userFacts, type UserFieldName } from '../../lib/forms/entity-facts.ts';
import { createField, type Field, type FieldGroup } from '../../lib/forms/field.ts';
import type { FieldValue, FormValues } from '../../lib/forms/form-values.ts';
import { t } from '../../lib/i18n/i18n.svelte.ts';
import { session } from '../../lib/state/session.svelte.ts';

export const builtInAdminId = 'admin';

/** Groups for one user; `user` is undefined for a new one, `role` the one that is chosen now. */
export function userFieldGroups(user: User | undefined, role: FieldValue): readonly FieldGroup[] {
  const isBuiltIn = user?.id === builtInAdminId;
  return [
    {
      title: t('users.group.person'),
      fields: [
        field('name'),
        field('extension', { isRequired: role === 'user' }),
        field('email', { inputMode: 'email' }),
        field('mobilePhone', { inputMode: 'tel' }),
        field('department'),
      ],
    },
    {
      title: t('users.group.access'),
      fields: [
        field('role', {
          isReadOnly: isBuiltIn,
          without: isBuiltIn ? [] : ['superadmin'],
        }),
        field('login', { isReadOnly: isBuiltIn }),
        field('language'),
        field('enabled', { isReadOnly: isBuiltIn }),
        field('mustChangePassword'),
      ],
    },
    {
      title: t('users.group.telephony'),
      fields: [field('sipUsername'), field('aliases')],
    },
  ];
}

/** What makes sense to give to several users at once. */
export function bulkFieldGroups(): readonly FieldGroup[] {
  return [
    {
      title: '',
      fields: [
        field('department'),
        field('role', { without: ['superadmin'] }),
        field('language'),
        field('enabled'),
        field('mustChangePassword'),
      ],
    },
  ];
}

export function toFormValues(user: User): FormValues {
  return Object.fromEntries(
    (Object.keys(userFacts) as UserFieldName[]).map((name) => [name, user[name]]),
  );
}

/** A new user as the form begins: the defaults of the declaration. */
export function newUserValues(): FormValues {
  return Object.fromEntries(
    Object.entries(userFacts).map(([name, fact]) => [name, fact.defaultValue]),
  );
}

function field(
  name: UserFieldName,
  options: {
    readonly isReadOnly?: boolean;
    readonly isRequired?: boolean;
    readonly without?: readonly string[];
    readonly inputMode?: Field['inputMode'];
  } = {},
): Field {
  return createField('user', name, userFacts[name], { role: session.account.role, ...options });
}
