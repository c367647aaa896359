/** Doors that are meant to be open and are not: why, for the page with their switches, and a second attempt. */

/** As the switches of the settings are called. */
export const doorNames = ['tftp', 'ftp', 'pnp', 'syslog', 'certificates'] as const;
export type DoorName = (typeof doorNames)[number];

/** What an administrator can do something about. */
export type DoorObstacle = 'port-taken' | 'not-permitted' | 'other';

export interface ClosedDoor {
  readonly door: DoorName;
  readonly obstacle: DoorObstacle;
  /** A sentence for administrators. */
  readonly detail: string;
}

/** Who opens and shuts some of them. Never rejects. */
export interface DoorOpener {
  /** Opens what is meant to be open and is not. */
  readonly tryAgain: () => Promise<void>;
  readonly settled: () => Promise<void>;
}

export class ClosedDoors {
  readonly #details = new Map<DoorName, string>();
  readonly #openers: DoorOpener[] = [];

  /** Undefined: it is open, or meant to be shut. */
  note(door: DoorName, detail: string | undefined): void {
    if (detail === undefined) {
      this.#details.delete(door);
    } else {
      this.#details.set(door, detail);
    }
  }

  addOpener(opener: DoorOpener): void {
    this.#openers.push(opener);
  }

  /** Resolves when the doors are as the settings asked last, or told why not. */
  async settled(): Promise<void> {
    await Promise.all(this.#openers.map((opener) => opener.settled()));
  }

  /** In the order of the switches. */
  get list(): readonly ClosedDoor[] {
    return doorNames.flatMap((door) => {
      const detail = this.#details.get(door);
      return detail === undefined ? [] : [{ door, obstacle: findObstacle(detail), detail }];
    });
  }

  /** Tries again to open them. */
  async tryAgain(): Promise<void> {
    for (const opener of this.#openers) {
      await opener.tryAgain();
    }
  }
}

/** From the code that the kernel gave, which every server passes on in its message. */
function findObstacle(detail: string): DoorObstacle {
  if (/\bEADDRINUSE\b/.test(detail)) {
    return 'port-taken';
  }
  return /\b(?:EACCES|EPERM)\b/.test(detail) ? 'not-permitted' : 'other';
}
