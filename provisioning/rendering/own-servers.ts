/** The servers that settings give to the PBX's own lines: a second one, and a proxy on the way. Pure. */
import type { DeviceLine, SipServer } from '../device.ts';
import type { Origin } from '../scope/origin.ts';
import type { ResolvedSettings } from '../scope/resolve-scopes.ts';

/** External lines keep what they were given: their provider knows nothing of our servers. */
export function withOwnServers(
  lines: readonly DeviceLine[],
  settings: ResolvedSettings,
): readonly DeviceLine[] {
  const backupServer = serverOf(settings, 'sip.secondServer');
  const outboundProxy = serverOf(settings, 'sip.outboundProxy');
  if (backupServer === undefined && outboundProxy === undefined) {
    return lines;
  }
  const servers = {
    ...(backupServer === undefined ? {} : { backupServer }),
    ...(outboundProxy === undefined ? {} : { outboundProxy }),
  };
  return lines.map((line) => (line.isExternal === true ? line : { ...servers, ...line }));
}

/** Where the fields of these servers come from; undefined while no setting gives one. */
export function ownServerOrigins(
  settings: ResolvedSettings,
): Readonly<Record<string, Origin | undefined>> | undefined {
  const second = settings.get('sip.secondServer')?.origin;
  const outbound = settings.get('sip.outboundProxy')?.origin;
  if (second === undefined && outbound === undefined) {
    return undefined;
  }
  return {
    backupHost: second,
    backupPort: settings.get('sip.secondServerPort')?.origin ?? second,
    backupHostPort: second,
    outboundHost: outbound,
    outboundPort: settings.get('sip.outboundProxyPort')?.origin ?? outbound,
    outboundHostPort: outbound,
  };
}

function serverOf(settings: ResolvedSettings, name: string): SipServer | undefined {
  const host = settings.get(name)?.value;
  const port = settings.get(`${name}Port`)?.value;
  if (typeof host !== 'string') {
    return undefined;
  }
  return typeof port === 'number' ? { host, port } : { host };
}
