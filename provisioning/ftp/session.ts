/**
 * One session as a state machine: command → what is to be done (RFC 959, 2389, 2428, 3659). Pure: knows
 * neither sockets nor files. The answers of the world come in by `loggedIn` and `entered`.
 */
import type { FtpCommand } from './command-reader.ts';
import { parseExtendedPort, parsePort, type DataAddress } from './data-address.ts';
import { parentOf, resolvePath } from './ftp-path.ts';
import type { ListForm } from './listing.ts';
import { quotePath, type FtpReply } from './reply.ts';

export type FtpAction =
  | { readonly kind: 'reply'; readonly reply: FtpReply }
  /** The reply is the last one. */
  | { readonly kind: 'end'; readonly reply: FtpReply }
  | { readonly kind: 'log-in'; readonly name: string; readonly password: string }
  /** A port for one data connection of the client. */
  | { readonly kind: 'listen'; readonly form: 'PASV' | 'EPSV' }
  /** The next data connection goes to the client. */
  | { readonly kind: 'call-back'; readonly target: DataAddress }
  | { readonly kind: 'enter'; readonly path: string }
  | { readonly kind: 'describe'; readonly what: 'SIZE' | 'MDTM' | 'MLST'; readonly path: string }
  | { readonly kind: 'send'; readonly path: string; readonly offset: number }
  | { readonly kind: 'list'; readonly form: ListForm; readonly path: string }
  | { readonly kind: 'receive'; readonly path: string; readonly isAppended: boolean }
  | { readonly kind: 'make-folder'; readonly path: string }
  | { readonly kind: 'remove-folder'; readonly path: string }
  | { readonly kind: 'delete'; readonly path: string }
  /** Whatever waits for a data connection is given up. */
  | { readonly kind: 'abort' };

/** As if there were nothing, whatever the reason. */
export const notFound: FtpReply = { code: 550, text: 'No such file or folder.' };

const maximumCommands = 2_000;
const maximumFailures = 3;
const maximumOffset = Number.MAX_SAFE_INTEGER;

/** Understood before a login. */
const openVerbs = new Set(['USER', 'PASS', 'QUIT', 'FEAT', 'SYST', 'NOOP', 'HELP', 'OPTS', 'AUTH']);

/** Old names of RFC 775. */
const synonyms: Readonly<Partial<Record<string, string>>> = {
  XCUP: 'CDUP',
  XCWD: 'CWD',
  XMKD: 'MKD',
  XPWD: 'PWD',
  XRMD: 'RMD',
};

const features = [
  'EPRT',
  'EPSV',
  'MDTM',
  'MLST type*;size*;modify*;',
  'PASV',
  'REST STREAM',
  'SIZE',
  'TVFS',
  'UTF8',
];

export class FtpSession {
  readonly #clientAddress: string;
  #user: string | undefined;
  #isLoggedIn = false;
  #directory = '/';
  #restartAt = 0;
  #commandCount = 0;
  #failureCount = 0;
  /** EPSV ALL (RFC 2428 §4): the client's network knows nothing else. */
  #isExtendedOnly = false;

  constructor(clientAddress: string) {
    this.#clientAddress = clientAddress;
  }

  get isLoggedIn(): boolean {
    return this.#isLoggedIn;
  }

  get commandCount(): number {
    return this.#commandCount;
  }

  handle(command: FtpCommand | undefined): FtpAction {
    this.#commandCount += 1;
    if (this.#commandCount > maximumCommands) {
      return { kind: 'end', reply: { code: 421, text: 'Too many commands.' } };
    }
    if (command === undefined) {
      return say(500, 'This is no command.');
    }
    const verb = synonyms[command.verb] ?? command.verb;
    if (!this.#isLoggedIn && !openVerbs.has(verb)) {
      return say(530, 'Log in with USER and PASS.');
    }
    return this.#handleControl(verb, command.argument);
  }

  /** The answer to `log-in`. */
  loggedIn(isAllowed: boolean): FtpAction {
    if (isAllowed) {
      this.#isLoggedIn = true;
      return say(230, 'Logged in.');
    }
    this.#failureCount += 1;
    return this.#failureCount >= maximumFailures
      ? { kind: 'end', reply: { code: 421, text: 'Too many wrong logins.' } }
      : say(530, 'Login incorrect.');
  }

  /** The answer to `enter`. */
  entered(path: string, isFolder: boolean): FtpAction {
    if (!isFolder) {
      return { kind: 'reply', reply: notFound };
    }
    this.#directory = path;
    return say(250, 'Done.');
  }

