/** Users as they leave: secrets are only said to be there or not. */
import { presentPlannedRows } from '../../wire/import-preview.ts';
import type { PublicUser, User as StoredUser } from '../../../../configuration/entities/user.ts';
import type {
  ConfigurationStore,
  ListedUser,
  Stored,
} from '../../../configuration-store/configuration-store.ts';
import type { RegistrationDirectory } from '../../../registrations/registration-directory.ts';
import type { GeneratedPasswords as Generated } from '../../../users/user-passwords.ts';
import type { UsersImportPreview } from '../../../users/users-import.ts';
import type { CsvImportPreview, GeneratedPasswords, User } from './schema.ts';

/** `registrations` counts the phones of a user. */
type Registrations = Pick<RegistrationDirectory, 'countOf'>;

export function presentUser(user: Stored<StoredUser>, registrations: Registrations): User {
  const { id, document, version } = user;
  return {
    ...presentFields(id, document),
    hasWebPassword: document.webPasswordHash !== undefined,
    hasSipPassword: document.sipCredentials !== undefined,
    registeredPhones: registrations.countOf(id),
    version,
  };
}

export function presentListedUser(user: ListedUser, registrations: Registrations): User {
  return {
    ...presentFields(user.id, user.document),
    hasWebPassword: user.hasWebPassword,
    hasSipPassword: user.hasSipPassword,
    registeredPhones: registrations.countOf(user.id),
    version: user.version,
  };
}

/** Field by field: a secret that is added to the entity later does not leave by itself. */
function presentFields(id: string, user: PublicUser) {
  return {
    id,
    name: user.name,
    extension: user.extension,
    role: user.role,
    login: user.login,
    sipUsername: user.sipUsername,
    aliases: [...user.aliases],
    email: user.email,
    mobilePhone: user.mobilePhone,
    department: user.department,
    language: user.language,
    enabled: user.enabled,
    mustChangePassword: user.mustChangePassword,
  };
}

export function presentImportPreview(preview: UsersImportPreview): CsvImportPreview {
  const { importId, created, updated, unchanged, devicesAdded, devicesChanged } = preview;
  return {
    importId,
    created,
    updated,
    unchanged,
    devicesAdded,
    devicesChanged,
    ...presentPlannedRows(preview),
  };
}

/** With the name, so that a list of them can be handed out. */
export function presentGenerated(
  { userId, web, sip }: Generated,
  user: Pick<StoredUser, 'name' | 'extension'> | undefined,
): GeneratedPasswords {
  return { userId, name: user?.name ?? '', extension: user?.extension, web, sip };
}

export async function presentAllGenerated(
  generated: readonly Generated[],
  store: Pick<ConfigurationStore, 'findUsers'>,
): Promise<GeneratedPasswords[]> {
  const users = await store.findUsers(generated.map(({ userId }) => userId));
  const documents = new Map(users.map(({ id, document }) => [id, document]));
  return generated.map((passwords) => presentGenerated(passwords, documents.get(passwords.userId)));
}
