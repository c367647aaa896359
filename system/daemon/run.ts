/** Settings, daemon, signals, and a few lines for the person who started it. */
import { openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadBootSettings } from '../boot-settings/load-boot-settings.ts';
import { composeBanner } from './banner.ts';
import { usage } from '../../scripts/daemon-options.js';
import { parseCommandLine } from './command-line.ts';
import { makeDataDirectory } from './data-directory.ts';
import { startDaemon } from './daemon.ts';
import { findLocalAddresses } from './local-addresses.ts';

const projectDirectory = resolve(import.meta.dirname, '../..');

/** Resolves when everything is served and said so, or when there was nothing to start. */
export async function run(): Promise<void> {
  const commandLine = parseCommandLine(process.argv.slice(2), process.env);
  if (commandLine.wantsHelp) {
    console.log(usage);
    return;
  }
  const isRoot = process.getuid?.() === 0;
  const environment =
    commandLine.dataDirectory === undefined
      ? process.env
      : { ...process.env, CAMPANILE_DATA_DIRECTORY: resolve(commandLine.dataDirectory) };
  const settings = loadBootSettings({
    preset: isRoot && !commandLine.wantsHighPorts ? 'standard' : 'high',
    file: commandLine.configFile,
    environment,
    defaultDataDirectory: join(projectDirectory, 'data'),
  });
  const version = readVersion();
  // On a terminal the log would bury the addresses; programs get it on standard output.
  let logFile: string | undefined;
  let logDescriptor = 1;
  if (process.stdout.isTTY) {
    makeDataDirectory(settings.dataDirectory);
    logFile = join(settings.dataDirectory, 'campanile.log');
    logDescriptor = openSync(logFile, 'a', 0o600);
  }

  const daemon = startDaemon({
    settings,
    version,
    logDescriptor,
    onWmsDelayed: (failure) => {
      console.error(`WMS does not start: ${failure}\nIt is tried again until it does.`);
    },
  });
  let isStopping = false;
  const stop = (signal: string): void => {
    if (isStopping) {
      // Asked twice: the person does not want to wait for what hangs.
      process.exit(1);
    }
    isStopping = true;
    void daemon.stop(signal).then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  const { isFirstLogin } = await daemon.ready;
  const addresses = findLocalAddresses(settings.listenAddresses);
  console.log(composeBanner({ version, settings, addresses, isFirstLogin, logFile }));
}

function readVersion(): string {
  const manifest = readFileSync(join(projectDirectory, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
