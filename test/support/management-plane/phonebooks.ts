/** Phonebooks on a temporary database, over a configuration whose users the test makes. */
import { ManagementServices } from './management-services.ts';
import { CallerNames } from '../../../system/caller-names/caller-name-table.ts';
import { silentLogger } from '../../../system/foundation/logger.ts';
import type { Actor } from '../../../system/management-plane/actor.ts';
import { Phonebooks } from '../../../system/management-plane/phonebooks/phonebooks.ts';

export class TestPhonebooks {
  readonly services: ManagementServices;
  readonly phonebooks: Phonebooks;
  /** What the call plane was given last. */
  names: CallerNames | undefined;

  static async open(): Promise<TestPhonebooks> {
    const services = await ManagementServices.open();
    const test: TestPhonebooks = new TestPhonebooks(
      services,
      await Phonebooks.open({
        database: services.databases.phonebooks,
        store: services.store,
        callPlane: {
          request: (_name, body) => {
            const { buffer } = body as { readonly buffer: SharedArrayBuffer | undefined };
            test.names = buffer === undefined ? undefined : new CallerNames(buffer);
            return Promise.resolve({} as never);
          },
        },
        listenAddresses: ['127.0.0.1'],
        ldapPorts: { ldap: 0, ldaps: 0 },
        onProblem: () => undefined,
        clock: services.clock,
        logger: silentLogger,
        onChanged: () => undefined,
      }),
    );
    return test;
  }

  private constructor(services: ManagementServices, phonebooks: Phonebooks) {
    this.services = services;
    this.phonebooks = phonebooks;
  }

  /** A user of the configuration, as the actor of verbs. */
  async addUser(extension: string, name: string, department?: string): Promise<Actor> {
    const userId = await this.services.addUser({
      name,
      extension,
      ...(department === undefined ? {} : { department }),
    });
    return { kind: 'session', userId, name, role: 'user' };
  }

  async dispose(): Promise<void> {
    await this.phonebooks.close();
    await this.services.dispose();
  }
}
