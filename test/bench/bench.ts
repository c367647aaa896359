/**
 * Measures the daemon with the load generator of `../shared/bench`: registrations, calls, calls with
 * sound, memory; prints the tables of its RESULTS.md with our row. The server runs on core 0, the
 * load on core 1.
 *
 *   npm run bench -- [--media anchored|direct] [--tests register,calls,media] [--tools DIR] [--runs N]
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const project = resolve(import.meta.dirname, '../..');
const { values: options } = parseArgs({
  options: {
    media: { type: 'string', default: 'anchored' },
    tests: { type: 'string', default: 'loaded,register,calls_fixed,calls,media' },
    runs: { type: 'string', default: '3' },
    users: { type: 'string', default: '1000' },
    tools: { type: 'string', default: resolve(project, '../shared/bench') },
  },
});

/** Runs a tool to its end; throws when it fails. */
function runTool(program: string, args: readonly string[], stdout: 'inherit' | 'pipe'): string {
  const result = spawnSync(program, args, {
    stdio: ['ignore', stdout, 'inherit'],
    encoding: 'utf8',
  });
  if (result.status !== 0) {
    throw new Error(`${program} ended with status ${String(result.status)}`);
  }
  return stdout === 'pipe' ? result.stdout : '';
}

async function startServer(usersFile: string): Promise<{ pid: string; stop(): Promise<void> }> {
  const serve = join(project, 'test/bench/serve.ts');
  const args = ['--users', usersFile, '--sip', '127.0.0.1:5060', '--media', options.media];
  const server = spawn('taskset', ['-c', '0', process.execPath, serve, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((done) => server.on('exit', () => done()));
  for await (const line of createInterface({ input: server.stdout })) {
    const pid = /^ready pid=(\d+)$/.exec(line)?.[1];
    if (pid !== undefined) {
      return {
        pid,
        stop: async () => {
          server.kill('SIGTERM');
          await ended;
        },
      };
    }
  }
  throw new Error('The server ended before it was ready.');
}

async function main(): Promise<void> {
  const { tools } = options;
  if (!existsSync(join(tools, 'run'))) {
    throw new Error(`No load generator in ${tools}; name its folder with --tools DIR.`);
  }
  const name = `campanile-${options.media}`;
  const results = join(project, 'test/results/bench');
  mkdirSync(results, { recursive: true });
  const temporary = mkdtempSync(join(tmpdir(), 'campanile-bench-'));
  const usersFile = join(temporary, 'users.csv');
  writeFileSync(usersFile, runTool(join(tools, 'mkusers'), ['-n', options.users], 'pipe'));
  const server = await startServer(usersFile);
  try {
    const load = ['--target', '127.0.0.1:5060', '--users', usersFile, '--pids', server.pid];
    const how = ['--server-cpu', '0', '--name', name, '--tests', options.tests];
    const where = ['--runs', options.runs, '--out', results];
    runTool(join(tools, 'run'), [...load, ...how, ...where], 'inherit');
  } finally {
    await server.stop();
    rmSync(temporary, { recursive: true });
  }
  const peers = readdirSync(join(tools, 'results')).map((file) => join(tools, 'results', file));
  const ours = readdirSync(results).map((file) => join(results, file));
  runTool(join(tools, 'table'), [...ours, ...peers.sort()], 'inherit');
}

await main();