  #handleControl(verb: string, argument: string): FtpAction {
    switch (verb) {
      case 'USER':
        this.#isLoggedIn = false;
        this.#user = argument;
        return say(331, 'Password?');
      case 'PASS':
        return this.#handlePassword(argument);
      case 'QUIT':
        return { kind: 'end', reply: { code: 221, text: 'Goodbye.' } };
      case 'FEAT':
        return { kind: 'reply', reply: { code: 211, text: 'Features:', lines: features } };
      case 'SYST':
        return say(215, 'UNIX Type: L8');
      case 'NOOP':
        return say(200, 'Still here.');
      case 'HELP':
        return say(214, 'Files of telephones, by RFC 959 and RFC 3659.');
      case 'STAT':
        return argument === '' ? say(211, 'No transfer is under way.') : say(504, 'Use LIST.');
      case 'OPTS':
        return /^(?:UTF-?8 ON|MLST\b)/i.test(argument) ? say(200, 'Done.') : say(501, 'Unknown.');
      case 'AUTH':
        return say(502, 'No encryption here; passwords of devices go by HTTPS only.');
      case 'TYPE':
        // Files leave as they are in type A, too: what rewrites line ends breaks signatures and images.
        return /^(?:I|A(?: N)?|L 8)$/i.test(argument) ? say(200, 'Done.') : say(504, 'I or A.');
      case 'MODE':
        return /^S$/i.test(argument) ? say(200, 'Done.') : say(504, 'Only S.');
      case 'STRU':
        return /^F$/i.test(argument) ? say(200, 'Done.') : say(504, 'Only F.');
      case 'ALLO':
      case 'ACCT':
        return say(202, 'Not needed.');
      default:
        return this.#handleData(verb, argument);
    }
  }

  #handleData(verb: string, argument: string): FtpAction {
    switch (verb) {
      case 'PASV':
        return this.#isExtendedOnly
          ? say(501, 'EPSV ALL was said.')
          : { kind: 'listen', form: verb };
      case 'EPSV':
        return this.#handleExtendedPassive(argument);
      case 'PORT':
        return this.#callBack(parsePort(argument));
      case 'EPRT':
        return this.#callBack(parseExtendedPort(argument));
      case 'REST':
        return this.#handleRestart(argument);
      case 'ABOR':
        return { kind: 'abort' };
      case 'PWD':
        return say(257, `${quotePath(this.#directory)} is where you are.`);
      case 'CDUP':
        return { kind: 'enter', path: parentOf(this.#directory) };
      case 'LIST':
      case 'NLST':
      case 'MLSD':
        // Options of ls, which some clients send.
        return this.#at(argument.replace(/^(?:-\S* ?)+/, ''), (path) => ({
          kind: 'list',
          form: verb,
          path,
        }));
      case 'MLST':
        return this.#at(argument, (path) => ({ kind: 'describe', what: verb, path }));
      default:
        return argument === ''
          ? say(known.has(verb) ? 501 : 502, known.has(verb) ? 'Which one?' : 'Not known here.')
          : this.#handleNamed(verb, argument);
    }
  }

  /** Commands that name a file or folder. */
  #handleNamed(verb: string, argument: string): FtpAction {
    switch (verb) {
      case 'CWD':
        return this.#at(argument, (path) => ({ kind: 'enter', path }));
      case 'SIZE':
      case 'MDTM':
        return this.#at(argument, (path) => ({ kind: 'describe', what: verb, path }));
      case 'RETR': {
        const offset = this.#takeRestart();
        return this.#at(argument, (path) => ({ kind: 'send', path, offset }));
      }
      case 'STOR':
      case 'APPE':
        return this.#takeRestart() > 0
          ? say(554, 'Files are stored from their beginning; APPE appends.')
          : this.#at(argument, (path) => ({ kind: 'receive', path, isAppended: verb === 'APPE' }));
      case 'MKD':
        return this.#at(argument, (path) => ({ kind: 'make-folder', path }));
      case 'RMD':
        return this.#at(argument, (path) => ({ kind: 'remove-folder', path }));
      case 'DELE':
        return this.#at(argument, (path) => ({ kind: 'delete', path }));
      default:
        return say(502, 'Not known here.');
    }
  }

  #handlePassword(password: string): FtpAction {
    const name = this.#user;
    this.#user = undefined;
    return name === undefined ? say(503, 'USER comes first.') : { kind: 'log-in', name, password };
  }

  #handleExtendedPassive(argument: string): FtpAction {
    switch (argument.toUpperCase()) {
      case 'ALL':
        this.#isExtendedOnly = true;
        return say(200, 'Done.');
      case '':
      case '1':
      case '2':
        return { kind: 'listen', form: 'EPSV' };
      default:
        return say(522, 'Network protocol not supported, use (1,2)');
    }
  }

  /** To the client itself and to no port of the system: no attack on others by us (RFC 2577 §3). */
  #callBack(target: DataAddress | undefined): FtpAction {
    if (target === undefined || this.#isExtendedOnly) {
      return say(501, 'This is no address.');
    }
    return target.address === this.#clientAddress && target.port >= 1_024
      ? { kind: 'call-back', target }
      : say(504, 'Only to your own address.');
  }

  #handleRestart(argument: string): FtpAction {
    const offset = /^\d{1,16}$/.test(argument) ? Number(argument) : NaN;
    if (!(offset <= maximumOffset)) {
      return say(501, 'This is no position.');
    }
    this.#restartAt = offset;
    return say(350, `Restarting at ${String(offset)}.`);
  }

  #takeRestart(): number {
    const offset = this.#restartAt;
    this.#restartAt = 0;
    return offset;
  }

  #at(name: string, toAction: (path: string) => FtpAction): FtpAction {
    const path = resolvePath(this.#directory, name);
    return path === undefined ? { kind: 'reply', reply: notFound } : toAction(path);
  }
}

/** Those of `handleNamed`. */
const known = new Set(['CWD', 'SIZE', 'MDTM', 'RETR', 'STOR', 'APPE', 'MKD', 'RMD', 'DELE']);

function say(code: number, text: string): FtpAction {
  return { kind: 'reply', reply: { code, text } };
}
