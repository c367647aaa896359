/** What stands behind `npm start --`, with what the environment says of it. */
import { parseOptions, usage } from '../../scripts/daemon-options.js';
import { AppError, toErrorMessage } from '../foundation/app-error.ts';

export class CommandLineError extends AppError<'usage'> {}

export interface CommandLine {
  readonly wantsHelp: boolean;
  readonly wantsHighPorts: boolean;
  readonly configFile: string | undefined;
  readonly dataDirectory: string | undefined;
}

/** Throws CommandLineError for unknown options. */
export function parseCommandLine(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CommandLine {
  try {
    const options = parseOptions(args);
    return {
      wantsHelp: options.help ?? false,
      wantsHighPorts: options['high-ports'] ?? false,
      configFile: options.config ?? environment['CAMPANILE_CONFIG'],
      dataDirectory: options.data,
    };
  } catch (error) {
    throw new CommandLineError('usage', `${toErrorMessage(error)}\n${usage}`, { cause: error });
  }
}
