/** Operations on users for tests of the configuration store, and who makes them. */
import { Secret } from '../../../system/foundation/secret.ts';
import type { Actor } from '../../../system/management-plane/actor.ts';
import type { ConfigurationError } from '../../../system/management-plane/configuration-store/configuration-error.ts';
import type {
  Operation,
  UserChanges,
} from '../../../system/management-plane/configuration-store/operation.ts';

export const author: Actor = {
  kind: 'session',
  userId: 'admin',
  name: 'Administrator',
  role: 'superadmin',
};
export const password = new Secret('kP4!wz9-LmQ2');

export function create(id: string, after: UserChanges): Operation {
  return { kind: 'create', entity: 'user', id, after };
}

export function update(id: string, after: UserChanges, ifVersion?: number): Operation {
  return { kind: 'update', entity: 'user', id, after, ifVersion };
}

export function remove(id: string): Operation {
  return { kind: 'delete', entity: 'user', id };
}

export const ada = create('ada', {
  name: 'Ada Lovelace',
  extension: '101',
  sipPassword: password,
});
export const bob = create('bob', { name: 'Bob Kahn', extension: '102', sipPassword: password });

export async function refusalOf(promise: Promise<unknown>): Promise<ConfigurationError> {
  return promise.then(
    () => {
      throw new Error('was not refused');
    },
    (error: unknown) => error as ConfigurationError,
  );
}
