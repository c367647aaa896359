import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { languages } from '../../../../wms-ui/src/lib/i18n/language.ts';
import { ServerTexts, type ServerTextTable } from '../../../../wms-ui/src/lib/i18n/server-texts.ts';
import { readServerSentences } from './server-sentences.ts';

const directory = resolve(import.meta.dirname, '../../../../wms-ui/src/lib/i18n');

function readTable(language: string): ServerTextTable {
  const text = readFileSync(`${directory}/${language}.server.json`, 'utf8');
  return JSON.parse(text) as ServerTextTable;
}

describe('sentences of the server', () => {
  test.each(languages.filter((language) => language !== 'en'))('are all told in %s', (language) => {
    const table = readTable(language);
    const untold = [...readServerSentences()].filter(([sentence]) => !(sentence in table));
    expect(untold).toEqual([]);
  });

  test('fill in what the English sentence has, in the order of the language', () => {
    const texts = new ServerTexts({ '{} asks {} for {}.': '{0} chiede {2} a {1}.' });
    expect(texts.tell('Anna asks Bruno for (a) $1 reason.')).toBe(
      'Anna chiede (a) $1 reason a Bruno.',
    );
  });

  test.each([
    ['101 is taken by Mario Rossi (102)', '101 è già di Mario Rossi (102)'],
    [
      'Yealink: The service was asked too often.',
      'Yealink: Il servizio è stato interpellato troppo spesso.',
    ],
    [
      'TFTP does not work: UDP port 69 on 10.0.0.1 cannot be opened: EADDRINUSE.\nFirst start',
      'TFTP non funziona: La porta UDP 69 su 10.0.0.1 non si può aprire: EADDRINUSE.\nPrimo avvio',
    ],
    [
      '10.0.0.7 asked with the certificate of 00156500aa01 for the files of 00156500aa02.',
      '10.0.0.7 ha chiesto i file di 00156500aa02 con il certificato di 00156500aa01.',
    ],
    ['Because the boss said so', 'Because the boss said so'],
  ])('tell %j as %j', (english, italian) => {
    expect(new ServerTexts(readTable('it')).tell(english)).toBe(italian);
  });
});
