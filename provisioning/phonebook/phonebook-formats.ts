/**
 * Remote phonebooks in the XML of each vendor. A vendor whose phones fetch the whole book gets it up to
 * the size that its phones take; one whose phones turn pages or ask the server to search gets pages.
 */
import {
  readCount,
  readText,
  type EntryNumberKind,
  type PhonebookEntry,
  type PhonebookFormat,
  type PhonebookPage,
  type PhonebookQuery,
} from './phonebook-page.ts';
import { element, toXmlText, xmlDeclaration } from './xml-text.ts';

const xml = 'text/xml; charset=utf-8';

/** Entries that phones of the vendor take in one answer. */
const wholeBook = {
  yealink: 5_000,
  grandstream: 2_000,
  fanvil: 2_000,
  'snom-m': 1_000,
  wp4x0: 2_000,
};

const maximumPage = 200;

/** By id of the vendor. */
export const phonebookFormats: ReadonlyMap<string, PhonebookFormat> = new Map([
  ['yealink', toDirectory('YealinkIPPhoneDirectory', wholeBook.yealink)],
  ['fanvil', toDirectory('FanvilIPPhoneDirectory', wholeBook.fanvil)],
  ['wp4x0', toDirectory('AkuvoxIPPhoneDirectory', wholeBook.wp4x0)],
  ['snom-m', toDirectory('IPPhoneDirectory', wholeBook['snom-m'], writeTypedNumbers)],
  ['w-air', toDirectory('IPPhoneDirectory', wholeBook['snom-m'], writeTypedNumbers)],
  [
    'grandstream',
    { contentType: xml, read: readWhole(wholeBook.grandstream), write: writeAddressBook },
  ],
  ['snom', toMenu('SnomIPPhone', 50)],
  ['cisco-spa', toMenu('CiscoIPPhone', 32)],
  ['cisco-mpp', toMenu('CiscoIPPhone', 32)],
  ['gigaset', { contentType: xml, read: readGigaset, write: writeGigaset }],
  [
    'poly',
    { contentType: 'text/html; charset=utf-8', read: readPage(25), write: writeBrowserPage },
  ],
]);

/** Phones that show several books, each by its own address; the others get one with everything. */
export const severalBooks: ReadonlySet<string> = new Set(['yealink', 'fanvil', 'wp4x0']);

function readWhole(limit: number) {
  return (parameters: URLSearchParams): PhonebookQuery => ({
    search: readText(parameters, 'search', 'q'),
    number: '',
    offset: 0,
    limit,
  });
}

function readPage(pageSize: number) {
  return (parameters: URLSearchParams): PhonebookQuery => ({
    search: readText(parameters, 'search', 'q'),
    number: '',
    offset: readCount(parameters, 'first', 0),
    limit: pageSize,
  });
}

/** `<DirectoryEntry>` with a name and its numbers. */
function toDirectory(
  root: string,
  limit: number,
  writeNumbers: (entry: PhonebookEntry) => readonly string[] = writePlainNumbers,
): PhonebookFormat {
  return {
    contentType: xml,
    read: readWhole(limit),
    write: ({ entries }) =>
      [
        `${xmlDeclaration}<${root}>`,
        ...entries.map((entry) =>
          [
            '<DirectoryEntry>',
            element('Name', entry.name),
            ...writeNumbers(entry),
            '</DirectoryEntry>',
          ].join(''),
        ),
        `</${root}>`,
        '',
      ].join('\n'),
  };
}

function writePlainNumbers({ numbers }: PhonebookEntry): readonly string[] {
  return numbers.slice(0, 3).map(({ number }) => element('Telephone', number));
}

/** Bases of Snom show three kinds, each once. */
function writeTypedNumbers({ numbers }: PhonebookEntry): readonly string[] {
  const first = (...kinds: readonly EntryNumberKind[]): string =>
    numbers.find(({ kind }) => kinds.includes(kind))?.number ?? '';
  return [
    element('Telephone', first('home', 'other')),
    element('Office', first('office')),
    element('Mobile', first('mobile')),
  ];
}

