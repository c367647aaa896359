/** `npm start`: sets up what is missing, then becomes the daemon on the pinned Node. */
import { spawn } from 'node:child_process';
import { daemonCommand } from './daemon-command.js';
import { runScript, setUp } from './setup.js';

runScript(() => {
  setUp();
  const [program, ...args] = daemonCommand(process.argv.slice(2));
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
