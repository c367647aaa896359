/** One logged-in client of each role, made through the API of a management plane under test. */
import { ApiClient, testAdminPassword } from './api-client.ts';
import type { TestManagementPlane } from './management-plane.ts';

export interface TestAccounts {
  readonly superadmin: ApiClient;
  readonly admin: ApiClient;
  readonly user: ApiClient;
  /** Not logged in. */
  readonly nobody: ApiClient;
  readonly adminId: string;
  readonly userId: string;
}

export async function createAccounts(plane: TestManagementPlane): Promise<TestAccounts> {
  const superadmin = new ApiClient(plane);
  await superadmin.firstLogin();
  const adminId = await createUser(superadmin, { name: 'Ada', login: 'ada', role: 'admin' });
  const userId = await createUser(superadmin, { name: 'Ugo', extension: '100' });
  const admin = new ApiClient(plane);
  await admin.login('ada', testAdminPassword);
  const user = new ApiClient(plane);
  await user.login('100', testAdminPassword);
  return { superadmin, admin, user, nobody: new ApiClient(plane), adminId, userId };
}

/** With the test password for the web; returns the id. */
export async function createUser(
  client: ApiClient,
  fields: Readonly<Record<string, unknown>>,
): Promise<string> {
  const passwords = { web: { value: testAdminPassword } };
  const body = (await client.expect(201, 'POST', '/users', { ...fields, passwords })) as {
    user: { id: string };
  };
  return body.user.id;
}
