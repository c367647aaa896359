/** The pure half of the FTP server: bytes → commands → what is to be done. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandReader, maximumLineBytes } from '../../../../provisioning/ftp/command-reader.ts';
import { resolvePath } from '../../../../provisioning/ftp/ftp-path.ts';
import { serializeListing } from '../../../../provisioning/ftp/listing.ts';
import { serializeReply } from '../../../../provisioning/ftp/reply.ts';
import { FtpSession, type FtpAction } from '../../../../provisioning/ftp/session.ts';

const client = '192.0.2.7';

const read = (text: string | Buffer) => new CommandReader().push(Buffer.from(text));

function open(address = client): (line: string) => FtpAction {
  const session = new FtpSession(address);
  const say = (line: string): FtpAction => session.handle(read(`${line}\r\n`)[0]);
  say('USER PlcmSpIp');
  say('PASS PlcmSpIp');
  session.loggedIn(true);
  return (line) => {
    const action = say(line);
    return action.kind === 'enter' ? session.entered(action.path, true) : action;
  };
}

const codeOf = (action: FtpAction): number | string =>
  'reply' in action ? action.reply.code : action.kind;

describe('commands', () => {
  it.each([
    ['USER PlcmSpIp\r\n', { verb: 'USER', argument: 'PlcmSpIp' }],
    ['pasv\n', { verb: 'PASV', argument: '' }],
    ['RETR  a  b \r\n', { verb: 'RETR', argument: ' a  b ' }],
    [Buffer.from('fff4fff241424f520d0a', 'hex'), { verb: 'ABOR', argument: '' }],
    [Buffer.from('fffd064e4f4f500d0a', 'hex'), { verb: 'NOOP', argument: '' }],
    ['RETR Grüße.cfg\r\n', { verb: 'RETR', argument: 'Grüße.cfg' }],
    ['GET / HTTP/1.1\r\n', { verb: 'GET', argument: '/ HTTP/1.1' }],
    ['RETR a\u0000b\r\n', undefined],
    [Buffer.from('524554522080ff0d0a', 'hex'), undefined],
    ['\r\n', undefined],
    [`RETR ${'x'.repeat(maximumLineBytes)}\r\n`, undefined],
  ])('%j is read as %j', (bytes, command) => {
    expect(read(bytes)).toEqual([command]);
  });

  it('however the bytes are cut, the same commands are read', () => {
    const bytes = fc.array(
      fc.oneof(
        fc.constantFrom('RETR', ' ', 'a', '\r\n', '\n', '\u0000'),
        fc.string({ unit: 'binary' }),
      ),
    );
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(30)), (parts, cuts) => {
        const whole = Buffer.from(parts.join(''));
        const reader = new CommandReader();
        const read: unknown[] = [];
        let from = 0;
        for (const length of cuts) {
          read.push(...reader.push(whole.subarray(from, from + length)));
          from += length;
        }
        read.push(...reader.push(whole.subarray(from)));
        expect(read).toEqual(new CommandReader().push(whole));
      }),
    );
  });
});

describe('paths', () => {
  it.each([
    ['/', 'a.cfg', '/a.cfg'],
    ['/logs', 'a.cfg', '/logs/a.cfg'],
    ['/logs', '../a.cfg', '/a.cfg'],
    ['/logs', '/a//b/./c', '/a/b/c'],
    ['/logs', '..', '/'],
    ['/logs', '../..', undefined],
    ['/', '../etc/passwd', undefined],
    ['/', '..\\..\\etc', undefined],
    ['/', 'a\u0007', undefined],
    ['/', 'x'.repeat(256), undefined],
    ['/', 'a/'.repeat(13), undefined],
  ])('in %s, %s is %s', (directory, name, path) => {
    expect(resolvePath(directory, name)).toBe(path);
  });

  it('nothing leads out of the root', () => {
    const names = fc.array(fc.constantFrom('..', '.', '', 'a', '%2e%2e', '...', '~'));
    fc.assert(
      fc.property(names, (segments) => {
        const path = resolvePath('/a/b', segments.join('/')) ?? '/';
        expect(path.startsWith('/')).toBe(true);
        expect(path.split('/')).not.toContain('..');
      }),
    );
  });
});

describe('a session', () => {
  it('before the login nothing of the files is told', () => {
    const session = new FtpSession(client);
    const verbs = 'CWD CDUP PWD LIST NLST MLSD MLST SIZE MDTM RETR STOR APPE DELE MKD RMD REST';
    for (const verb of [...verbs.split(' '), 'PASV', 'EPSV', 'PORT', 'EPRT', 'ABOR', 'XPWD']) {
      expect(codeOf(session.handle({ verb, argument: 'a' })), verb).toBe(530);
    }
    expect(codeOf(session.handle({ verb: 'PASS', argument: 'x' }))).toBe(503);
    session.handle({ verb: 'USER', argument: 'PlcmSpIp' });
    expect(session.handle({ verb: 'PASS', argument: ' a b' })).toEqual({
      kind: 'log-in',
      name: 'PlcmSpIp',
      password: ' a b',
    });
    expect(codeOf(session.loggedIn(false))).toBe(530);
    expect(codeOf(session.loggedIn(false))).toBe(530);
    expect(session.loggedIn(false)).toMatchObject({ kind: 'end', reply: { code: 421 } });
  });

  it.each<[string, FtpAction | number]>([
    ['RETR a.cfg', { kind: 'send', path: '/a.cfg', offset: 0 }],
    ['RETR ../a.cfg', 550],
    ['RETR', 501],
    ['STOR logs/a.log', { kind: 'receive', path: '/logs/a.log', isAppended: false }],
    ['APPE a.log', { kind: 'receive', path: '/a.log', isAppended: true }],
    ['STOU', 502],
    ['SITE CHMOD 777 a', 502],
    ['LIST -la', { kind: 'list', form: 'LIST', path: '/' }],
    ['NLST logs', { kind: 'list', form: 'NLST', path: '/logs' }],
    ['SIZE a.cfg', { kind: 'describe', what: 'SIZE', path: '/a.cfg' }],
    ['PASV', { kind: 'listen', form: 'PASV' }],
    ['EPSV 2', { kind: 'listen', form: 'EPSV' }],
    ['EPSV 3', 522],
    ['PORT 192,0,2,7,195,80', { kind: 'call-back', target: { address: client, port: 50_000 } }],
    ['PORT 192,0,2,8,195,80', 504],
    ['PORT 192,0,2,7,0,21', 504],
    ['PORT 192,0,2,7,256,80', 501],
    ['EPRT |1|192.0.2.7|50000|', { kind: 'call-back', target: { address: client, port: 50_000 } }],
    ['EPRT |1|192.0.2.8|50000|', 504],
    ['EPRT |2|192.0.2.7|50000|', 501],
    ['EPRT', 501],
    ['REST -1', 501],
    ['REST 99999999999999999', 501],
    ['TYPE E', 504],
    ['TYPE I', 200],
    ['AUTH TLS', 502],
    ['MODE Z', 504],
    ['FEAT', 211],
    ['SYST', 215],
    ['QUIT', 221],
    ['nonsense', 500],
  ])('%s', (line, expected) => {
    const action = open()(line);
    expect(typeof expected === 'number' ? codeOf(action) : action).toEqual(expected);
  });

  it('REST holds for the next transfer, over the commands between, and for no upload', () => {
    const say = open();
    say('REST 100');
    say('PASV');
    expect(say('RETR a')).toMatchObject({ offset: 100 });
    expect(say('RETR a')).toMatchObject({ offset: 0 });
    say('REST 100');
    expect(codeOf(say('STOR a'))).toBe(554);
    expect(codeOf(say('STOR a'))).toBe('receive');
  });

  it('EPSV ALL leaves EPSV alone', () => {
    const say = open();
    say('EPSV ALL');
    expect(codeOf(say('EPSV'))).toBe('listen');
    expect([codeOf(say('PASV')), codeOf(say('PORT 192,0,2,7,195,80'))]).toEqual([501, 501]);
  });

  it('CWD and CDUP move, quotes in PWD are doubled', () => {
    const say = open();
    say('CWD logs/a"b');
    expect(say('PWD')).toMatchObject({ reply: { text: '"/logs/a""b" is where you are.' } });
    say('CDUP');
    expect(say('RETR x')).toMatchObject({ path: '/logs/x' });
  });

  it('whatever is said, it is answered; after two thousand commands it is over', () => {
    const words = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(fc.string({ minLength: 3, maxLength: 4 }), words, (verb, argument) => {
        const session = new FtpSession(client);
        session.loggedIn(true);
        expect(session.handle({ verb: verb.toUpperCase(), argument }).kind).toBeDefined();
      }),
    );
    const say = open();
    const last = Array.from({ length: 2_000 }, () => say('NOOP')).at(-1);
    expect(last).toMatchObject({ kind: 'end', reply: { code: 421 } });
  });
});

it('replies and listings keep their lines whatever stands in them', () => {
  expect(serializeReply({ code: 550, text: 'a\r\n230 b' })).toBe('550 a??230 b\r\n');
  expect(serializeReply({ code: 211, text: 'F', lines: ['211 x\r\n'] })).toBe(
    '211-F\r\n 211 x??\r\n211 End.\r\n',
  );
  const modifiedMs = Date.UTC(2026, 10, 2, 8, 5, 0);
  const entry = { name: 'a.log', isFolder: false, sizeBytes: 12, modifiedMs };
  expect(serializeListing('LIST', [entry], modifiedMs)).toBe(
    '-rw-r--r-- 1 campanile campanile         12 Nov  2 08:05 a.log\r\n',
  );
  expect(serializeListing('LIST', [entry], Date.UTC(2028, 0, 1))).toContain('Nov  2  2026 a.log');
  expect(serializeListing('MLSD', [entry], 0)).toBe(
    'type=file;size=12;modify=20261102080500; a.log\r\n',
  );
});
