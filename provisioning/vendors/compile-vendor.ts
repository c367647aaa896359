/**
 * Compiles a vendor's data once, at load: templates against the vocabulary, files and boot
 * sequences against each other, settings against the table of variables. A fault names itself; a
 * vendor that contradicts itself never serves a device.
 */
import type { Transport } from '../device.ts';
import { ProvisioningError } from '../provisioning-error.ts';
import { compareFirmware } from '../firmware-version.ts';
import { parseSettings } from '../scope/parse-settings.ts';
import { fileSyntaxes } from '../template/assignment-syntax.ts';
import { compileTemplate } from '../template/compile-template.ts';
import type { SettledFacts } from '../template/find-names-read.ts';
import type { Template } from '../template/template.ts';
import { createVocabulary } from '../vocabulary.ts';
import type { FileDeclaration, LinePart, Model, ModelFacts, Stage, Vendor } from './vendor.ts';

export interface CompiledFile {
  readonly declaration: FileDeclaration;
  readonly template: Template;
}

export class CompiledVendor {
  readonly data: Vendor;
  readonly #models = new Map<string, Model>();
  readonly #spellings = new Map<string, Model>();
  readonly #files: readonly CompiledFile[];

  /** Throws `template` or `vendor-data`. `templates` may replace shipped ones by file name. */
  constructor(data: Vendor, templates: ReadonlyMap<string, string> = data.templates) {
    this.data = data;
    for (const model of data.models) {
      if (this.#models.has(model.id)) {
        this.#fail(`model ${model.id} is declared twice`);
      }
      this.#models.set(model.id, model);
      for (const spelling of [model.id, model.name, ...(model.aliases ?? [])]) {
        this.#spellings.set(simplify(spelling), model);
      }
      this.#checkSettings(model.settings ?? {}, `model ${model.id}`);
    }
    if (!this.#models.has(data.genericModel)) {
      this.#fail(`generic model ${data.genericModel} does not exist`);
    }
    this.#checkSettings(data.settings, 'vendor');
    this.#files = this.#compileFiles(templates);
    this.#checkReferences();
  }

  /** By id, name or alias, letters and digits compared only (`VVX_450` is `VVX450`). */
  findModel(spelling: string): Model | undefined {
    return this.#models.get(spelling) ?? this.#spellings.get(simplify(spelling));
  }

  /** By the number in a common file's name (Yealink's `y000000000095.cfg`). */
  findModelByProduct(product: string): Model | undefined {
    const wanted = withoutZeros(product);
    return this.data.models.find(
      (model) => model.product !== undefined && withoutZeros(model.product) === wanted,
    );
  }

  requireModel(id: string): Model {
    return this.#models.get(id) ?? raise('unknown-model', `${this.data.name} has no model ${id}`);
  }

