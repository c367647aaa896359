/** `npm start`: sets up what is missing, then becomes the daemon on the pinned Node. */
import { spawn } from 'node:child_process';
import { daemonCommand } from './daemon-command.js';
import { parseOptions, usage } from './daemon-options.js';
import { runScript, setUp, SetupError } from './setup.js';

const options = process.argv.slice(2);

runScript(() => {
  if (readOptions().help === true) {
    console.log(usage);
    return;
  }
  setUp();
  const [program, ...args] = daemonCommand(options);
  const daemon = spawn(program, args, { stdio: 'inherit' });
  // The daemon stops in order by itself; this process only waits for it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      daemon.kill(signal);
    });
  }
  daemon.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
});

/** Before the set-up, which may take minutes the first time. */
function readOptions() {
  try {
    return parseOptions(options);
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}
