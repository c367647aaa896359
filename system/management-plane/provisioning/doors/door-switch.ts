/** Opens and shuts a server as the settings say, one turn after the other. */
import { toErrorMessage } from '../../../foundation/app-error.ts';
import type { Logger } from '../../../foundation/logger.ts';
import type { DoorOpener } from './closed-doors.ts';

/** What a door has of any server. */
interface Closable {
  close(): Promise<void>;
}

export interface DoorSwitchOptions<Server extends Closable> {
  /** As administrators call it: `TFTP`. */
  readonly name: string;
  /** Makes the server, which does not listen yet; loads its code too, few sites need it. */
  readonly create: () => Server | Promise<Server>;
  /** Resolves with the port. */
  readonly listen: (server: Server) => Promise<number>;
  readonly logger: Logger;
  /** A sentence for administrators while it cannot listen, undefined when all is well. */
  readonly onProblem: (sentence: string | undefined) => void;
}

export class DoorSwitch<Server extends Closable> implements DoorOpener {
  readonly #options: DoorSwitchOptions<Server>;
  #server: Server | undefined;
  #port: number | undefined;
  #isWanted = false;
  #switching: Promise<void> = Promise.resolve();

  constructor(options: DoorSwitchOptions<Server>) {
    this.#options = options;
  }

  /** Undefined while it is off. */
  get server(): Server | undefined {
    return this.#server;
  }

  /** Undefined while it is off. */
  get port(): number | undefined {
    return this.#port;
  }

  /** Starts or stops it; never rejects: what cannot listen is told as a problem. */
  switch(isEnabled: boolean): Promise<void> {
    this.#isWanted = isEnabled;
    this.#switching = this.#switching.then(() => (isEnabled ? this.#start() : this.#stop()));
    return this.#switching;
  }

  /** Opens it where that failed before; never rejects. */
  tryAgain(): Promise<void> {
    return this.switch(this.#isWanted);
  }

  /** Resolves when it is as it was asked to be last, or told why not. */
  settled(): Promise<void> {
    return this.#switching;
  }

  async #start(): Promise<void> {
    if (this.#server !== undefined) {
      return;
    }
    const { name, create, listen, logger, onProblem } = this.#options;
    const server = await create();
    try {
      this.#port = await listen(server);
      this.#server = server;
      onProblem(undefined);
      logger.info(`${name} is open`, { port: this.#port });
    } catch (error) {
      await server.close();
      logger.error(`${name} cannot be opened`, { error });
      onProblem(`${name} does not work: ${toErrorMessage(error)}.`);
    }
  }

  async #stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#port = undefined;
    await server?.close();
    this.#options.onProblem(undefined);
  }
}

/** Listens on every address; resolves with the last port. Rejects at the first that cannot be had. */
export async function listenOnAll(
  server: { listen(where: { readonly address: string; readonly port: number }): Promise<number> },
  addresses: readonly string[],
  port: number,
): Promise<number> {
  let last = port;
  for (const address of addresses) {
    last = await server.listen({ address, port });
  }
  return last;
}
