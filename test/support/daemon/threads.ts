/** What Linux tells of the threads of a process (proc_pid_stat(5), `schedstat`). */
import { readFileSync, readdirSync } from 'node:fs';

export interface Thread {
  readonly name: string;
  /** -20 to 19; the higher, the later its turn. */
  readonly niceness: number;
  /** How long it could have run, but others had the processor. */
  readonly waitedMs: number;
}

export function threadsOf(pid: number): readonly Thread[] {
  const tasks = `/proc/${String(pid)}/task`;
  return readdirSync(tasks).map((id) => {
    const stat = readFileSync(`${tasks}/${id}/stat`, 'utf8');
    const nameEnd = stat.lastIndexOf(')');
    const [, waitedNs] = readFileSync(`${tasks}/${id}/schedstat`, 'utf8').split(' ');
    return {
      name: stat.slice(stat.indexOf('(') + 1, nameEnd),
      niceness: Number(stat.slice(nameEnd + 2).split(' ')[16]),
      waitedMs: Number(waitedNs) / 1e6,
    };
  });
}
