/**
 * Templates of the administrator: each is compiled before it is saved, and a vendor's devices are
 * written with those that hold for their model. One that no longer compiles (after an upgrade) is
 * reported and not used; no other device notices.
 */
import { ProvisioningError } from '../../../../provisioning/provisioning-error.ts';
import { CompiledVendor } from '../../../../provisioning/vendors/compile-vendor.ts';
import type { VendorCatalogue } from '../../../../provisioning/vendors/vendor-catalogue.ts';
import type { DeviceTemplate } from '../../../configuration/entities/device-template.ts';
import { randomId } from '../../../foundation/ids.ts';
import type { Actor } from '../../actor.ts';
import type { ConfigurationStore, Stored } from '../../configuration-store/configuration-store.ts';
import { foldForSearch } from '../../configuration-store/search-text.ts';
import { DevicesError } from '../devices/devices-error.ts';
import type { ChangeOptions, RecordChangeOptions } from '../../change-options.ts';
import { type CommitChange, createCommitChange } from '../../commit-change.ts';
import { FollowedEntities } from '../directory/followed-entities.ts';

export type DeviceTemplateInput = {
  readonly [Name in keyof DeviceTemplate]?: DeviceTemplate[Name] | null | undefined;
};

/** Why a template does not work; `line` where one is at fault. */
export interface TemplateFault {
  readonly message: string;
  readonly line: number | undefined;
}

type Checked = Pick<DeviceTemplate, 'vendor' | 'file' | 'text'>;

/** Methods that change reject with DevicesError, and with ConfigurationError as `commit` does. */
export class DeviceTemplatesService {
  readonly #commit: CommitChange;
  readonly #catalogue: Pick<VendorCatalogue, 'find'>;
  readonly #onFaults: (faults: readonly string[]) => void;
  readonly #templates: FollowedEntities<DeviceTemplate>;
  /** Vendors with templates of the administrator, by those that they are made of. */
  readonly #compiled = new Map<string, CompiledVendor>();
  readonly #faults = new Map<string, TemplateFault>();

  constructor(options: {
    readonly store: ConfigurationStore;
    readonly catalogue: Pick<VendorCatalogue, 'find'>;
    /** Sentences for administrators, after each change; empty when all is well. */
    readonly onFaults: (faults: readonly string[]) => void;
  }) {
    this.#catalogue = options.catalogue;
    this.#onFaults = options.onFaults;
    this.#templates = new FollowedEntities(options.store, 'device-template');
    this.#commit = createCommitChange(options.store, [this.#templates]);
  }

