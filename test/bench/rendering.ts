/**
 * What rendering costs: CPU per file for the fullest model of each family of every vendor, with all its lines, keys
 * and handsets taken and every setting given. Prints the median of the family's largest file, slowest first.
 *
 *   node_modules/.bin/node test/bench/rendering.ts [vendor|model …]
 *
 * It runs itself anew with the options of the daemon: collecting garbage is a good part of the work.
 */
import { spawnSync } from 'node:child_process';
import type { Device, DeviceKey } from '../../provisioning/device.ts';
import { renderFile } from '../../provisioning/rendering/render.ts';
import type { CompiledVendor } from '../../provisioning/vendors/compile-vendor.ts';
import type { Model } from '../../provisioning/vendors/vendor.ts';
import { Secret } from '../../system/foundation/secret.ts';
import { nodeOptions } from '../../scripts/daemon-command.js';
import { catalogue, createDevice } from '../support/provisioning/complete-device.ts';

const samples = 101;
/** Files rendered for one sample: so long that the clock's grain does not count. */
const sampleMs = 4;
const warmUpMs = 400;

function fill(vendor: CompiledVendor, model: Model): Device {
  const places = model.dect?.systemHandsets ?? model.lines;
  const isSystem = (model.dect?.bases ?? 1) > 1;
  const numbers = Array.from({ length: places }, (_, index) => index + 1);
  const { expansion } = model.keys;
  const place = (area: DeviceKey['area'], module: number, index: number): DeviceKey => ({
    area,
    ...(area === 'expansion' ? { module } : {}),
    index,
    kind: index % 4 === 0 ? 'speedDial' : 'blf',
    value: `${200 + index}`,
    label: `Bruno & Carla ${index}`,
  });
  const areaKeys = (area: DeviceKey['area'], count: number, module = 1): DeviceKey[] =>
    Array.from({ length: count }, (_, index) => place(area, module, index + 1));
  return createDevice(vendor.data.id, model.id, {
    lines: numbers.map((number) => ({
      place: number,
      account: `user${number}`,
      displayName: `Anna Bianchi ${number}`,
      userName: `${1000 + number}`,
      authName: `0015650a0b0c-${number}`,
      password: new Secret(`s3cr3t-${number}-ab12cd34ef`),
      server: { host: 'pbx.example.org' },
      backupServer: { host: 'pbx2.example.org' },
    })),
    keys: [
      ...areaKeys('line', model.keys.line),
      ...areaKeys('soft', model.keys.soft ?? 0),
      ...Array.from({ length: expansion?.modules ?? 0 }, (_, index) =>
        areaKeys('expansion', expansion?.keys ?? 0, index + 1),
      ).flat(),
    ],
    handsets:
      model.handsets === undefined
        ? []
        : numbers.map((number) => ({
            index: number,
            line: number,
            ipui: (0x02ae000000 + number).toString(16).padStart(10, '0'),
            name: `Anna ${number}`,
            pin: new Secret('1234'),
          })),
    ...(isSystem
      ? {
          dect: {
            systemName: 'Head office',
            baseName: 'Reception',
            isMultiCell: true,
            isDataMaster: true,
            chainId: 61_234,
            hasPlannedTree: true,
            syncsByLan: false,
            isOpen: false,
            places,
          },
        }
      : {}),
  });
}

/** Median of milliseconds of CPU of the whole process, collections of garbage included. */
function measure(run: () => unknown): number {
  const startMs = performance.now();
  let rounds = 0;
  while (performance.now() - startMs < warmUpMs) {
    run();
    rounds += 1;
  }
  const perSample = Math.max(1, Math.round((rounds * sampleMs) / warmUpMs));
  const figures = Array.from({ length: samples }, () => {
    const before = process.cpuUsage();
    for (let index = 0; index < perSample; index += 1) {
      run();
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / perSample;
  });
  return figures.sort((a, b) => a - b)[Math.floor(samples / 2)] ?? 0;
}

function places(model: Model): number {
  const { line, soft = 0, expansion } = model.keys;
  const keys = line + soft + (expansion === undefined ? 0 : expansion.modules * expansion.keys);
  return 10 * (model.dect?.systemHandsets ?? model.lines) + keys;
}

interface Result {
  readonly title: string;
  readonly accounts: number;
  readonly bytes: number;
  readonly lines: number;
  readonly cpuMs: number;
}

function measureFamily(vendor: CompiledVendor, models: readonly Model[]): Result {
  const [model = vendor.requireModel(vendor.data.genericModel)] = models.toSorted(
    (a, b) => places(b) - places(a),
  );
  const device = fill(vendor, model);
  const files = vendor.filesOf(model, 'secure').map(({ declaration }) => {
    const request = {
      vendor,
      device,
      scopes: [],
      file: declaration.id,
      stage: 'secure',
      fetchUrl: 'https://pbx.example.org/prov/device-token/',
    } as const;
    return { request, bytes: renderFile(request).bytes.length };
  });
  const [largest] = files.toSorted((a, b) => b.bytes - a.bytes);
  if (largest === undefined) {
    throw new Error(`${model.id} has no file`);
  }
  const { request, bytes } = largest;
  const file = renderFile(request);
  return {
    title: `${vendor.data.id} ${model.id} (${model.family})`,
    accounts: device.lines.length,
    bytes,
    lines: file.lines.length,
    cpuMs: measure(() => renderFile(request).bytes),
  };
}

function printFigures(wanted: readonly string[]): void {
  const results = catalogue.vendors
    .flatMap((vendor) =>
      [...Map.groupBy(vendor.data.models, ({ family }) => family).values()]
        .filter(
          (models) =>
            wanted.length === 0 ||
            wanted.includes(vendor.data.id) ||
            models.some(({ id }) => wanted.includes(id)),
        )
        .map((models) => measureFamily(vendor, models)),
    )
    .sort((a, b) => b.cpuMs - a.cpuMs);
  console.log(
    `${'model (family)'.padEnd(34)}${'accounts'.padStart(9)}${'lines'.padStart(8)}${'KB'.padStart(9)}   CPU ms`,
  );
  for (const { title, accounts, lines, bytes, cpuMs } of results) {
    const counts = accounts.toString().padStart(9) + lines.toString().padStart(8);
    const sizeKb = (bytes / 1000).toFixed(1).padStart(9);
    console.log(`${title.padEnd(34)}${counts}${sizeKb}${cpuMs.toFixed(3).padStart(9)}`);
  }
}

const args = process.argv.slice(2);
if (nodeOptions.every((option) => process.execArgv.includes(option))) {
  printFigures(args);
} else {
  const run = spawnSync(process.execPath, [...nodeOptions, import.meta.filename, ...args], {
    stdio: 'inherit',
  });
  process.exitCode = run.status ?? 1;
}
