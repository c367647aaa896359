/** The LDAP server, asked by OpenLDAP's own client and by peers who mean no good. */
import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../system/foundation/clock.ts';
import { silentLogger } from '../../../../system/foundation/logger.ts';
import { Secret } from '../../../../system/foundation/secret.ts';
import { systemActor } from '../../../../system/management-plane/actor.ts';
import { provideCertificate } from '../../../../system/management-plane/tls-certificate.ts';
import { deviceLdapPassword } from '../../../../system/management-plane/phonebooks/phones/device-ldap-password.ts';
import { adminActor } from '../../../support/management-plane/management-services.ts';
import { TestPhonebooks } from '../../../support/management-plane/phonebooks.ts';

const base = 'dc=campanile,dc=local';
const mac = '001565aabbcc';
const token = new Secret('a'.repeat(40));

let test: TestPhonebooks;
let password: string;
let anna: string;

interface Answer {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

function ldapsearch(...parameters: readonly string[]): Promise<Answer> {
  const certificate = join(test.services.directory, 'tls/certificate.pem');
  return new Promise((resolve) => {
    execFile(
      'ldapsearch',
      ['-x', '-LLL', '-o', 'ldif-wrap=no', ...parameters],
      { env: { ...process.env, LDAPTLS_CACERT: certificate }, timeout: 20_000 },
      (error, output, errors) => {
        resolve({ code: error === null ? 0 : Number(error.code), output, errors });
      },
    );
  });
}

function url(scheme: 'ldap' | 'ldaps'): string[] {
  const port = test.phonebooks.ldapPorts?.[scheme] ?? 0;
  return ['-H', `${scheme}://127.0.0.1:${String(port)}`];
}

function asCommon(): string[] {
  return ['-D', `cn=phonebook,${base}`, '-w', password, '-b', base];
}

/** Values of `cn`, base64 decoded, sorted. */
function names({ output }: Answer): string[] {
  return [...output.matchAll(/^cn(::?) (.*)$/gm)]
    .map(([, colons, value = '']) =>
      colons === '::' ? Buffer.from(value, 'base64').toString('utf8') : value,
    )
    .sort();
}

async function find(filter: string, ...more: readonly string[]): Promise<string[]> {
  return names(await ldapsearch(...url('ldaps'), ...asCommon(), ...more, filter, 'cn'));
}

beforeAll(async () => {
  test = await TestPhonebooks.open();
  anna = (await test.addUser('101', 'Anna Verdi')).userId;
  const { service } = test.phonebooks;
  const book = await service.createBook(adminActor, 'Customers');
  const contacts = [
    {
      firstName: 'Jörg',
      lastName: 'Müller',
      organization: 'Groß & Söhne',
      office: '+49 30 123456',
    },
    { firstName: 'Marco', lastName: 'Rossi', mobile: '347 1234567', email: 'marco@rossi.example' },
    { firstName: 'Мария', lastName: 'Иванова', home: '+7 495 1234567' },
    { name: 'Città (Nuova) * 50%', office: '02 5551234' },
    { name: 'Luca Neri', office: '+39 06 5557777' },
  ];
  for (const { office, mobile, home, ...contact } of contacts) {
    await service.createContact(adminActor, book.id, {
      ...contact,
      numbers: [
        ...(office === undefined ? [] : [{ kind: 'office' as const, number: office }]),
        ...(mobile === undefined ? [] : [{ kind: 'mobile' as const, number: mobile }]),
        ...(home === undefined ? [] : [{ kind: 'home' as const, number: home }]),
      ],
    });
  }
  await service.createContact({ ...systemActor, userId: anna, role: 'user' }, 'own', {
    name: 'Anna’s dentist',
    numbers: [{ kind: 'office', number: '06 7654321' }],
  });
  const certificate = await provideCertificate({
    dataDirectory: test.services.directory,
    listenAddresses: ['127.0.0.1'],
    clock: systemClock,
    logger: silentLogger,
  });
  await test.services.store.commit({
    author: systemActor,
    reason: '',
    operations: [
      { kind: 'update', entity: 'settings', id: 'settings', after: { ldapEnabled: true } },
    ],
  });
  await test.phonebooks.start({
    findDevice: (wanted) => (wanted === mac ? { token, userId: anna } : undefined),
    provideCertificate: () => Promise.resolve(certificate),
  });
  password = (await test.phonebooks.commonAccount.password()).reveal();
});

afterAll(async () => {
  await test.dispose();
});

describe('binds', () => {
  it('takes the common login over LDAPS and StartTLS and refuses it in clear', async () => {
    const overTls = await ldapsearch(...url('ldaps'), ...asCommon(), '(cn=Marco*)', 'cn');
    const startTls = await ldapsearch(...url('ldap'), '-ZZ', ...asCommon(), '(cn=Marco*)', 'cn');
    const inClear = await ldapsearch(...url('ldap'), ...asCommon(), '(cn=Marco*)', 'cn');

    expect(names(overTls)).toEqual(['Marco Rossi']);
    expect(names(startTls)).toEqual(['Marco Rossi']);
    expect(inClear.code).toBe(13);
    expect(inClear.output).toBe('');
  });

  it('answers a wrong password, a missing one and an unknown name the same and shows nothing', async () => {
    const wrong = await ldapsearch(
      ...url('ldaps'),
      '-D',
      `cn=phonebook,${base}`,
      '-w',
      'x',
      '-b',
      base,
    );
    const unknown = await ldapsearch(
      ...url('ldaps'),
      '-D',
      `cn=nobody,${base}`,
      '-w',
      'x',
      '-b',
      base,
    );
    const anonymous = await ldapsearch(...url('ldaps'), '-b', base);

    expect([wrong.code, unknown.code, anonymous.code]).toEqual([49, 49, 50]);
    expect(wrong.output + unknown.output + anonymous.output).toBe('');
  });

  it('shows a device its user’s own phonebook, and nobody else', async () => {
    const device = await ldapsearch(
      ...url('ldaps'),
      ...['-D', `cn=${mac},${base}`, '-w', deviceLdapPassword(token).reveal(), '-b', base],
      ...['(cn=anna*)', 'cn'],
    );

    expect(names(device)).toEqual(['Anna Verdi', 'Anna’s dentist']);
    expect(await find('(cn=anna*)')).toEqual(['Anna Verdi']);
  });
});

describe('searches', () => {
  const everyone = [
    'Anna Verdi',
    'Città (Nuova) * 50%',
    'Jörg Müller',
    'Luca Neri',
    'Marco Rossi',
    'Мария Иванова',
  ];

  it.each([
    ['equality without case and accents', '(cn=jorg MULLER)', ['Jörg Müller']],
    ['last name first', '(cn=müller j*)', ['Jörg Müller']],
    ['any word of a name that has no parts', '(|(cn=verd*)(sn=nuov*))', ['Anna Verdi']],
    ['Cyrillic', '(sn=ИВАН*)', ['Мария Иванова']],
    ['escaped characters', String.raw`(cn=Città \28nuova\29 \2a 50%)`, ['Città (Nuova) * 50%']],
    ['a percent sign as itself', '(cn=*5%*)', []],
    ['substrings anywhere', '(cn=*oss*)', ['Marco Rossi']],
    ['organisation, ß as ss', '(o=gross*)', ['Jörg Müller']],
    ['presence', '(mail=*)', ['Marco Rossi']],
    [
      'and, or',
      '(&(objectClass=person)(|(sn=rossi)(givenName=мария)))',
      ['Marco Rossi', 'Мария Иванова'],
    ],
    ['not', '(!(telephoneNumber=*))', ['Marco Rossi', 'Мария Иванова']],
    ['approximate', '(cn~=mueller)', ['Jörg Müller']],
    [
      'a number however it is written',
      '(|(telephoneNumber=0049 30 123456)(mobile=x))',
      ['Jörg Müller'],
    ],
    ['a national number of a caller', '(mobile=00393471234567)', ['Marco Rossi']],
    ['the first digits without it', '(telephoneNumber=065*)', ['Luca Neri']],
    ['the first digits with the country', '(telephoneNumber=+3902*)', ['Città (Nuova) * 50%']],
    ['the end of a number', '(telephoneNumber=*1234)', ['Città (Nuova) * 50%']],
    ['an extension', '(telephoneNumber=101)', ['Anna Verdi']],
    ['an attribute that nobody has is neither true nor false', '(!(shoeSize=42))', []],
    ['everything', '(objectClass=*)', everyone],
  ])('finds by %s', async (_title, filter, expected) => {
    expect(await find(filter)).toEqual([...expected].sort());
  });

  it('obeys the size limit and says that there is more', async () => {
    const answer = await ldapsearch(...url('ldaps'), ...asCommon(), '-z', '2', '(cn=*)', 'cn');

    expect(answer.code).toBe(4);
    expect(names(answer)).toHaveLength(2);
  });

  it('gives everything in pages (RFC 2696)', async () => {
    const answer = await ldapsearch(
      ...url('ldaps'),
      ...asCommon(),
      ...['-E', 'pr=2/noprompt', '(objectClass=*)', 'cn'],
    );

    expect(answer.code).toBe(0);
    expect(names(answer)).toEqual([...everyone].sort());
  });

  it('tells only the attributes that were asked for', async () => {
    const { output } = await ldapsearch(
      ...url('ldaps'),
      ...asCommon(),
      '(sn=rossi)',
      'mobile',
      'MAIL',
    );

    expect(output.split('\n').slice(1).filter(Boolean)).toEqual([
      'mail: marco@rossi.example',
      'mobile: 3471234567',
    ]);
  });

  it('tells the root entry before any login', async () => {
    const { output } = await ldapsearch(
      ...url('ldap'),
      '-b',
      '',
      '-s',
      'base',
      '(objectClass=*)',
      '+',
    );

    expect(output).toContain(`namingContexts: ${base}`);
    expect(output).toContain('supportedExtension: 1.3.6.1.4.1.1466.20037');
  });

  it('knows no other base', async () => {
    const answer = await ldapsearch(
      ...url('ldaps'),
      ...asCommon().slice(0, 4),
      '-b',
      'dc=other',
      '(cn=*)',
    );

    expect(answer.code).toBe(32);
  });
});

describe('hostile input', () => {
  const deep = Buffer.concat([
    ...Array.from({ length: 60 }, () => Buffer.from([0xa2, 0x82, 0x01, 0x00])),
    Buffer.alloc(400),
  ]);

  it.each([
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['an enormous length', Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff])],
    ['an indefinite length', Buffer.from([0x30, 0x80, 0x02, 0x01])],
    ['a truncated element', Buffer.from([0x30, 0x05, 0x02, 0x01, 0x01, 0x60, 0x7f])],
    ['an unknown operation', Buffer.from([0x30, 0x05, 0x02, 0x01, 0x01, 0x7e, 0x00])],
    [
      'a search without end',
      Buffer.concat([
        Buffer.from([0x30, 0x82, 0x01, 0xf4, 0x02, 0x01, 0x01, 0x63, 0x82, 0x01, 0xed]),
        deep,
      ]).subarray(0, 504),
    ],
  ])('answers %s with a notice of disconnection and goes on serving', async (_title, bytes) => {
    const received = await new Promise<Buffer>((resolve) => {
      const chunks: Buffer[] = [];
      const socket = connect(test.phonebooks.ldapPorts?.ldap ?? 0, '127.0.0.1', () => {
        socket.write(bytes);
      });
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        resolve(Buffer.concat(chunks));
      });
      socket.on('end', () => socket.destroy());
    });

