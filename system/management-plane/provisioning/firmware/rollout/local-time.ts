/** The minute of the day by the clock of a time zone; formatters are kept, because making one is slow. */
import { toCurrentName } from '../../../../../provisioning/time-zone/zone.ts';

export class LocalTime {
  readonly #formatters = new Map<string, Intl.DateTimeFormat>();

  /** 0 to 1439. */
  minuteOf(zone: string | undefined, wallMs: number): number {
    const [hour = '0', minute = '0'] = this.#formatterOf(zone).format(wallMs).split(':');
    return (Number(hour) % 24) * 60 + Number(minute);
  }

  /** Of the appliance where there is no zone, or none that is known. */
  #formatterOf(zone: string | undefined): Intl.DateTimeFormat {
    const key = zone ?? '';
    let formatter = this.#formatters.get(key);
    if (formatter === undefined) {
      formatter = createFormatter(zone === undefined ? undefined : toCurrentName(zone));
      this.#formatters.set(key, formatter);
    }
    return formatter;
  }
}

function createFormatter(timeZone: string | undefined): Intl.DateTimeFormat {
  const options = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  try {
    return new Intl.DateTimeFormat('en-GB', {
      ...options,
      ...(timeZone === undefined ? {} : { timeZone }),
    });
  } catch {
    // A zone that this system does not know.
    return new Intl.DateTimeFormat('en-GB', options);
  }
}
