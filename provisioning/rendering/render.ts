/**
 * Device, settings and vendor → file. The entry of provisioning's pure heart: nothing here reads a
 * clock, a disk or the network, so that the same input always gives the same bytes and a file can
 * be explained, compared and cached.
 */
import { setImmediate } from 'node:timers/promises';
import { type CustomLine, requireCustomKey } from '../custom-line.ts';
import type { CustomAssignment, Device, Transport } from '../device.ts';
import { encodePValues } from './p-value-file.ts';
import { ProvisioningError } from '../provisioning-error.ts';
import { createRenderValues, type Authority } from './render-values.ts';
import type { Origin } from '../scope/origin.ts';
import { resolveScopes, type ResolvedSettings, type Scope } from '../scope/resolve-scopes.ts';
import { defaultScope } from '../scope/variables.ts';
import { fileSyntaxes } from '../template/assignment-syntax.ts';
import type { CustomLines } from '../template/custom-placement.ts';
import { renderTemplate } from '../template/render-template.ts';
import type { RenderedLine } from '../template/rendered-line.ts';
import type { Template } from '../template/template.ts';
import type { TemplateValues } from '../template/value.ts';
import { finish, writeTemplate, type InTurns } from '../template/write-template.ts';
import { withUnsetValues } from './unset-values.ts';
import type { CompiledVendor } from '../vendors/compile-vendor.ts';
import type { FileEncoding, Model, Stage } from '../vendors/vendor.ts';

export interface RenderRequest {
  readonly vendor: CompiledVendor;
  readonly device: Device;
  /** Settings of the site, of vendors and of models that the administrator changed. */
  readonly scopes: readonly Scope[];
  /** Of vendors and models; those of groups and the device come after them. */
  readonly customLines?: readonly (CustomLine & { readonly file?: string })[];
  /** Id of the file in the vendor's data. */
  readonly file: string;
  readonly stage: Stage;
  /**
   * Where the device shall fetch from, ends in `/`. In the stage `bootstrap` with a short-lived
   * token, in the stage `secure` with the device's own.
   */
  readonly fetchUrl: string;
  /** Undefined where devices can know who vouches for that address. */
  readonly authority?: Authority | undefined;
}

interface FileContent {
  readonly template: Template;
  readonly values: TemplateValues;
  readonly custom: CustomLines | undefined;
  readonly mac: string;
  readonly encoding: FileEncoding | undefined;
}

export interface FileFacts {
  /** As the device asks for it. */
  readonly name: string;
  readonly contentType: string;
  /** Goes only over HTTPS to the device that it belongs to. */
  readonly isSecret: boolean;
  readonly lineEnd: '\n' | '\r\n';
}

/** Bytes and explanation are made when they are asked for: a device that fetches needs no explanation. */
export class RenderedFile implements FileFacts {
  readonly name: string;
  readonly contentType: string;
  readonly isSecret: boolean;
  readonly lineEnd: '\n' | '\r\n';
  readonly #content: FileContent;
  #bytes: Buffer | undefined;
  #lines: readonly RenderedLine[] | undefined;

  constructor({ name, contentType, isSecret, lineEnd }: FileFacts, content: FileContent) {
    this.name = name;
    this.contentType = contentType;
    this.isSecret = isSecret;
    this.lineEnd = lineEnd;
    this.#content = content;
  }

  /** As the device gets it. */
  get bytes(): Buffer {
    this.#bytes ??= finish(this.#write());
    return this.#bytes;
  }

  /** The same; with a large file others have their turn in between. */
  async write(): Promise<Buffer> {
    this.#bytes ??= await takeTurns(this.#write());
    return this.#bytes;
  }

  /** What people may see of it, in turns too. */
  async writeShown(): Promise<string> {
    const { template, values, custom } = this.#content;
    const turns = writeTemplate(template, values, { lineEnd: '\n', custom, hidesSecrets: true });
    return (await takeTurns(turns)).toString('utf8').slice(0, -1);
  }

  /** The same line by line, with all that people want to know of it. */
  get lines(): readonly RenderedLine[] {
    const { template, values, custom } = this.#content;
    this.#lines ??= renderTemplate(template, withUnsetValues(values), custom);
    return this.#lines;
  }

