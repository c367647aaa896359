/** `npm run check`: format, lint, types, layers, dead code, Svelte. Everything runs; failures are summed up. */
import { spawn } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import { ensureNpmPackages, pinnedNode, root, runScript } from './setup.js';

const bin = (name) => join(root, 'node_modules/.bin', name);

/** What a run keeps for the next. */
const cache = join(root, 'node_modules/.cache/campanile-check');

/** Where svelte-check puts the components as TypeScript sees them, at the same depth as `src`. */
const compiled = join(root, 'wms-ui/.svelte-check');

/** A component that is gone would still be checked if its compiled form stayed. */
function checkComponents() {
  rmSync(compiled, { recursive: true, force: true });
  return [bin('svelte-check'), '--workspace', 'wms-ui', '--threshold', 'warning', '--tsgo'];
}

/** Each by its name: a folder that Git ignores would be passed over. */
function lintCompiledComponents() {
  const files = readdirSync(compiled, { recursive: true }).filter((name) =>
    name.endsWith('.svelte.ts'),
  );
  if (files.length === 0) {
    throw new Error('svelte-check left no compiled components.');
  }
  return [
    ...[bin('oxlint'), '--config', '.oxlintrc.components.json'],
    ...files.map((name) => join(compiled, name)),
  ];
}

/**
 * Name, and the commands one after the other until one fails. The longest first, taken by as many
 * workers as the machine has cores.
 */
const steps = [
  ['lint and types', () => [bin('oxlint')]],
  [
    'lint of Svelte',
    () => [
      ...[bin('eslint'), '--max-warnings', '0', '--cache', '--cache-strategy', 'content'],
      ...['--cache-location', join(cache, 'eslint'), 'wms-ui'],
    ],
  ],
  ['Svelte and its types', checkComponents, lintCompiledComponents],
  ['format', () => [bin('oxfmt'), '--list-different', '--threads=1']],
  ['dead code', () => [bin('knip')]],
  [
    'layers',
    () => [
      ...[bin('depcruise'), '--config', '.dependency-cruiser.cjs'],
      ...['system', 'provisioning', 'wms-ui/src'],
    ],
  ],
];

/** Memory for time: what Node and oxlint's type checker allocate is collected late. */
const nodeOptions = ['--max-semi-space-size=64', '--initial-old-space-size=1024'];
const environment = {
  ...process.env,
  // svelte-check starts TypeScript on the Node it finds.
  PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}`,
  GOGC: 'off',
  GOMEMLIMIT: '3GiB',
  FORCE_COLOR: '0',
};

/**
 * @param {readonly string[]} command
 * @returns {Promise<string | undefined>} what it found
 */
function execute(command) {
  return new Promise((resolve) => {
    const child = spawn(pinnedNode, [...nodeOptions, ...command], { cwd: root, env: environment });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('close', (code) => resolve(code === 0 ? undefined : output));
  });
}

/** @returns {Promise<boolean>} whether it found nothing */
async function run([name, ...commands]) {
  const startedAtMs = performance.now();
  let findings;
  for (const command of commands) {
    if (findings === undefined) {
      findings = await execute(command());
    }
  }
  const isClean = findings === undefined;
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  console.log(`${isClean ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (!isClean) {
    console.log(findings);
  }
  return isClean;
}

runScript(() => {
  ensureNpmPackages();
  const waiting = [...steps];
  let isClean = true;
  const work = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      isClean = (await run(step)) && isClean;
    }
  };
  void Promise.all(Array.from({ length: availableParallelism() }, work)).then(() => {
    process.exitCode = isClean ? 0 : 1;
  });
});