    expect(received.toString('latin1')).toContain('1.3.6.1.4.1.1466.20036');
    expect(await find('(sn=rossi)')).toEqual(['Marco Rossi']);
  });

  it('does not answer an address that is turned away', async () => {
    const change = async (deniedAddresses: readonly string[]): Promise<void> => {
      await test.services.store.commit({
        author: systemActor,
        reason: '',
        operations: [
          { kind: 'update', entity: 'settings', id: 'settings', after: { deniedAddresses } },
        ],
      });
    };
    const isAnswered = (localAddress: string): Promise<boolean> =>
      new Promise((resolve) => {
        const port = test.phonebooks.ldapPorts?.ldap ?? 0;
        const socket = connect({ port, host: '127.0.0.1', localAddress });
        // What is no LDAP gets a notice.
        socket.on('connect', () => socket.write('GET / HTTP/1.1\r\n\r\n'));
        socket.on('data', () => {
          resolve(true);
          socket.destroy();
        });
        socket.on('error', () => resolve(false));
        socket.on('close', () => resolve(false));
      });

    await change(['127.0.0.9']);
    expect([await isAnswered('127.0.0.8'), await isAnswered('127.0.0.9')]).toEqual([true, false]);
    await change([]);
    expect(await isAnswered('127.0.0.9')).toBe(true);
  });

  it('looks at no more passwords of a source after ten wrong ones', async () => {
    const attempt = () =>
      ldapsearch(...url('ldaps'), '-D', `cn=phonebook,${base}`, '-w', 'wrong', '-b', base);
    const codes: number[] = [];
    for (let count = 0; count < 12; count += 1) {
      codes.push((await attempt()).code);
    }

    expect(codes.slice(0, 5)).toEqual([49, 49, 49, 49, 49]);
    expect(codes.at(-1)).toBe(51);
    expect((await ldapsearch(...url('ldaps'), ...asCommon(), '(sn=rossi)')).code).toBe(51);
  });
});
