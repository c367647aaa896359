/**
 * The DHCP server as a process of its own, so that it can live in a network namespace and be killed.
 * Argument: JSON {settings, journal, rejected}. Prints JSON lines: every event, `started` with the states,
 * and answers to the commands it reads: `leases`, `configure`, `reject`, `close`.
 */
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { LeaseJournal } from '../../../provisioning/dhcp/leases/lease-journal.ts';
import { phoneOptionRules } from '../../../provisioning/dhcp/options/phone-options.ts';
import { DhcpServer } from '../../../provisioning/dhcp/server.ts';
import type { DhcpSettings } from '../../../provisioning/dhcp/settings.ts';
import { toErrorMessage } from '../../../system/foundation/app-error.ts';
import { systemClock } from '../../../system/foundation/clock.ts';
import { silentLogger } from '../../../system/foundation/logger.ts';

const { settings, journal, rejected } = JSON.parse(process.argv[2] ?? '') as {
  settings: DhcpSettings;
  journal: string;
  /** MACs, changed by the command `reject`. */
  rejected: string[];
};
const print = (event: string, value: unknown): void => {
  process.stdout.write(`${JSON.stringify({ event, value })}\n`);
};

const server = new DhcpServer({
  store: new LeaseJournal(journal),
  directory: { describe: () => undefined, refuses: (mac) => rejected.includes(mac) },
  phoneRules: phoneOptionRules,
  clock: systemClock,
  logger: {
    ...silentLogger,
    info: (message, fields) => print('info', { message, ...fields }),
    error: (message, fields) =>
      print('error', { message, error: toErrorMessage(fields?.['error']) }),
  },
  random: randomBytes,
});
server.events.on('deviceSeen', (seen) => print('deviceSeen', seen));
server.events.on('leaseChanged', (lease, rules) => print('leaseChanged', { ...lease, rules }));
server.events.on('addressConflict', (conflict) => print('addressConflict', conflict));
server.events.on('poolFull', (full) => print('poolFull', full));
server.events.on('otherServerSeen', (seen) => print('otherServerSeen', seen));

// Timers do not keep the process alive; its standard input does.
createInterface({ input: process.stdin }).on('line', (line) => {
  const { command, value } = JSON.parse(line) as { command: string; value: unknown };
  if (command === 'leases') {
    print('leases', server.leases());
  } else if (command === 'configure') {
    void server.configure(value as DhcpSettings).then(() => print('configured', server.states()));
  } else if (command === 'reject') {
    rejected.push(String(value));
    print('rejected', value);
  } else {
    void server.close().then(() => process.exit(0));
  }
});
await server.start(settings);
print('started', server.states());