  start(): Promise<void> {
    return this.#templates.start(() => {
      this.#checkAll();
    });
  }

  close(): void {
    this.#templates.close();
  }

  /** In the order of their names. */
  all(): Stored<DeviceTemplate>[] {
    return this.#templates
      .all()
      .toSorted((a, b) =>
        foldForSearch(a.document.name) < foldForSearch(b.document.name) ? -1 : 1,
      );
  }

  require(id: string): Stored<DeviceTemplate> {
    const stored = this.#templates.find(id);
    if (stored === undefined) {
      throw new DevicesError('not-found', 'There is no such template.');
    }
    return stored;
  }

  faultOf(id: string): TemplateFault | undefined {
    return this.#faults.get(id);
  }

  /** The vendor as devices of this model get it. */
  vendorFor(vendor: CompiledVendor, model: string): CompiledVendor {
    const applied = this.#templates
      .all()
      .filter(
        ({ id, document }) =>
          document.vendor === vendor.data.id &&
          document.isEnabled &&
          !this.#faults.has(id) &&
          (document.models.length === 0 || document.models.includes(model)),
      )
      // One for named models wins over one for all of the vendor.
      .toSorted(
        (a, b) => Number(b.document.models.length === 0) - Number(a.document.models.length === 0),
      );
    if (applied.length === 0) {
      return vendor;
    }
    const key = applied.map(({ id, version }) => `${id} ${String(version)}`).join(', ');
    let compiled = this.#compiled.get(key);
    if (compiled === undefined) {
      compiled =
        compileWith(
          vendor,
          applied.map(({ document }) => document),
        ) ?? vendor;
      this.#compiled.set(key, compiled);
    }
    return compiled;
  }

  /** Undefined: the template works. */
  check({ vendor: vendorId, file, text }: Checked): TemplateFault | undefined {
    const vendor = this.#catalogue.find(vendorId);
    if (vendor?.data.templates.has(file) !== true) {
      return { message: `The vendor has no template ${file}.`, line: undefined };
    }
    try {
      compile(vendor, [{ file, text }]);
      return undefined;
    } catch (error) {
      if (!(error instanceof ProvisioningError)) {
        throw error;
      }
      return toFault(error, `${vendorId}/${file}`);
    }
  }

  async create(
    actor: Actor,
    input: DeviceTemplateInput,
    options: ChangeOptions = {},
  ): Promise<Stored<DeviceTemplate>> {
    const id = randomId();
    this.#requireSound(id, input);
    await this.#commit(
      actor,
      [{ kind: 'create', entity: 'device-template', id, after: input }],
      options,
    );
    return this.require(id);
  }

  async update(
    actor: Actor,
    id: string,
    input: DeviceTemplateInput,
    options: RecordChangeOptions = {},
  ): Promise<Stored<DeviceTemplate>> {
    const { document } = this.require(id);
    this.#requireSound(id, { ...document, ...input });
    const { ifVersion } = options;
    await this.#commit(
      actor,
      [{ kind: 'update', entity: 'device-template', id, after: input, ifVersion }],
      options,
    );
    return this.require(id);
  }

  async delete(actor: Actor, id: string, options: RecordChangeOptions = {}): Promise<void> {
    this.require(id);
    const { ifVersion } = options;
    await this.#commit(
      actor,
      [{ kind: 'delete', entity: 'device-template', id, ifVersion }],
      options,
    );
  }

  #requireSound(id: string, { vendor, file, text, models, isEnabled }: DeviceTemplateInput): void {
    const fault = this.check({ vendor: vendor ?? '', file: file ?? '', text: text ?? '' });
    if (fault !== undefined) {
      const where = fault.line === undefined ? '' : `Line ${String(fault.line)}: `;
      throw new DevicesError('invalid', 'The template has a mistake and was not saved.', [
        { path: 'text', code: 'template', message: `${where}${fault.message}` },
      ]);
    }
    const known = this.#catalogue.find(vendor ?? '');
    for (const [index, model] of (models ?? []).entries()) {
      if (known?.data.models.some((candidate) => candidate.id === model) !== true) {
        const path = `models.${String(index)}`;
        throw new DevicesError('invalid', `There is no model ${model}.`, [
          { path, code: 'not-found', message: `there is no model ${model}` },
        ]);
      }
    }
    const rival = this.#templates
      .all()
      .find(
        ({ id: otherId, document }) =>
          otherId !== id &&
          (isEnabled ?? true) &&
          document.isEnabled &&
          document.vendor === vendor &&
          document.file === file &&
          isSameModels(document.models, models ?? []),
      );
    if (rival !== undefined) {
      const message = `${rival.document.name} replaces the same file of the same models`;
      throw new DevicesError('conflict', `${message}.`, [{ path: 'file', code: 'taken', message }]);
    }
  }

  /** After each change and at the start: an upgrade may have taken away what a template uses. */
  #checkAll(): void {
    this.#compiled.clear();
    this.#faults.clear();
    const sentences: string[] = [];
    for (const { id, document } of this.#templates.all()) {
      const fault = document.isEnabled ? this.check(document) : undefined;
      if (fault !== undefined) {
        this.#faults.set(id, fault);
        sentences.push(`The template ${document.name} is not used: ${fault.message}`);
      }
    }
    this.#onFaults(sentences);
  }
}

/** Two for named models may not share one; one for all of the vendor stands behind them. */
function isSameModels(a: readonly string[], b: readonly string[]): boolean {
  return a.length === 0 || b.length === 0
    ? a.length === b.length
    : a.some((model) => b.includes(model));
}

function compile(
  vendor: CompiledVendor,
  templates: readonly Pick<DeviceTemplate, 'file' | 'text'>[],
): CompiledVendor {
  const replaced = templates.map(({ file, text }): [string, string] => [file, text]);
  return new CompiledVendor(vendor.data, new Map([...vendor.data.templates, ...replaced]));
}

/** Undefined when templates that are sound alone do not fit together. */
function compileWith(
  vendor: CompiledVendor,
  templates: readonly DeviceTemplate[],
): CompiledVendor | undefined {
  try {
    return compile(vendor, templates);
  } catch (error) {
    if (error instanceof ProvisioningError) {
      return undefined;
    }
    throw error;
  }
}

/** Messages of the compiler begin with `<template>:<line>: `. */
function toFault({ message }: ProvisioningError, template: string): TemplateFault {
  const place = `${template}:`;
  const match = message.startsWith(place)
    ? /^(\d+): (.*)$/s.exec(message.slice(place.length))
    : null;
  return match === null
    ? { message, line: undefined }
    : { message: match[2] ?? message, line: Number(match[1]) };
}
