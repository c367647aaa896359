/** Deletes users after a question that names them; tells it with a way back. */
import type {
  User,
  UsersChanged,
} from '../../../../system/management-plane/api/routes/users/schema.ts';
import { api } from '../../lib/api/client.ts';
import { describeError } from '../../lib/api/describe-error.ts';
import { t } from '../../lib/i18n/i18n.svelte.ts';
import { confirmations } from '../../lib/state/confirmations.svelte.ts';
import { tellChange } from '../../lib/state/offer-undo.ts';
import { toasts } from '../../lib/state/toasts.svelte.ts';

/** Resolves true when the users are gone. */
export async function deleteUsers(users: readonly User[], onundone: () => void): Promise<boolean> {
  const names = users.map(titleOfUser);
  const { isConfirmed, isOptionChosen } = await confirmations.ask({
    title: t('users.deleteTitle', { count: users.length }),
    text: t('users.deleteText', { count: users.length }),
    names,
    confirmLabel: t('users.deleteConfirm', { count: users.length }),
    isDangerous: true,
    option: { label: t('users.eraseData'), help: t('users.eraseDataHelp') },
  });
  if (!isConfirmed) {
    return false;
  }
  try {
    const reply = await api.request<UsersChanged>('POST', '/users/delete', {
      body: { ids: users.map(({ id }) => id), erasePersonalData: isOptionChosen },
    });
    tellChange(
      t('users.deleted', { count: users.length, name: names[0] ?? '' }),
      reply.revision ?? reply.data.revision,
      onundone,
    );
    return true;
  } catch (error) {
    toasts.failure(describeError(error));
    return false;
  }
}

export function titleOfUser(user: Pick<User, 'name' | 'extension'>): string {
  return user.extension === undefined ? user.name : `${user.name} (${user.extension})`;
}