/** Grandstream's downloadable phonebook. */
function writeAddressBook({ entries }: PhonebookPage): string {
  const type: Readonly<Record<EntryNumberKind, string>> = {
    office: 'Work',
    mobile: 'Cell',
    home: 'Home',
    other: 'Work',
  };
  return [
    `${xmlDeclaration}<AddressBook>`,
    '<version>1</version>',
    ...entries.map((entry) => {
      const { firstName, lastName, name } = entry;
      const hasParts = firstName !== undefined || lastName !== undefined;
      return [
        '<Contact>',
        element('id', entry.id),
        element('FirstName', hasParts ? (firstName ?? '') : name),
        element('LastName', lastName ?? ''),
        ...entry.numbers
          .slice(0, 3)
          .map(
            ({ kind, number }) =>
              `<Phone type="${type[kind]}">${element('phonenumber', number)}${element('accountindex', '1')}</Phone>`,
          ),
        ...(entry.organization === undefined ? [] : [element('Company', entry.organization)]),
        '</Contact>',
      ].join('');
    }),
    '</AddressBook>',
    '',
  ].join('\n');
}

/** Pages with soft keys, and a form that asks for a name: Cisco's objects, which Snom follows. */
function toMenu(prefix: 'SnomIPPhone' | 'CiscoIPPhone', pageSize: number): PhonebookFormat {
  return {
    contentType: xml,
    read: readPage(pageSize),
    write: (page) =>
      page.query.search === '?' ? writeInput(prefix, page) : writeMenuPage(prefix, page),
  };
}

function writeMenuPage(prefix: string, page: PhonebookPage): string {
  const { title, entries, query, total, addressOf, words } = page;
  const keep: Readonly<Record<string, string>> =
    query.search === '' ? {} : { search: query.search };
  const last = query.offset + entries.length;
  const keys = [{ name: words.search, url: addressOf({ search: '?' }) }];
  if (query.offset > 0) {
    const first = String(Math.max(0, query.offset - query.limit));
    keys.push({ name: words.previous, url: addressOf({ ...keep, first }) });
  }
  if (last < total) {
    keys.push({ name: words.next, url: addressOf({ ...keep, first: String(last) }) });
  }
  const prompt =
    total === 0 ? words.nothing : `${String(query.offset + 1)}-${String(last)} / ${String(total)}`;
  return [
    `${xmlDeclaration}<${prefix}Directory>`,
    element('Title', title),
    element('Prompt', prompt),
    ...entries
      .flatMap((entry) =>
        entry.numbers.map(({ number }, index) => ({
          name: index === 0 ? entry.name : `${entry.name} (${String(index + 1)})`,
          number,
        })),
      )
      // One entry per number; what goes beyond the page is on nobody's screen.
      .slice(0, query.limit * 2)
      .map(
        ({ name, number }) =>
          `<DirectoryEntry>${element('Name', name)}${element('Telephone', number)}</DirectoryEntry>`,
      ),
    ...writeSoftKeys(prefix, page, keys),
    `</${prefix}Directory>`,
    '',
  ].join('\n');
}

function writeSoftKeys(
  prefix: string,
  { words }: PhonebookPage,
  keys: readonly { readonly name: string; readonly url: string }[],
): string[] {
  if (prefix === 'SnomIPPhone') {
    return keys.map(
      ({ name, url }, index) =>
        `<SoftKeyItem>${element('Name', `F${String(index + 1)}`)}${element('Label', name)}${element('URL', url)}</SoftKeyItem>`,
    );
  }
  return [{ name: words.dial, url: 'SoftKey:Dial' }, ...keys].map(
    ({ name, url }, index) =>
      `<SoftKeyItem>${element('Name', name)}${element('URL', url)}${element('Position', String(index + 1))}</SoftKeyItem>`,
  );
}

