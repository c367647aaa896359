/** The servers of a device's lines, each once: templates number them, and lines name them by number. */
import type { DeviceLine, SipServer, Transport } from '../device.ts';
import { toServerFields, type ServerFields } from './render-fields.ts';
import type { Origin } from '../scope/origin.ts';
import type { Row } from '../template/value.ts';

const assignment: Origin = { source: 'assignment', name: 'assignment' };

export interface ServerPlace {
  /** From 0. */
  readonly place: number;
  readonly fields: ServerFields;
  /** Of fields that a setting gave. */
  readonly origins: Origins | undefined;
}

type Origins = Readonly<Record<string, Origin | undefined>>;

/** Equal servers share one place. */
export class ServerList {
  readonly rows: Row[] = [];
  /** Of the PBX's own lines. */
  readonly #origins: Origins | undefined;
  readonly #places = new Map<string, ServerPlace>();
  /** Most lines have the servers of the line before. */
  #last:
    | { readonly line: DeviceLine; readonly transport: Transport; readonly at: ServerPlace }
    | undefined;

  constructor(origins?: Origins) {
    this.#origins = origins;
  }

  add(line: DeviceLine, transport: Transport): ServerPlace {
    const last = this.#last;
    if (last?.transport === transport && haveSameServers(last.line, line)) {
      return last.at;
    }
    const fields = toServerFields(line, transport);
    const { hostPort, backupHostPort = '', outboundHostPort = '' } = fields;
    const key = `${transport} ${hostPort} ${backupHostPort} ${outboundHostPort}`;
    const origins = line.isExternal === true ? undefined : this.#origins;
    const at = this.#places.get(key) ?? { place: this.rows.length, fields, origins };
    if (at.place === this.rows.length) {
      this.#places.set(key, at);
      this.rows.push({
        origin: assignment,
        ...(origins === undefined ? {} : { origins }),
        values: { index: at.place + 1, index0: at.place, ...fields },
      });
    }
    this.#last = { line, transport, at };
    return at;
  }
}

function haveSameServers(a: DeviceLine, b: DeviceLine): boolean {
  return (
    isSameServer(a.server, b.server) &&
    isSameServer(a.backupServer, b.backupServer) &&
    isSameServer(a.outboundProxy, b.outboundProxy)
  );
}

function isSameServer(a: SipServer | undefined, b: SipServer | undefined): boolean {
  return a === b || (a?.host === b?.host && a?.port === b?.port);
}
