/** `npm run bench`: sets up, then measures the daemon beside its peers, or what `power-cut` names (see test/bench/README.md). */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensurePrograms, pinnedNode, root, runScript, setUp } from './setup.js';

runScript(() => {
  const isPowerCut = process.argv[2] === 'power-cut';
  ensurePrograms(
    isPowerCut ? { ip: 'iproute2' } : { cc: 'gcc', python3: 'python3', taskset: 'util-linux' },
  );
  setUp();
  const bench = join(root, `test/bench/${isPowerCut ? 'power-cut' : 'bench'}.ts`);
  const run = spawnSync(pinnedNode, [bench, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = run.status ?? 1;
});
