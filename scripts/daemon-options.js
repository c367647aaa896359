/**
 * What may stand behind `npm start --`. Plain JavaScript, because `npm start` says what is wrong with
 * it before anything is set up, on whatever Node is there; the daemon reads the same.
 */
import { parseArgs } from 'node:util';

export const usage = `Usage: npm start -- [options]
  --high-ports     SIP 15060, by TLS 15061, HTTPS 8443, HTTP 8080, audio 40000-49999 instead of the standard ports
                   (the default for users other than root)
  --data DIR       directory of databases and keys; a second instance needs one of its own
  --config FILE    JSON file with boot settings; CAMPANILE_CONFIG names it too
  --help           this text
Every boot setting can also come from the environment, for example CAMPANILE_SIP_PORT=5070.`;

/**
 * Throws Error with a sentence for unknown options.
 * @param {readonly string[]} args
 * @returns {{ help?: boolean, 'high-ports'?: boolean, config?: string, data?: string }}
 */
export function parseOptions(args) {
  return parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h' },
      'high-ports': { type: 'boolean' },
      config: { type: 'string' },
      data: { type: 'string' },
    },
  }).values;
}
