/**
 * `npm test`: sets up everything, Debian's test programs included, runs every test, and ends with a
 * line `N passed, N failed`. Arguments go to the test runner: `npm test -- test/unit`.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePrograms, pinnedNode, root, runScript, setUp } from './setup.js';

/** Real peers that the tests talk to: program → Debian package. */
const programsToTest = {
  sipp: 'sip-tester',
  baresip: 'baresip-core',
  kamailio: 'kamailio',
  linphonec: 'linphone-cli',
  chromium: 'chromium',
  sox: 'sox',
  curl: 'curl',
  udhcpc: 'udhcpc',
  dhclient: 'isc-dhcp-client',
  dhcrelay: 'isc-dhcp-relay',
  dnsmasq: 'dnsmasq-base',
  tftp: 'tftp-hpa',
  atftp: 'atftp',
  lftp: 'lftp',
  tnftp: 'tnftp',
  ip: 'iproute2',
  ldapsearch: 'ldap-utils',
  logger: 'bsdutils',
  xmllint: 'libxml2-utils',
  sysctl: 'procps',
};

runScript(() => {
  ensurePrograms(programsToTest);
  setUp();
  const report = join(root, 'test/results/report.json');
  mkdirSync(join(root, 'test/results'), { recursive: true });
  rmSync(report, { force: true });
  const run = spawnSync(
    pinnedNode,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--reporter=${join(root, 'scripts/second-attempts-reporter.js')}`,
      `--outputFile=${report}`,
      ...process.argv.slice(2),
    ],
    {
      cwd: root,
      stdio: 'inherit',
      // Whatever a test starts by name is the pinned Node too.
      env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}` },
    },
  );
  const {
    numPassedTests: passed,
    numFailedTests,
    numTotalTests,
  } = JSON.parse(readFileSync(report, 'utf8'));
  // A test that did not run, or a file that could not be loaded, has not passed.
  const failed = Math.max(
    numFailedTests + (numTotalTests - passed - numFailedTests),
    run.status === 0 ? 0 : 1,
  );
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && run.status === 0 ? 0 : 1;
});
