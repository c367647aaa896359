/** What stands behind `npm start --`. */
import { parseArgs } from 'node:util';
import { AppError, toErrorMessage } from '../foundation/app-error.ts';

export class CommandLineError extends AppError<'usage'> {}

export interface CommandLine {
  readonly wantsHelp: boolean;
  readonly wantsHighPorts: boolean;
  readonly configFile: string | undefined;
  readonly dataDirectory: string | undefined;
}

export const usage = `Usage: npm start -- [options]
  --high-ports     SIP 15060, HTTPS 8443, HTTP 8080, audio 40000-49999 instead of the standard ports
                   (the default for users other than root)
  --data DIR       directory of databases and keys; a second instance needs one of its own
  --config FILE    JSON file with boot settings; CAMPANILE_CONFIG names it too
  --help           this text
Every boot setting can also come from the environment, for example CAMPANILE_SIP_PORT=5070.`;

/** Throws CommandLineError for unknown options. */
export function parseCommandLine(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CommandLine {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h' },
        'high-ports': { type: 'boolean' },
        config: { type: 'string' },
        data: { type: 'string' },
      },
    });
    return {
      wantsHelp: values.help ?? false,
      wantsHighPorts: values['high-ports'] ?? false,
      configFile: values.config ?? environment['CAMPANILE_CONFIG'],
      dataDirectory: values.data,
    };
  } catch (error) {
    throw new CommandLineError('usage', `${toErrorMessage(error)}\n${usage}`, { cause: error });
  }
}
