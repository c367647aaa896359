/** Contacts out of files of other programs, and back without loss. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkContact,
  numberKinds,
  type Contact,
} from '../../../../system/management-plane/phonebooks/contact.ts';
import {
  contactsCsvHeading,
  parseContactsCsv,
  serializeContactRow,
} from '../../../../system/management-plane/phonebooks/contact-files/contacts-csv.ts';
import {
  foldGerman,
  foldName,
} from '../../../../system/management-plane/phonebooks/store/fold-name.ts';
import { parseVcards } from '../../../../system/management-plane/phonebooks/contact-files/parse-vcard.ts';
import {
  planContactsImport,
  type ContactsImportInput,
  type ContactsImportPlan,
} from '../../../../system/management-plane/phonebooks/contact-files/plan-contacts-import.ts';
import { serializeVcard } from '../../../../system/management-plane/phonebooks/contact-files/serialize-vcard.ts';

function card(...lines: readonly string[]): string {
  return ['BEGIN:VCARD', ...lines, 'END:VCARD', ''].join('\r\n');
}

function only(text: string): Partial<Contact> | undefined {
  return parseVcards(text).contacts[0]?.values;
}

/** Words of letters, as names are; a number never repeats in one kind. */
const word = fc
  .stringMatching(/^[A-Za-zäöüßéèñøЖ-яñ,;:\\"'-]{1,20}$/u)
  .filter((text) => text.trim() === text);
const contact = fc
  .record({
    name: word,
    firstName: fc.option(word, { nil: undefined }),
    lastName: fc.option(word, { nil: undefined }),
    organization: fc.option(word, { nil: undefined }),
    note: fc.option(
      fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join('\n')),
      { nil: undefined },
    ),
    numbers: fc.uniqueArray(
      fc.record({
        kind: fc.constantFrom(...numberKinds),
        number: fc.stringMatching(/^\+[1-9][0-9]{5,12}$/),
      }),
      { maxLength: 5, selector: ({ number }) => number },
    ),
  })
  .map((fields) => checkContact(fields).contact);

const inOrder = ({ numbers, ...rest }: Contact) => ({
  ...rest,
  numbers: [...numbers].sort((a, b) => (a.kind + a.number).localeCompare(b.kind + b.number)),
});

describe('vCard', () => {
  it.each([
    [
      '2.1 with quoted-printable over several lines',
      card(
        'VERSION:2.1',
        'N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCll=',
        'er;J=C3=B6rg',
        'TEL;CELL:+49171',
      ),
      { lastName: 'Müller', firstName: 'Jörg', numbers: [{ kind: 'mobile', number: '+49171' }] },
    ],
    [
      '2.1 in another character set',
      card('VERSION:2.1', 'FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Citt=E0'),
      { name: 'Città', numbers: [] },
    ],
    [
      '3.0 with groups, folded lines and escapes',
      card(
        'VERSION:3.0',
        'FN:Smith\\, John',
        'item1.TEL;type=WORK;type=FAX:0815',
        'NOTE:one\\ntw',
        ' o',
      ),
      { name: 'Smith, John', note: 'one\ntwo', numbers: [{ kind: 'fax', number: '0815' }] },
    ],
    [
      '4.0 with URIs and quoted types',
      card('VERSION:4.0', 'FN:Maria', 'TEL;VALUE=uri;TYPE="voice,home":tel:+39-06-123;ext=5'),
      { name: 'Maria', numbers: [{ kind: 'home', number: '+39-06-123' }] },
    ],
    [
      'an organisation without a person',
      card('VERSION:3.0', 'ORG:ACME;Sales', 'TEL;TYPE=MAIN:12'),
      { organization: 'ACME, Sales', numbers: [{ kind: 'main', number: '12' }] },
    ],
    [
      'a picture that nobody wants',
      card('VERSION:3.0', 'FN:A', `PHOTO;ENCODING=b:${'QUJD'.repeat(5_000)}`),
      { name: 'A', numbers: [] },
    ],
  ])('reads %s', (_title, text, expected) => {
    expect(only(text)).toEqual(expected);
  });

  it.each(['3.0', '4.0'] as const)('of version %s reads back what was written', (version) => {
    fc.assert(
      fc.property(contact, (given) => {
        const read = checkContact(only(serializeVcard(given, version)) ?? {});
        expect(read.issues).toEqual([]);
        expect(inOrder(read.contact)).toEqual(inOrder(given));
      }),
    );
  });

  it('keeps lines within 75 octets without breaking characters', () => {
    const text = serializeVcard({ name: 'Ж'.repeat(100), numbers: [] }, '4.0');

    expect(
      Math.max(...text.split('\r\n').map((line) => Buffer.byteLength(line))),
    ).toBeLessThanOrEqual(75);
    expect(only(text)?.name).toBe('Ж'.repeat(100));
  });

  it('never throws, and says where a file is cut off', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            'BEGIN:VCARD',
            'END:VCARD',
            'FN:x',
            ' y',
            'TEL;TYPE="a:1',
            ';=:',
            '=\n',
            '\\',
          ),
        ),
        (lines) => {
          expect(() => parseVcards(lines.join('\r\n'))).not.toThrow();
        },
      ),
    );
    expect(parseVcards('BEGIN:VCARD\nFN:x\n').problems).toMatchObject([
      { line: 1, code: 'unreadable' },
    ]);
  });
});

