/**
 * The daemon for measuring: the real one, all planes, on a temporary data directory with the users
 * of a file. Nothing is other than under `npm start` but the limits per source address, which are
 * off, because all of the load comes from one address.
 *
 *   node test/bench/serve.ts --users FILE.csv --sip 127.0.0.1:5060 --media anchored|direct
 *
 * Prints `ready pid=N` and stays until SIGTERM. FILE.csv: `user,password,number` with a header line.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { daemonCommand } from '../../scripts/daemon-command.js';
import { findFreePorts } from '../support/daemon/free-ports.ts';
import { seedConfiguration } from '../support/daemon/seed-configuration.ts';

const { values: options } = parseArgs({
  options: {
    users: { type: 'string' },
    sip: { type: 'string', default: '127.0.0.1:5060' },
    media: { type: 'string', default: 'anchored' },
  },
});
if (options.users === undefined || !['anchored', 'direct'].includes(options.media)) {
  throw new Error('Usage: serve.ts --users FILE.csv --sip ADDRESS:PORT --media anchored|direct');
}
const separator = options.sip.lastIndexOf(':');
const address = options.sip.slice(0, separator).replace(/^\[|\]$/g, '');
const sipPort = options.sip.slice(separator + 1);
const [, ...rows] = readFileSync(options.users, 'utf8').trim().split('\n');
const users = rows.map((row) => {
  const [sipUsername = '', sipPassword = '', extension = ''] = row.trim().split(',');
  return { sipUsername, sipPassword, extension };
});

const dataDirectory = mkdtempSync(join(tmpdir(), 'campanile-serve-'));
await seedConfiguration(dataDirectory, users, {
  mediaPolicy: options.media as 'anchored' | 'direct',
});
const [sipTlsPort, httpsPort, httpPort] = await findFreePorts(3);
console.log('limits per source address: off');
const [program, ...args] = daemonCommand(['--data', dataDirectory]);
const daemon = spawn(program, args, {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: {
    PATH: process.env['PATH'],
    CAMPANILE_LISTEN_ADDRESSES: address,
    CAMPANILE_SIP_PORT: sipPort,
    CAMPANILE_SIP_TLS_PORT: String(sipTlsPort),
    CAMPANILE_HTTPS_PORT: String(httpsPort),
    CAMPANILE_HTTP_PORT: String(httpPort),
    CAMPANILE_RTP_PORT_MIN: '30000',
    CAMPANILE_RTP_PORT_MAX: '39999',
    CAMPANILE_SOURCE_LIMITS: 'off',
  },
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    daemon.kill('SIGTERM');
  });
}
daemon.on('exit', (code) => {
  rmSync(dataDirectory, { recursive: true, force: true });
  process.exit(code ?? 1);
});
createInterface({ input: daemon.stdout }).on('line', (line) => {
  if (line.endsWith('is running.')) {
    console.log(`ready pid=${String(daemon.pid)}`);
  } else if (line.startsWith('{') && /"level":"(error|warn)"/.test(line)) {
    console.error(line);
  }
});
