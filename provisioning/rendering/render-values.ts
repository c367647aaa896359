/**
 * Turns a device, its model, its resolved settings and the address it fetches from into the named
 * values of `vocabulary.ts`. Limits of the model are applied here: accounts, keys and codecs that it
 * does not have never reach a template.
 */
import { Secret } from '../../system/foundation/secret.ts';
import type { Device, DeviceHandset, DeviceLine, Transport } from '../device.ts';
import { findMisfits, transportOf, type LinePlaces } from './find-misfits.ts';
import { separateMac } from '../mac.ts';
import { hasPlace, toChangeFields, toOffset } from './render-fields.ts';
import { ownServerOrigins, withOwnServers } from './own-servers.ts';
import { createKeyRows, type PlacedLine } from './render-keys.ts';
import { ServerList } from './render-servers.ts';
import type { Origin } from '../scope/origin.ts';
import { findVariable } from '../scope/variables.ts';
import type { ResolvedSettings } from '../scope/resolve-scopes.ts';
import type {
  Fields,
  Row,
  SourcedValue,
  TemplateValue,
  TemplateValues,
} from '../template/value.ts';
import { toCurrentName, zoneRule } from '../time-zone/zone.ts';
import type { Model, ModelFacts, Stage } from '../vendors/vendor.ts';

export interface RenderInput extends LinePlaces {
  readonly device: Device;
  readonly model: Model;
  readonly facts: ModelFacts;
  readonly settings: ResolvedSettings;
  /** Where the device fetches from now on, ends in `/`; holds the token. */
  readonly fetchUrl: string;
  readonly authority: Authority | undefined;
  readonly stage: Stage;
}

/** The certificate that vouches for the address where devices fetch. */
export interface Authority {
  /** Of its base64. */
  readonly lines: readonly string[];
  /** Where it is to be had without TLS. */
  readonly url: string;
}

const assignment: Origin = { source: 'assignment', name: 'assignment' };
const appliance: Origin = { source: 'appliance', name: 'appliance' };

/** Of a large DECT system not every place is switched off in every file, but those behind the last used one. */
const spareLines = 50;

export function createRenderValues(input: RenderInput): TemplateValues {
  return new ValueBuilder(input).build();
}

class ValueBuilder {
  readonly #input: RenderInput;
  readonly #scalars = new Map<string, SourcedValue>();
  readonly #lists = new Map<string, readonly Row[]>();
  /** By the number of the line. */
  readonly #lines = new Map<number, PlacedLine>();

  constructor(input: RenderInput) {
    this.#input = input;
  }