describe('CSV', () => {
  it('reads back what was written, formulas and delimiters included', () => {
    fc.assert(
      fc.property(contact, (given) => {
        const text = `${contactsCsvHeading.join(',')}\r\n${serializeContactRow(given)}`;
        const { contacts, problems } = parseContactsCsv(text);
        expect(problems).toEqual([]);
        expect(inOrder(checkContact(contacts[0]?.values ?? {}).contact)).toEqual(inOrder(given));
      }),
    );
  });

  it('[BAK-022] reads the headings of other systems and passes over columns it does not know', () => {
    const text =
      'Id;Shortcut;NamePrefix;Name;Phone;Mobile;HomeMobile;Organization\n7;12;Dr;Anna;0815;0171|0172;0173;ACME';

    expect(parseContactsCsv(text).contacts[0]?.values).toEqual({
      speedCode: '12',
      name: 'Anna',
      organization: 'ACME',
      numbers: [
        { kind: 'main', number: '0815' },
        { kind: 'mobile', number: '0171' },
        { kind: 'mobile', number: '0172' },
        { kind: 'mobile', number: '0173' },
      ],
    });
  });
});

describe('the plan of an import', () => {
  const stored = {
    id: 1,
    bookId: 'b',
    version: 3,
    name: 'Jörg Müller',
    organization: 'ACME',
    numbers: [{ kind: 'office' as const, number: '1' }],
  };
  const same = {
    name: 'jorg MULLER',
    organization: 'acme',
    email: 'j@acme.example',
    numbers: [{ kind: 'mobile' as const, number: '2' }],
  };
  const contacts = [
    same,
    { name: 'New', speedCode: '9' },
    { name: 'Other', speedCode: '9' },
    { name: 'new', note: 'again' },
  ].map((values, index) => ({ line: index + 2, values }));
  const plan = (policy: 'skip' | 'update' | 'keep-both'): ContactsImportPlan =>
    finish({ contacts, existing: [stored], speedCodes: new Set(), policy }).plan;

  it('leaves duplicates alone, and tells of a speed code that stands twice', () => {
    const { rows, problems, writes } = plan('skip');

    expect(rows.map(({ action }) => action)).toEqual(['skip', 'create', 'error', 'skip']);
    expect(problems).toMatchObject([{ line: 4, field: 'speedCode', code: 'repeated' }]);
    expect(writes).toHaveLength(1);
  });

  it('adds to duplicates what the file knows, taking nothing away', () => {
    const { rows, writes } = plan('update');

    expect(rows.map(({ action }) => action)).toEqual(['update', 'create', 'error', 'update']);
    expect(writes[0]?.after).toMatchObject({
      email: 'j@acme.example',
      numbers: [{ number: '1' }, { number: '2' }],
    });
    expect(writes[1]?.after).toMatchObject({ speedCode: '9', note: 'again' });
  });

  it('takes many turns for many contacts, so that nobody else has to wait for them', () => {
    const many = Array.from({ length: 2_000 }, (_, index) => ({
      line: index + 2,
      values: { name: `Contact ${String(index)}` },
    }));
    const speedCodes = new Set<string>();
    const { plan: planned, turns } = finish({
      contacts: many,
      existing: [],
      speedCodes,
      policy: 'skip',
    });

    expect(planned.writes).toHaveLength(2_000);
    expect(turns).toBeGreaterThanOrEqual(20);
  });

  it('keeps both', () => {
    expect(plan('keep-both').rows.map(({ action }) => action)).toEqual([
      'create',
      'create',
      'error',
      'create',
    ]);
  });
});

function finish(input: ContactsImportInput): {
  readonly plan: ContactsImportPlan;
  readonly turns: number;
} {
  const turns = planContactsImport(input);
  for (let count = 1; ; count += 1) {
    const turn = turns.next();
    if (turn.done === true) {
      return { plan: turn.value, turns: count };
    }
  }
}

describe('folding', () => {
  it.each([
    ['Großmann', 'grossmann'],
    ['  Ødegård   Łukasz ', 'odegard lukasz'],
    ['МАРИЯ Ёлкина', 'мария елкина'],
    ['Città', 'citta'],
    ['ＡＢＣ', 'abc'],
  ])('%s is found as %s', (text, folded) => {
    expect(foldName(text)).toBe(folded);
  });

  it('knows the other spelling of umlauts', () => {
    expect(foldGerman('Jörg Müller')).toBe('joerg mueller');
    expect(foldGerman('Rossi')).toBeUndefined();
  });
});