  findFile(model: Model, id: string, stage: Stage): CompiledFile | undefined {
    return this.#files.find(
      ({ declaration }) =>
        declaration.id === id &&
        declaration.stage === stage &&
        (declaration.families?.includes(model.family) ?? true),
    );
  }

  filesOf(model: Model, stage: Stage): readonly CompiledFile[] {
    return this.#files.filter(
      ({ declaration }) =>
        declaration.stage === stage && (declaration.families?.includes(model.family) ?? true),
    );
  }

  /** The facts of a model, changed by the quirks that hold for it and its firmware. */
  factsOf(model: Model, firmware: string | undefined): ModelFacts {
    let facts: ModelFacts = model.facts ?? {};
    for (const quirk of this.data.quirks) {
      const isMeant =
        (quirk.families?.includes(model.family) ?? true) &&
        (quirk.models?.includes(model.id) ?? true) &&
        this.#isInRange(firmware, quirk.firmwareFrom, quirk.firmwareBelow);
      if (isMeant) {
        facts = { ...facts, ...quirk.facts };
      }
    }
    return facts;
  }

  /** What all lines of the model take from the first. */
  sharedByLines({ family }: Model): readonly LinePart[] {
    return this.data.sharedByLines?.[family] ?? [];
  }

  /** The transports of SIP that the model has; undefined: all. */
  transportsOf({ family }: Model): readonly Transport[] | undefined {
    return this.data.transports?.[family];
  }

  /** The transport of SIP that the model takes for the wanted one: the same where it has it. */
  transportFor({ family }: Model, wanted: Transport): Transport {
    const transports = this.data.transports?.[family];
    return transports === undefined || transports.includes(wanted) ? wanted : transports[0];
  }

  /** The facts of a model that no firmware changes, and the names of the others. */
  settledFactsOf(model: Model): SettledFacts {
    const ofFirmware = this.data.quirks.filter(
      ({ families, models, firmwareFrom, firmwareBelow }) =>
        (families?.includes(model.family) ?? true) &&
        (models?.includes(model.id) ?? true) &&
        (firmwareFrom !== undefined || firmwareBelow !== undefined),
    );
    return {
      values: this.factsOf(model, undefined),
      open: new Set(ofFirmware.flatMap(({ facts }) => Object.keys(facts))),
    };
  }

  #isInRange(firmware: string | undefined, from?: string, below?: string): boolean {
    if (from === undefined && below === undefined) {
      return true;
    }
    if (firmware === undefined) {
      return false;
    }
    const skip = this.data.firmwarePrefixNumbers ?? 0;
    return (
      (from === undefined || compareFirmware(firmware, from, skip) >= 0) &&
      (below === undefined || compareFirmware(firmware, below, skip) < 0)
    );
  }

  #compileFiles(templates: ReadonlyMap<string, string>): CompiledFile[] {
    const factNames = new Set(
      [...this.data.models, ...this.data.quirks].flatMap(({ facts }) => Object.keys(facts ?? {})),
    );
    const vocabularies = {
      bootstrap: createVocabulary('bootstrap', factNames),
      secure: createVocabulary('secure', factNames),
    };
    return this.data.files.map((declaration) => {
      const text = templates.get(declaration.template);
      if (text === undefined) {
        this.#fail(`file ${declaration.id} has no template ${declaration.template}`);
      }
      const template = compileTemplate(`${this.data.id}/${declaration.template}`, text, {
        escaping: fileSyntaxes[declaration.syntax].escaping,
        vocabulary: vocabularies[declaration.stage],
        maps: this.data.maps,
        include: (name) => templates.get(name),
      });
      if (template.readsSecrets !== declaration.isSecret) {
        this.#fail(
          `file ${declaration.id} (${declaration.stage}) is declared ${declaration.isSecret ? 'secret but reads none' : 'open but reads secrets'}`,
        );
      }
      return { declaration, template };
    });
  }

  #checkReferences(): void {
    const ids = new Set(this.data.files.map(({ id }) => id));
    const families = new Set(this.data.models.map(({ family }) => family));
    for (const request of this.data.requests) {
      if (request.file !== undefined && !ids.has(request.file)) {
        this.#fail(`pattern ${String(request.pattern)} asks for file ${request.file}`);
      }
    }
    for (const entry of [
      ...this.data.files,
      ...this.data.quirks,
      ...this.data.boot,
      { families: Object.keys(this.data.sharedByLines ?? {}) },
      { families: Object.keys(this.data.transports ?? {}) },
    ]) {
      for (const family of entry.families ?? []) {
        if (!families.has(family)) {
          this.#fail(`there is no family ${family}`);
        }
      }
    }
    for (const id of [
      ...Object.values(this.data.firmware.hardware ?? {}).flat(),
      ...this.data.firmware.names.flatMap(({ models }) => models ?? []),
    ]) {
      if (!this.#models.has(id)) {
        this.#fail(`firmware names the model ${id}, which does not exist`);
      }
    }
    for (const family of families) {
      const main = this.#files.filter(
        ({ declaration }) =>
          declaration.isMain === true && (declaration.families?.includes(family) ?? true),
      );
      if (main.length !== 1) {
        this.#fail(`family ${family} has ${main.length} main files`);
      }
    }
  }

  #checkSettings(settings: Vendor['settings'], where: string): void {
    const [issue] = parseSettings(settings).issues;
    if (issue !== undefined) {
      this.#fail(`${where}: ${issue.path} ${issue.message}`);
    }
  }

  #fail(message: string): never {
    throw new ProvisioningError('vendor-data', `${this.data.id}: ${message}`);
  }
}

function withoutZeros(product: string): string {
  return product.toLowerCase().replace(/^0+(?=\d)/, '');
}

function simplify(spelling: string): string {
  return spelling.toUpperCase().replace(/[^A-Z0-9]/g, '');
}

function raise(code: 'unknown-model', message: string): never {
  throw new ProvisioningError(code, message);
}