function writeInput(prefix: string, { title, addressOf, words }: PhonebookPage): string {
  return [
    `${xmlDeclaration}<${prefix}Input>`,
    element('Title', title),
    element('Prompt', words.search),
    element('URL', addressOf({})),
    '<InputItem>',
    element('DisplayName', words.name),
    element('QueryStringParam', 'search'),
    '<DefaultValue/>',
    element('InputFlags', 'A'),
    '</InputItem>',
    `</${prefix}Input>`,
    '',
  ].join('\n');
}

/**
 * Gigaset's online directory: `command=get_list&type=pb` with a pattern per field, `*` for any; bases ask
 * with a number in `hm` for the name of a caller.
 */
function readGigaset(parameters: URLSearchParams): PhonebookQuery {
  const first = Math.max(1, readCount(parameters, 'first', 1));
  const count = Math.max(1, readCount(parameters, 'count', 20));
  const words = ['ln', 'fn', 'nn', 'ct'].map((name) => readText(parameters, name));
  return {
    search: words.filter((word) => word !== '').join(' '),
    number: readText(parameters, 'hm', 'mb', 'sip'),
    offset: first - 1,
    limit: Math.min(count, maximumPage),
  };
}

function writeGigaset({ entries, query, total }: PhonebookPage): string {
  if (entries.length === 0) {
    const asked = query.number === '' ? 'ln' : 'hm';
    return `${xmlDeclaration}<list response="get_list" type="pb" notfound="${asked}" total="0"/>\n`;
  }
  const last = query.offset + entries.length;
  return [
    `${xmlDeclaration}<list response="get_list" type="pb" total="${String(total)}" first="${String(query.offset + 1)}" last="${String(last)}">`,
    ...entries.map((entry) => {
      const first = (...kinds: readonly EntryNumberKind[]): string | undefined =>
        entry.numbers.find(({ kind }) => kinds.includes(kind))?.number;
      const office = first('office', 'other');
      const fields: readonly (readonly [string, string | undefined])[] = [
        ['ln', entry.lastName ?? entry.name],
        ['fn', entry.lastName === undefined ? undefined : entry.firstName],
        ['hm', first('home') ?? office],
        ['mb', first('mobile')],
        ['of', office],
      ];
      const written = fields.flatMap(([name, text]) =>
        text === undefined ? [] : [element(name, text)],
      );
      return `<entry id="${toXmlText(entry.id)}">${written.join('')}</entry>`;
    }),
    '</list>',
    '',
  ].join('\n');
}

/** The browser of Poly phones: XHTML with `tel:` links. */
function writeBrowserPage({
  title,
  entries,
  query,
  total,
  addressOf,
  words,
}: PhonebookPage): string {
  const last = query.offset + entries.length;
  const keep: Readonly<Record<string, string>> =
    query.search === '' ? {} : { search: query.search };
  const link = (text: string, parameters: Readonly<Record<string, string>>): string =>
    `<p><a href="${toXmlText(addressOf(parameters))}">${toXmlText(text)}</a></p>`;
  return [
    `${xmlDeclaration}<html xmlns="http://www.w3.org/1999/xhtml">`,
    `<head>${element('title', title)}</head>`,
    '<body>',
    `<form method="get" action="${toXmlText(addressOf({}))}"><p>${toXmlText(words.name)} <input type="text" name="search" value="${toXmlText(query.search)}"/> <input type="submit" value="${toXmlText(words.search)}"/></p></form>`,
    ...(entries.length === 0 ? [element('p', words.nothing)] : []),
    ...entries.map((entry) => {
      const numbers = entry.numbers.map(
        ({ number }) => `<a href="tel://${encodeURIComponent(number)}">${toXmlText(number)}</a>`,
      );
      return `<p>${toXmlText(entry.name)} ${numbers.join(' ')}</p>`;
    }),
    ...(query.offset > 0
      ? [link(words.previous, { ...keep, first: String(Math.max(0, query.offset - query.limit)) })]
      : []),
    ...(last < total ? [link(words.next, { ...keep, first: String(last) })] : []),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
