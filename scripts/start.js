/** `npm start`: sets up what is missing, then becomes the daemon on the pinned Node. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pinnedNode, root, runScript, setUp } from './setup.js';

runScript(() => {
  setUp();
  const daemon = spawn(
    pinnedNode,
    [join(root, 'system/daemon/main.ts'), ...process.argv.slice(2)],
    { stdio: 'inherit' },
  );
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
