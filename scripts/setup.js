/**
 * Makes a fresh clone runnable: Debian packages, npm packages, the native addon, the browser UI. Runs
 * on any Node ≥ 20 before anything is installed, hence plain JavaScript without dependencies. Each
 * step is skipped when what it would make is there already.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nodeOptions } from './daemon-command.js';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** The pinned Node: the daemon, the tests and all tools run on it, whatever Node the machine has. */
export const pinnedNode = join(root, 'node_modules/.bin/node');

/** Program → the Debian package that brings it. */
const programsToRun = { 'c++': 'g++', openssl: 'openssl' };

/** Ends with one clear line: what is missing, and what to do. */
export class SetupError extends Error {}

/** @param {Readonly<Record<string, string>>} programs program → Debian package */
export function ensurePrograms(programs) {
  const missing = Object.entries(programs).filter(([program]) => !isInstalled(program));
  if (missing.length === 0) {
    return;
  }
  const packages = [...new Set(missing.map(([, name]) => name))];
  const advice = `Missing: ${missing.map(([program]) => program).join(', ')}. Install with: apt-get install ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !isInstalled('apt-get')) {
    throw new SetupError(advice);
  }
  console.log(`Installing Debian packages: ${packages.join(' ')}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { stdio: ['ignore', 'ignore', 'inherit'], env: environment };
  const install = () =>
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], options)
      .status === 0;
  const isDone = install() || (spawnSync('apt-get', ['update'], options).status === 0 && install());
  if (!isDone) {
    throw new SetupError(advice);
  }
}

/** @param {string} program */
function isInstalled(program) {
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program)));
}

export function ensureNpmPackages() {
  const stamp = join(root, 'node_modules/.campanile-lock');
  const wanted = hashFiles([join(root, 'package-lock.json')]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
    return;
  }
  console.log('Installing npm packages …');
  // The machine's own Node may be older than a package asks for; only the pinned one runs them.
  const result = spawnSync('npm', ['ci', '--no-engine-strict', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (result.status !== 0) {
    throw new SetupError('The npm packages could not be installed (npm ci failed, see above).');
  }
  if (!existsSync(pinnedNode)) {
    throw new SetupError(
      `No Node binary for ${process.platform} ${process.arch}: this runs on Linux, x64 or arm64.`,
    );
  }
  writeFileSync(stamp, wanted);
}

function ensureAddon() {
  execFileSync(pinnedNode, [join(root, 'scripts/build-addon.js')], { cwd: root, stdio: 'inherit' });
}

function ensureUserInterface() {
  const folder = join(root, 'wms-ui');
  const stamp = join(folder, 'dist/.sources');
  const sources = listFiles(folder, ['node_modules', 'dist', '.svelte-check']).concat(
    listFiles(join(root, 'system/management-plane/api/routes'), []),
    listFiles(join(root, 'system/configuration/entities'), []),
  );
  const wanted = hashFiles(sources);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
    return;
  }
  console.log('Building the browser UI …');
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  execFileSync(pinnedNode, [vite, 'build', '--logLevel', 'error'], {
    cwd: folder,
    stdio: 'inherit',
  });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

function warmUp() {
  const stamp = join(root, 'build/compile-cache/.sources');
  const wanted = hashFiles(listFiles(join(root, 'system'), []));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
    return;
  }
  // The cache only serves a Node with the same options.
  const args = [...nodeOptions, join(root, 'scripts/warm-up.js')];
  execFileSync(pinnedNode, args, { cwd: root, stdio: 'inherit' });
  writeFileSync(stamp, wanted);
}

/**
 * @param {string} folder
 * @param {readonly string[]} except names left out at any depth
 * @returns {string[]}
 */
function listFiles(folder, except) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !except.includes(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? listFiles(path, except) : [path];
    })
    .sort();
}

/** @param {readonly string[]} paths */
function hashFiles(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

/** Everything `npm start` needs. */
export function setUp() {
  ensurePrograms(programsToRun);
  ensureNpmPackages();
  ensureAddon();
  ensureUserInterface();
  warmUp();
}

/**
 * Runs a script's main function; a failed step ends it with one line and status 1.
 * @param {() => void} main
 */
export function runScript(main) {
  try {
    main();
  } catch (error) {
    if (!(error instanceof SetupError) && !(error instanceof Error && 'status' in error)) {
      throw error;
    }
    console.error(error.message);
    process.exitCode = 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  runScript(setUp);
}
