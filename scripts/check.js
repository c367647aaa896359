/** `npm run check`: format, lint, types, layers, dead code, Svelte. Everything runs; failures are summed up. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureNpmPackages, pinnedNode, root, runScript } from './setup.js';

const bin = (name) => join(root, 'node_modules/.bin', name);

/** Two chains side by side, the long ones apart: the machine of a developer has two cores or more. */
const chains = [
  [
    ['types', bin('tsc'), '-p', '.'],
    ['types of browser tests', bin('tsc'), '-p', 'test/e2e/wms'],
    [
      'layers',
      bin('depcruise'),
      '--config',
      '.dependency-cruiser.cjs',
      'system',
      'provisioning',
      'wms-ui/src',
    ],
    ['dead code', bin('knip')],
    ['svelte', bin('svelte-check'), '--workspace', 'wms-ui', '--threshold', 'warning'],
    ['format', bin('prettier'), '--check', '--log-level', 'warn', '.'],
  ],
  [['lint', bin('eslint'), '--max-warnings', '0', '.']],
];

/**
 * @param {readonly string[]} step
 * @returns {Promise<boolean>} whether it found nothing
 */
function run([name, program, ...args]) {
  return new Promise((resolve) => {
    const startedAtMs = performance.now();
    const child = spawn(pinnedNode, [program, ...args], {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: '0' },
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
  const running = chains.map(async (chain) => {
    let isClean = true;
    for (const step of chain) {
      isClean = (await run(step)) && isClean;
    }
    return isClean;
  });
  void Promise.all(running).then((results) => {
    process.exitCode = results.every(Boolean) ? 0 : 1;
  });
});
