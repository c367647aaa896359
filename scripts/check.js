/** `npm run check`: format, lint, types, layers, dead code, Svelte. Everything runs; failures are summed up. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ensureNpmPackages, pinnedNode, root, runScript } from './setup.js';

const bin = (name) => join(root, 'node_modules/.bin', name);

/** What a run keeps for the next. */
const cache = join(root, 'node_modules/.cache/campanile-check');

/** The longest first, taken by as many workers as the machine has cores. */
const steps = [
  [
    'lint of Svelte',
    bin('eslint'),
    // Looks again at the components that changed. A change elsewhere may give an unchanged one another
    // type and with it a finding: that one shows on a fresh clone, where a release is checked.
    ...['--max-warnings', '0', '--cache', '--cache-strategy', 'content'],
    ...['--cache-location', join(cache, 'eslint')],
    'wms-ui',
  ],
  ['lint and types', bin('oxlint')],
  ['svelte', bin('svelte-check'), '--workspace', 'wms-ui', '--threshold', 'warning'],
  ['format', bin('oxfmt'), '--list-different'],
  ['dead code', bin('knip')],
  [
    'layers',
    bin('depcruise'),
    ...['--config', '.dependency-cruiser.cjs', 'system', 'provisioning', 'wms-ui/src'],
  ],
];

/** Memory for time: young objects of Node, and garbage of oxlint's type checker, may pile up to 2 GiB. */
const nodeOptions = ['--max-semi-space-size=64'];
const memory = { GOGC: 'off', GOMEMLIMIT: '2GiB' };

/**
 * The parser of Svelte files hands them to TypeScript as ESLint sees them. Otherwise each file is
 * news to TypeScript, which works out all types again: three quarters of the time of the lint.
 */
const svelteTypes = { SVELTE_ESLINT_PARSER_EXPERIMENTAL_TS_SYS_HOOK: '1' };

/**
 * @param {readonly string[]} step
 * @returns {Promise<boolean>} whether it found nothing
 */
function run([name, program, ...args]) {
  return new Promise((resolve) => {
    const startedAtMs = performance.now();
    const child = spawn(pinnedNode, [...nodeOptions, program, ...args], {
      cwd: root,
      env: { ...process.env, ...memory, ...svelteTypes, FORCE_COLOR: '0' },
    });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('close', (code) => {
      const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
      if (code !== 0) {
        console.log(output);
      }
      resolve(code === 0);
    });
  });
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
