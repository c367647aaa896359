/** Fields of the rows that templates get: servers, pages of keys, offsets and changes of time zones. */
import type { DeviceKey, SipServer, Transport } from './device.ts';
import type { Origin } from './scope/origin.ts';
import type { Row, SourcedValue, TemplateValue } from './template/value.ts';
import type { ZoneChange } from './time-zone/posix-zone.ts';
import type { Model } from './vendors/vendor.ts';

export type Fields = Readonly<Record<string, TemplateValue>>;

/** Fields without a value are left out. Several records save copying them into one. */
export function toRow(origin: Origin, ...records: readonly Fields[]): Row {
  const row = new Map<string, SourcedValue>();
  for (const fields of records) {
    for (const name in fields) {
      const value = fields[name];
      if (value !== undefined) {
        row.set(name, { value, origin });
      }
    }
  }
  return row;
}

/** Host, port and both together (IPv6 in brackets) of a server. */
export function toServerFields(
  prefix: '' | 'backup' | 'outbound',
  server: SipServer | undefined,
  transport: Transport,
): Fields {
  if (server === undefined) {
    return {};
  }
  const port = server.port ?? (transport === 'tls' ? 5061 : 5060);
  const name = (field: string): string =>
    prefix === '' ? field : `${prefix}${field.charAt(0).toUpperCase()}${field.slice(1)}`;
  return {
    [name('host')]: server.host,
    [name('port')]: port,
    [name('hostPort')]: `${server.host.includes(':') ? `[${server.host}]` : server.host}:${port}`,
  };
}

/** On which page and which place of it a line key stands; `index` from 1. */
export function toPageFields(index: number, { keys }: Model): Fields {
  const side = keys.side ?? 0;
  const isSide = index <= side;
  const perPage = isSide ? (keys.sidePerPage ?? side) : (keys.perPage ?? keys.line);
  const place = isSide ? index - 1 : index - 1 - side;
  const onPage = place % perPage;
  return {
    isSide,
    page: Math.floor(place / perPage) + 1,
    onPage: onPage + 1,
    isFirstOnPage: onPage === 0,
  };
}

/** Whether the model has the soft key or the key of an expansion module. */
export function hasPlace(key: DeviceKey, model: Model): boolean {
  if (key.index < 1) {
    return false;
  }
  if (key.area === 'soft') {
    return key.index <= (model.keys.soft ?? 0);
  }
  const { expansion } = model.keys;
  return (
    expansion !== undefined &&
    key.index <= expansion.keys &&
    (key.module ?? 1) >= 1 &&
    (key.module ?? 1) <= expansion.modules
  );
}

/** An offset from UTC: `+01:00` when long, else `+1` or `+5:30`. */
export function toOffset(offsetMin: number, isLong: boolean): string {
  const sign = offsetMin < 0 ? '-' : '+';
  const hours = String(Math.floor(Math.abs(offsetMin) / 60));
  const minutes = String(Math.abs(offsetMin) % 60).padStart(2, '0');
  return isLong
    ? `${sign}${hours.padStart(2, '0')}:${minutes}`
    : `${sign}${hours}${minutes === '00' ? '' : `:${minutes}`}`;
}

/** The beginning or the end of summer time in every way that phones count weekdays. */
export function toChangeFields(name: 'start' | 'end', change: ZoneChange): Fields {
  return {
    [`zone.${name}.month`]: change.month,
    [`zone.${name}.week`]: change.week,
    /** Monday 1 … Sunday 7. */
    [`zone.${name}.weekday`]: change.weekday === 0 ? 7 : change.weekday,
    /** Sunday 0 … Saturday 6. */
    [`zone.${name}.weekday0`]: change.weekday,
    /** Sunday 1 … Saturday 7. */
    [`zone.${name}.weekday1`]: change.weekday + 1,
    [`zone.${name}.hour`]: Math.floor(change.timeMin / 60),
    [`zone.${name}.minute`]: change.timeMin % 60,
    [`zone.${name}.day`]: change.dayOnOrAfter,
  };
}
