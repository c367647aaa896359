// Compiles the native addon (system/media-plane/native) into build/media.node. Runs on any
// Node >= 20 and needs only a C++17 compiler: Node-API headers come from npm, so one binary fits
// every Node and node-gyp with its header download is not needed.
//
// The hash of sources, headers, flags and compiler is kept beside the binary; when it is unchanged
// nothing is compiled.
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const sourceFolder = join(root, 'system/media-plane/native');
const headerFolder = join(root, 'node_modules/node-api-headers/include');
const buildFolder = join(root, 'build');
const target = join(buildFolder, 'media.node');
const hashFile = `${target}.hash`;

const compiler = process.env.CXX ?? 'c++';
// Never unloaded: a packet thread may still run when the last Node environment lets go.
const linkFlags = ['-shared', '-pthread', '-Wl,-z,nodelete'];
const compileFlags = [
  '-std=c++17',
  '-O2',
  '-g1',
  '-fPIC',
  '-pthread',
  '-fvisibility=hidden',
  '-Wall',
  '-Wextra',
  '-Wshadow',
  '-DNAPI_VERSION=8',
  '-D_GNU_SOURCE',
  '-isystem',
  headerFolder,
];

const run = promisify(execFile);

/** Thrown with a message for people: what is missing, and how to get it. */
class AddonBuildError extends Error {}

function compilerVersion() {
  try {
    return execFileSync(compiler, ['--version'], { encoding: 'utf8' });
  } catch {
    throw new AddonBuildError(
      `no C++ compiler (${compiler}) found, the media addon cannot be built: install one, e.g. apt-get install g++`,
    );
  }
}

/** Of everything that decides what the binary is. */
function contentHash(sources) {
  const hash = createHash('sha256');
  hash.update(compilerVersion());
  hash.update(JSON.stringify([process.arch, compileFlags.slice(0, -1), linkFlags]));
  for (const name of sources) {
    hash.update(name);
    hash.update(readFileSync(join(sourceFolder, name)));
  }
  for (const name of readdirSync(headerFolder).sort()) {
    hash.update(readFileSync(join(headerFolder, name)));
  }
  return hash.digest('hex');
}

async function compileAll(sources, folder) {
  const waiting = [...sources];
  const objects = [];
  const compileNext = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const object = join(folder, `${basename(name, '.cc')}.o`);
      objects.push(object);
      await run(compiler, [...compileFlags, '-c', join(sourceFolder, name), '-o', object]);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, compileNext));
  return objects;
}

/**
 * Builds the addon unless it is up to date. Resolves to whether it compiled. Throws when the
 * compiler is missing or refuses the sources.
 */
export async function buildAddon() {
  if (!existsSync(headerFolder)) {
    throw new AddonBuildError('node_modules is incomplete: run npm install first');
  }
  const files = readdirSync(sourceFolder)
    .filter((name) => name.endsWith('.cc') || name.endsWith('.h'))
    .sort();
  const hash = contentHash(files);
  if (existsSync(target) && existsSync(hashFile) && readFileSync(hashFile, 'utf8') === hash) {
    return false;
  }
  mkdirSync(buildFolder, { recursive: true });
  // Several builds at once do not disturb each other: own folder, then a rename.
  const folder = mkdtempSync(join(buildFolder, 'addon-'));
  try {
    const objects = await compileAll(
      files.filter((name) => name.endsWith('.cc')),
      folder,
    );
    const linked = join(folder, 'media.node');
    await run(compiler, [...linkFlags, '-o', linked, ...objects]);
    renameSync(linked, target);
    writeFileSync(join(folder, 'hash'), hash);
    renameSync(join(folder, 'hash'), hashFile);
  } catch (error) {
    throw new AddonBuildError(
      `the media addon does not compile:\n${error.stderr ?? error.message}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const compiled = await buildAddon();
    console.log(compiled ? 'media addon built: build/media.node' : 'media addon is up to date');
  } catch (error) {
    if (!(error instanceof AddonBuildError)) {
      throw error;
    }
    console.error(error.message);
    process.exitCode = 1;
  }
}
