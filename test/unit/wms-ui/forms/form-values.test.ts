import { describe, expect, test } from 'vitest';
import {
  changedFields,
  contestedFields,
  parseWords,
  pickChanges,
  toChanges,
} from '../../../../wms-ui/src/lib/forms/form-values.ts';

const saved = { name: 'Anna', email: 'a@b.it', aliases: ['200'], enabled: true, login: undefined };

describe('the changes of a form', () => {
  test.each([
    ['nothing', { ...saved }, {}],
    ['an empty text where there was none', { ...saved, login: '' }, {}],
    ['an equal list', { ...saved, aliases: ['200'] }, {}],
    ['a text', { ...saved, name: 'Anna R' }, { name: 'Anna R' }],
    ['a text taken away', { ...saved, email: '' }, { email: null }],
    ['a list', { ...saved, aliases: ['200', '201'] }, { aliases: ['200', '201'] }],
    ['a list in another order', { ...saved, aliases: [] }, { aliases: [] }],
    ['a switch', { ...saved, enabled: false }, { enabled: false }],
  ])('name only what differs: %s', (_what, edited, changes) => {
    expect(toChanges(saved, edited)).toEqual(changes);
    expect(changedFields(saved, edited)).toEqual(Object.keys(changes));
  });

  test('[USR-003] of several users name only the fields that were ticked', () => {
    const edited = { role: 'user', department: '', language: 'it' };
    expect(pickChanges(edited, ['department', 'language'])).toEqual({
      department: null,
      language: 'it',
    });
  });

  test.each([
    ['nobody else changed anything', saved, []],
    ['someone else changed another field', { ...saved, email: 'b@example.org' }, []],
    ['someone else changed it to the same', { ...saved, name: 'Anna R' }, []],
    ['someone else changed it to something else', { ...saved, name: 'Anne' }, ['name']],
  ])('an edited field is contested or not: %s', (_what, newest, contested) => {
    expect(contestedFields(saved, { ...saved, name: 'Anna R' }, newest)).toEqual(contested);
  });

  test('[USR-023] aliases are separated by blanks', () => {
    expect(parseWords('  200  +39041555\n anna;  bruno, ')).toEqual([
      '200',
      '+39041555',
      'anna',
      'bruno',
    ]);
  });
});
