/** Fields of the rows that templates get: servers, pages of keys, offsets and changes of time zones. */
import type { DeviceKey, DeviceLine, SipServer, Transport } from '../device.ts';
import type { Fields } from '../template/value.ts';
import type { ZoneChange } from '../time-zone/posix-zone.ts';
import type { Model } from '../vendors/vendor.ts';

interface Address {
  readonly host: string;
  readonly port: number;
  /** With IPv6 in brackets. */
  readonly hostPort: string;
}

export interface ServerFields extends Address {
  /** Host, with the port unless it is the usual one of the transport. */
  readonly domain: string;
  readonly backupHost: string | undefined;
  readonly backupPort: number | undefined;
  readonly backupHostPort: string | undefined;
  readonly outboundHost: string | undefined;
  readonly outboundPort: number | undefined;
  readonly outboundHostPort: string | undefined;
  readonly transport: Transport;
}

/** The servers of a line, which share a transport. */
export function toServerFields(line: DeviceLine, transport: Transport): ServerFields {
  const backup = line.backupServer && toAddress(line.backupServer, transport);
  const outbound = line.outboundProxy && toAddress(line.outboundProxy, transport);
  const registrar = toAddress(line.server, transport);
  const isUsual = registrar.port === usualPort(transport);
  return {
    ...registrar,
    domain: isUsual ? registrar.host : registrar.hostPort,
    backupHost: backup?.host,
    backupPort: backup?.port,
    backupHostPort: backup?.hostPort,
    outboundHost: outbound?.host,
    outboundPort: outbound?.port,
    outboundHostPort: outbound?.hostPort,
    transport,
  };
}

function toAddress(server: SipServer, transport: Transport): Address {
  const { host } = server;
  const port = portOf(server, transport);
  return { host, port, hostPort: `${host.includes(':') ? `[${host}]` : host}:${port}` };
}

export function portOf({ port, tlsPort }: SipServer, transport: Transport): number {
  return (transport === 'tls' ? tlsPort : undefined) ?? port ?? usualPort(transport);
}

/** RFC 3261 §19.1.2. */
function usualPort(transport: Transport): number {
  return transport === 'tls' ? 5061 : 5060;
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