  *#write(): InTurns<Buffer> {
    const { template, values, custom, mac, encoding } = this.#content;
    const text = yield* writeTemplate(template, values, { lineEnd: this.lineEnd, custom });
    switch (encoding) {
      case undefined:
        return text;
      case 'p-values':
        return encodePValues(text.toString('utf8'), mac);
    }
  }
}

async function takeTurns<T>(turns: InTurns<T>): Promise<T> {
  let turn = turns.next();
  while (turn.done !== true) {
    await setImmediate();
    turn = turns.next();
  }
  return turn.value;
}

/** Throws `unknown-model`, `unknown-file` and, for a custom line without a valid key, `invalid`. */
export function renderFile(request: RenderRequest): RenderedFile {
  const { vendor, device, stage } = request;
  const model = vendor.requireModel(device.model);
  const file = vendor.findFile(model, request.file, stage);
  if (file === undefined) {
    throw new ProvisioningError(
      'unknown-file',
      `${vendor.data.name} ${model.id} has no file ${request.file} in the stage ${stage}`,
    );
  }
  const { declaration, template } = file;
  const values = createRenderValues({
    device,
    model,
    facts: vendor.factsOf(model, device.firmware),
    sharedByLines: vendor.sharedByLines(model),
    transports: vendor.transportsOf(model),
    settings: resolveDeviceSettings(vendor, model, device, request.scopes),
    fetchUrl: request.fetchUrl,
    authority: request.authority,
    stage,
  });
  const custom = stage === 'secure' ? customLinesOf(request, declaration) : [];
  const facts: FileFacts = {
    name: fileNameOf(declaration.name, device.mac, model),
    contentType: declaration.contentType,
    isSecret: declaration.isSecret || custom.some((line) => typeof line.value !== 'string'),
    lineEnd: declaration.lineEnd ?? '\n',
  };
  return new RenderedFile(facts, {
    template,
    values,
    mac: device.mac,
    encoding: declaration.encoding,
    custom:
      custom.length === 0 ? undefined : { lines: custom, syntax: fileSyntaxes[declaration.syntax] },
  });
}

/**
 * Every setting of the device with the scope that gave it. A transport of SIP that the model lacks
 * becomes one that it has, so that its port is the right one, too.
 */
export function resolveDeviceSettings(
  vendor: CompiledVendor,
  model: Model,
  device: Device,
  scopes: readonly Scope[],
): ResolvedSettings {
  const settings = resolveScopes([
    defaultScope,
    { level: 'vendor', name: vendor.data.id, values: vendor.data.settings },
    { level: 'model', name: model.id, values: model.settings ?? {} },
    ...scopes,
    ...device.groups.map((group): Scope => ({
      level: 'group',
      name: group.name,
      values: group.settings,
    })),
    ...(device.owner === undefined
      ? []
      : [{ level: 'user' as const, name: device.owner.name, values: device.owner.settings }]),
    { level: 'device', name: device.mac, values: device.settings },
  ]);
  const wanted = settings.get('sip.transport')?.value as Transport | undefined;
  const value = wanted && vendor.transportFor(model, wanted);
  return value === wanted
    ? settings
    : new Map([
        ...settings,
        ['sip.transport', { value, origin: { source: 'model', name: model.id } }],
      ]);
}

/** `{mac}`, `{MAC}`, `{model}`, `{product}` of a declared file name. */
export function fileNameOf(name: string, mac: string, model: Model): string {
  return name
    .replace('{mac}', mac)
    .replace('{MAC}', mac.toUpperCase())
    .replace('{model}', model.fileName ?? model.id)
    .replace('{product}', model.product ?? '');
}

function customLinesOf(
  { device, customLines = [] }: RenderRequest,
  declaration: { readonly id: string; readonly isMain?: true },
): readonly CustomLine[] {
  const lines: CustomLine[] = [];
  const collect = (assignments: readonly CustomAssignment[], origin: Origin): void => {
    for (const assignment of assignments) {
      const isHere =
        assignment.file === undefined
          ? declaration.isMain === true
          : assignment.file === declaration.id;
      if (isHere) {
        requireCustomKey(assignment.key);
        lines.push({ ...assignment, origin });
      }
    }
  };
  for (const line of customLines) {
    collect([line], line.origin);
  }
  for (const group of device.groups) {
    collect(group.customLines, { source: 'group', name: group.name });
  }
  collect(device.customLines, { source: 'device', name: device.mac });
  return lines;
}
