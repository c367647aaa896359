/** What an entry of the audit log or of a device's history says, in the language of the page. */
import type { z } from 'zod';
import type { eventNoteSchema } from '../../../../system/management-plane/api/wire/event-note.ts';
import type { Rollout } from '../../../../system/management-plane/api/routes/firmware/schema.ts';
import { i18n, t } from '../../lib/i18n/i18n.svelte.ts';
import { meaningOfStatus } from '../device-sync/sync-answer.ts';
import { describeHalt } from './describe-halt.ts';

type EventNote = z.infer<typeof eventNoteSchema>;
type Facts = EventNote['facts'];
type HaltFigures = NonNullable<Rollout['halt']>['figures'];

/** Facts that are codes themselves: the beginning of the keys of their texts, by note and fact. */
const factTexts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'sync-outcome': { outcome: 'devices.syncOutcome' },
  'redirection-outcome': { outcome: 'redirection.state' },
  'firmware-reason': { reason: 'firmware.reason' },
  'login-verdict': { verdict: 'note.verdict' },
  'too-many-failures': { whose: 'note.failuresOf' },
  token: { role: 'user.role.value' },
};

/** The English text of the server where an entry is older than its notes. */
export function describeEvent({
  detail,
  notes,
}: {
  readonly detail: string;
  readonly notes: readonly EventNote[];
}): string {
  return notes.length === 0 ? i18n.serverText(detail) : notes.map(describeNote).join(', ');
}

/** The appliance itself has a name in each language; people have their own. */
export function nameOfActor(kind: string, name: string): string {
  return kind === 'system' ? t('actor.system') : name;
}

function describeNote({ code, facts }: EventNote): string {
  if (code === 'rollout-halt') {
    return describeHalt({ figures: toFigures(facts), sentence: String(facts['sentence']) });
  }
  if (code === 'sync-status') {
    const status = Number(facts['status']);
    const text = t(`devices.syncAnswer.${meaningOfStatus(status)}`);
    return status < 300
      ? t('note.sync-status', { status })
      : t('devices.syncStatus', { text, status: String(status) });
  }
  const told = Object.entries(facts).map(([name, value]): [string, string | number] => {
    const group = factTexts[code]?.[name];
    const text = group === undefined ? undefined : i18n.find(`${group}.${String(value)}`);
    return [name, text ?? (typeof value === 'string' ? i18n.serverText(value) : value)];
  });
  return t(`note.${code}`, Object.fromEntries(told));
}

function toFigures(facts: Facts): HaltFigures {
  const figure = (name: string): number => Number(facts[name]);
  switch (facts['cause']) {
    case 'administrator':
      return { cause: 'administrator', name: String(facts['name']) };
    case 'lost':
      return {
        cause: 'lost',
        step: figure('step'),
        tried: figure('tried'),
        lost: figure('lost'),
        missing: figure('missing'),
        notBack: figure('notBack'),
        oldVersion: figure('oldVersion'),
        refused: figure('refused'),
      };
    case 'audio':
      return {
        cause: 'audio',
        mosBefore: figure('mosBefore'),
        callsBefore: figure('callsBefore'),
        mosAfter: figure('mosAfter'),
        callsAfter: figure('callsAfter'),
      };
    case undefined:
    default:
      return undefined;
  }
}
