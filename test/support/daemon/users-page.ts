/** The page Users of a daemon with 45 people, in the browser of the administrator. */
import type { Locator, Page } from 'playwright-core';
import { ApiClient } from '../management-plane/api-client.ts';
import { WmsBrowser, type WmsPage } from '../programs/wms-browser.ts';
import { startDaemon, type TestDaemon } from './daemon.ts';

export interface UserOfApi {
  readonly id: string;
  readonly name: string;
  readonly department?: string;
  readonly language: string;
  readonly enabled: boolean;
  readonly role: string;
  readonly mobilePhone?: string;
}

/** Three pages of twenty: Person 00 with extension 200 and so on. */
const people = Array.from({ length: 45 }, (_, index) => ({
  name: `Person ${String(index).padStart(2, '0')}`,
  extension: String(200 + index),
  department: index % 2 === 0 ? 'Sales' : 'Support',
}));

export class UsersPage {
  readonly daemon: TestDaemon;
  readonly browser: WmsBrowser;
  readonly client: ApiClient;
  readonly visitor: WmsPage;
  readonly page: Page;

  private constructor(
    daemon: TestDaemon,
    browser: WmsBrowser,
    client: ApiClient,
    visitor: WmsPage,
  ) {
    this.daemon = daemon;
    this.browser = browser;
    this.client = client;
    this.visitor = visitor;
    this.page = visitor.page;
  }

  static async open(): Promise<UsersPage> {
    const [daemon, browser] = await Promise.all([startDaemon(), WmsBrowser.start()]);
    const client = new ApiClient(daemon);
    await client.firstLogin();
    const csv = [
      'name,extension,department',
      ...people.map((person) => `${person.name},${person.extension},${person.department}`),
    ].join('\r\n');
    const preview = (await client.expect(200, 'POST', '/users/import/preview', csv)) as {
      importId: string;
    };
    await client.expect(200, 'POST', '/users/import', { importId: preview.importId });
    const visitor = await browser.open(daemon);
    await visitor.openAsAdmin('/users');
    const users = new UsersPage(daemon, browser, client, visitor);
    await users.rowOf('Person 00').waitFor();
    return users;
  }

  rowOf(name: string): Locator {
    return this.page.getByRole('row').filter({ hasText: name });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  toolbarButton(name: string): Locator {
    return this.page.getByRole('toolbar').getByRole('button', { name, exact: true });
  }

  async shownNames(): Promise<string[]> {
    return this.page.locator('tbody tr td:nth-child(3)').allInnerTexts();
  }

  async select(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      await this.page.getByLabel(`Select ${name}`, { exact: true }).check();
    }
  }

  async userByName(name: string): Promise<UserOfApi> {
    const path = `/users?search=${encodeURIComponent(name)}`;
    const { items } = (await this.client.expect(200, 'GET', path)) as {
      items: readonly UserOfApi[];
    };
    const [user] = items;
    if (user === undefined) {
      throw new Error(`There is no user ${name}.`);
    }
    return user;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.daemon.remove();
  }
}
