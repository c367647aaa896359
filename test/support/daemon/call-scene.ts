/**
 * A daemon with users, sipp as their phones, and the API to look at what came of their calls: what
 * end-to-end tests of calls share. Every test takes users of its own, so they can run side by side.
 */
import type { CallRecordDetail } from '../../../system/management-plane/api/routes/call-records/schema.ts';
import type {
  ActiveCall,
  CallMedia,
} from '../../../system/management-plane/api/routes/calls/schema.ts';
import type { SettingsChanges } from '../../../system/management-plane/configuration-store/operation.ts';
import { ApiClient, testAdminPassword } from '../management-plane/api-client.ts';
import { startDaemon, type TestDaemon } from './daemon.ts';
import { seedConfiguration } from './seed-configuration.ts';
import { Sipp, type SippOptions } from '../programs/sipp.ts';
import { waitUntil } from '../wait-until.ts';

const firstExtension = 101;

export interface CallSceneOptions {
  /** Extensions from 101 on. */
  readonly users: number;
  readonly settings?: SettingsChanges;
  readonly bootSettings?: Readonly<Record<string, unknown>>;
}

export type CalleeOptions = Pick<SippOptions, 'values' | 'transport' | 'timeoutSec' | 'calls'>;

export class CallScene {
  readonly daemon: TestDaemon;
  readonly api: ApiClient;
  readonly #sipps = new Set<Sipp>();
  #nextUser = firstExtension;

  private constructor(daemon: TestDaemon) {
    this.daemon = daemon;
    this.api = new ApiClient(daemon);
  }

  static async open(options: CallSceneOptions): Promise<CallScene> {
    const daemon = await startDaemon({
      settings: options.bootSettings ?? {},
      prepare: (dataDirectory) =>
        seedConfiguration(
          dataDirectory,
          Array.from({ length: options.users }, (_, index) => {
            const extension = String(firstExtension + index);
            return { extension, sipPassword: passwordOf(extension) };
          }),
          options.settings,
        ),
    });
    const scene = new CallScene(daemon);
    await scene.api.firstLogin();
    return scene;
  }

  /** After a start of the daemon: sessions do not outlive it. */
  async logInAgain(): Promise<void> {
    await this.api.login('admin', testAdminPassword);
  }

  /** An extension that no other test of this scene has. */
  takeUser(): string {
    const user = String(this.#nextUser);
    this.#nextUser += 1;
    return user;
  }

  /** Starts a scenario in the name of the user. */
  async start(user: string, scenario: string, options: Partial<SippOptions> = {}): Promise<Sipp> {
    const sipp = await Sipp.start({
      scenario,
      user,
      password: passwordOf(user),
      sipPort: this.daemon.sipPort,
      ...options,
      values: { EXTRA: 'Subject: test', ...options.values },
    });
    this.#sipps.add(sipp);
    return sipp;
  }

  /** Registers a phone of the user; the port is its own from now on. */
  async register(user: string, options: Partial<SippOptions> = {}): Promise<number> {
    const sipp = await this.start(user, 'register', { ...options, values: { STATUS: '200' } });
    await sipp.succeeded();
    return sipp.port;
  }

  /** Registers a phone of the user, then lets it play a scenario. */
  async answerAs(user: string, scenario: string, options: CalleeOptions = {}): Promise<Sipp> {
    const port = await this.register(user);
    return this.start(user, scenario, { ...options, port });
  }

  /** Calls `target` and plays a scenario to its successful end. */
  async call(
    user: string,
    target: string,
    scenario: string,
    options: Partial<SippOptions> = {},
  ): Promise<void> {
    const values = { TARGET: target, ...options.values };
    const sipp = await this.start(user, scenario, { ...options, values });
    await sipp.succeeded();
  }

  /** The record of the only call in which the user took part. */
  async recordOf(user: string): Promise<CallRecordDetail> {
    const callRef = await waitUntil(async () => {
      const page = (await this.api.expect(200, 'GET', `/call-records?party=${user}`)) as {
        items: { callRef: string }[];
      };
      return page.items[0]?.callRef;
    }, `the call of ${user} is on record`);
    return (await this.api.expect(200, 'GET', `/call-records/${callRef}`)) as CallRecordDetail;
  }

  /** How many calls with the user are on record. */
  async recordCount(user: string): Promise<number> {
    const { total } = (await this.api.expect(200, 'GET', `/call-records?party=${user}`)) as {
      total: number;
    };
    return total;
  }

  /** The call in progress of the user, once there is one that the test wants. */
  async activeCall(
    user: string,
    isWanted: (call: ActiveCall) => boolean = (call) => call.state === 'answered',
  ): Promise<ActiveCall> {
    return waitUntil(async () => {
      const { items } = (await this.api.expect(200, 'GET', '/calls')) as { items: ActiveCall[] };
      return items.find(
        (call) => (call.callerNumber === user || call.calleeNumber === user) && isWanted(call),
      );
    }, `the call of ${user} is in the list`);
  }

  /** What flows through the PBX in a call: by leg, caller first. */
  async mediaOf(callRef: string): Promise<readonly CallMedia['legs'][number]['media'][]> {
    const { legs } = (await this.api.expect(200, 'GET', `/calls/${callRef}/media`)) as CallMedia;
    return legs.map(({ media }) => media);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sipps].map((sipp) => sipp.stop()));
    await this.daemon.remove();
  }
}

export function passwordOf(user: string): string {
  return `secret-${user}`;
}

/** The codes of a call's story. */
export function storyOf(record: CallRecordDetail): string[] {
  return record.trace.map(({ code }) => code);
}