  build(): TemplateValues {
    this.#addIdentity();
    this.#addSettings();
    this.#addZone();
    this.#addFetchAddress();
    this.#addAuthority();
    if (this.#input.stage === 'secure') {
      this.#addLines();
      this.#addKeys();
      this.#addCodecs();
      this.#addHandsets();
      this.#addCustomFiles();
    }
    return { scalars: this.#scalars, lists: this.#lists };
  }

  #addIdentity(): void {
    const { device, model, facts } = this.#input;
    const origin: Origin = { source: 'identity', name: model.id };
    this.#add(origin, {
      'device.mac': device.mac,
      'device.macUpper': device.mac.toUpperCase(),
      'device.macColons': separateMac(device.mac, ':'),
      'device.model': model.id,
      'device.firmware': device.firmware,
      'device.fileModel': model.fileName ?? model.id,
      'device.product': model.product,
      'device.openedAtSec': device.openedAtSec,
      'device.customFiles': device.customFiles?.length === 0 ? undefined : device.customFiles,
      'device.modules': countModules(device, model),
      'model.lines': model.lines,
      'model.lineKeys': model.keys.line,
      'model.handsets': model.handsets,
      'dect.systemName': device.dect?.systemName,
      'dect.baseName': device.dect?.baseName,
      'dect.isMultiCell': device.dect?.isMultiCell,
      'dect.isDataMaster': device.dect?.isDataMaster,
      'dect.chainId': device.dect?.chainId,
      'dect.hasPlannedTree': device.dect?.hasPlannedTree,
      'dect.syncsByLan': device.dect?.syncsByLan,
      'dect.isOpen': device.dect?.isOpen,
    });
    for (const [name, value] of Object.entries(facts)) {
      this.#scalars.set(`fact.${name}`, { value, origin });
    }
  }

  #addAuthority(): void {
    const { authority } = this.#input;
    const lines = authority?.lines ?? [];
    this.#add(appliance, {
      'authority.isUsed': lines.length > 0,
      'authority.url': authority?.url,
    });
    const rows = lines.map((line, index): Row => ({
      origin: appliance,
      values: { index: index + 1, index0: index, line },
    }));
    this.#lists.set('authority', rows);
  }

  #addCustomFiles(): void {
    const { device } = this.#input;
    const origin: Origin = { source: 'device', name: device.mac };
    const rows = (device.customFiles ?? []).map((name, index): Row => ({
      origin,
      values: { index: index + 1, index0: index, name },
    }));
    this.#lists.set('customFiles', rows);
  }

  #addSettings(): void {
    for (const [name, setting] of this.#input.settings) {
      const { value, origin } = setting;
      if (!Array.isArray(value) || findVariable(name)?.domain.type !== 'records') {
        this.#scalars.set(name, setting as SourcedValue);
        continue;
      }
      const entries = value as readonly Fields[];
      this.#scalars.set(`${name}.isUsed`, { value: entries.length > 0, origin });
      this.#lists.set(
        name,
        entries.map((entry, index) => ({
          origin,
          values: { index: index + 1, index0: index, ...entry },
        })),
      );
    }
  }

  #addZone(): void {
    const zone = this.#input.settings.get('time.zone');
    if (typeof zone?.value !== 'string') {
      return;
    }
    const { origin } = zone;
    const rule = zoneRule(zone.value);
    const useDst = this.#input.settings.get('time.useDst');
    const summerTime = useDst?.value === true ? rule.summerTime : undefined;
    this.#add(origin, {
      'zone.name': toCurrentName(zone.value),
      'zone.posix':
        summerTime === undefined ? rule.posix.replace(/(?<=\d)[A-Za-z].*$/, '') : rule.posix,
      'zone.offsetMin': rule.offsetMin,
      'zone.offsetQuarters': rule.offsetMin / 15,
      'zone.offsetSec': rule.offsetMin * 60,
      'zone.offsetHours': toOffset(rule.offsetMin, false),
      'zone.offsetIso': toOffset(rule.offsetMin, true),
      'zone.hasDst': summerTime !== undefined,
    });
    if (summerTime !== undefined) {
      const { saveMin, start, end } = summerTime;
      const dstOrigin = useDst?.origin.source === 'default' ? origin : (useDst?.origin ?? origin);
      this.#add(dstOrigin, {
        'zone.saveMin': saveMin,
        'zone.saveSec': saveMin * 60,
        'zone.saveIso': `${Math.floor(saveMin / 60)}:${saveMin % 60}:0`,
        ...toChangeFields('start', start),
        ...toChangeFields('end', end),
      });
    }
  }

  #addFetchAddress(): void {
    const { fetchUrl, stage } = this.#input;
    const url = new URL(fetchUrl);
    const scheme = url.protocol.slice(0, -1);
    const conceal = (text: string): TemplateValue => (stage === 'secure' ? new Secret(text) : text);
    this.#add(appliance, {
      'fetch.url': conceal(fetchUrl),
      'fetch.hostPath': conceal(`${url.host}${url.pathname}`.replace(/\/$/, '')),
      'fetch.path': conceal(url.pathname.replace(/^\/|\/$/g, '')),
      'fetch.scheme': scheme,
      'fetch.host': url.hostname,
      'fetch.port': Number(url.port === '' ? (scheme === 'https' ? 443 : 80) : url.port),
    });
  }

  #addLines(): void {
    const { device, model, settings } = this.#input;
    const limit = Math.max(model.lines, device.dect?.places ?? 0);
    const lines = withOwnServers(device.lines, settings);
    const misfits = findMisfits(this.#input, lines, this.#transport);
    const left = new Set(misfits.map(({ index }) => index));
    const owners = new Map(device.handsets.map((handset) => [handset.line, handset]));
    const servers = new ServerList(ownServerOrigins(settings));
    const rows: Row[] = [];
    let highest = 0;
    for (const [position, line] of lines.entries()) {
      const number = line.place ?? position + 1;
      if (number <= limit && !left.has(position)) {
        const row = this.#toLineRow(line, number, owners.get(number), servers);
        rows.push(row);
        this.#lines.set(number, { line, row });
        highest = Math.max(highest, number);
      }
    }
    this.#lists.set('lines', rows);
    this.#lists.set('servers', servers.rows);
    const empty: Row[] = [];
    const last = Math.min(limit, Math.max(model.lines, highest + spareLines));
    for (let number = 1; number <= last; number++) {
      if (!this.#lines.has(number)) {
        empty.push({ origin: assignment, values: { index: number, index0: number - 1 } });
      }
    }
    this.#lists.set('emptyLines', empty);
    if (highest > 0) {
      this.#scalars.set('device.lastLine', { value: highest, origin: assignment });
    }
    const [primary] = rows;
    for (const [field, value] of Object.entries(primary?.values ?? {})) {
      if (primary !== undefined && value !== undefined) {
        const origin = primary.origins?.[field] ?? primary.origin;
        this.#scalars.set(`primary.${field}`, { value, origin });
      }
    }
    this.#addHome(rows.length > 0);
  }

  /** Who else may command the device: never the server of an external line. */
  #addHome(hasLines: boolean): void {
    const own = Array.from(this.#lines.values()).find(({ line }) => line.isExternal !== true);
    const host = own?.line.server.host ?? this.#scalars.get('fetch.host')?.value;
    if (hasLines && host !== undefined) {
      this.#scalars.set('pbx.host', { value: host, origin: own?.row.origin ?? appliance });
    }
  }

  get #transport(): Transport {
    const transport = this.#input.settings.get('sip.transport');
    return (transport?.value as Transport | undefined) ?? 'udp';
  }

  #toLineRow(
    line: DeviceLine,
    number: number,
    owner: DeviceHandset | undefined,
    servers: ServerList,
  ): Row {
    const { model, settings } = this.#input;
    const transport = settings.get('sip.transport');
    const voicemail = settings.get('calls.voicemailNumber');
    const voicemailNumber = typeof voicemail?.value === 'string' ? voicemail.value : undefined;
    const { place, fields, origins } = servers.add(line, transportOf(line, this.#transport));
    const isOwn = line.isExternal !== true;
    const isTransportOwn = line.transport !== undefined || !isOwn;
    const handset = owner?.index ?? (model.handsets === undefined ? undefined : number);
    const lineOrigins = {
      transport: isTransportOwn ? undefined : transport?.origin,
      voicemailNumber: line.voicemailNumber === undefined && isOwn ? voicemail?.origin : undefined,
    };
    return {
      origin: { source: 'assignment', name: line.account },
      values: {
        ...fields,
        index: number,
        index0: number - 1,
        account: line.account,
        displayName: line.displayName,
        label: line.label ?? line.userName,
        userName: line.userName,
        authName: line.authName ?? line.userName,
        password: line.password,
        server: place + 1,
        server0: place,
        handset,
        handset0: handset === undefined ? undefined : handset - 1,
        handsetIpui: owner?.ipui,
        handsetPin: owner?.pin,
        voicemailNumber: line.voicemailNumber ?? (isOwn ? voicemailNumber : undefined),
        transport: isTransportOwn || transport !== undefined ? fields.transport : undefined,
      },
      origins: origins === undefined ? lineOrigins : { ...origins, ...lineOrigins },
    };
  }

  #addKeys(): void {
    const { device, model, settings } = this.#input;
    this.#lists.set(
      'keys',
      createKeyRows({ keys: device.keys, model, settings, lines: this.#lines }),
    );
  }

  #addCodecs(): void {
    const { model, settings } = this.#input;
    const wanted = settings.get('audio.codecs');
    const names = Array.isArray(wanted?.value) ? (wanted.value as readonly string[]) : [];
    const enabled = names.filter((name) => model.codecs.some((codec) => codec === name));
    const disabled = model.codecs.filter((codec) => !names.includes(codec));
    const origin = wanted?.origin ?? assignment;
    this.#lists.set('codecs', [
      ...enabled.map((name, index) => ({
        origin,
        values: { name, index0: index, isEnabled: true, priority: index + 1, priority0: index },
      })),
      ...disabled.map((name, index) => ({
        origin,
        values: { name, index0: enabled.length + index, isEnabled: false },
      })),
    ]);
    this.#scalars.set('audio.codecs', { value: enabled, origin });
  }

  #addHandsets(): void {
    const { device, model } = this.#input;
    const names = new Map(
      device.lines.map(({ place, displayName }, index) => [place ?? index + 1, displayName]),
    );
    this.#lists.set(
      'handsets',
      device.handsets
        .filter(({ index }) => index <= Math.max(model.handsets ?? 0, device.dect?.places ?? 0))
        .map((handset) => ({
          origin: assignment,
          values: {
            index: handset.index,
            index0: handset.index - 1,
            ipui: handset.ipui,
            name: handset.name ?? names.get(handset.line),
            pin: handset.pin,
            line: handset.line,
            line0: handset.line - 1,
          },
        })),
    );
  }

  #add(origin: Origin, fields: Fields): void {
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) {
        this.#scalars.set(name, { value, origin });
      }
    }
  }
}

/** The last expansion module on which a key has a function: that many must be on. */
function countModules(device: Device, model: Model): number | undefined {
  const modules = device.keys
    .filter((key) => key.area === 'expansion' && key.kind !== 'none' && hasPlace(key, model))
    .map(({ module = 1 }) => module);
  return modules.length === 0 ? undefined : Math.max(...modules);
}
