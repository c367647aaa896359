/** Why a rollout is halted, in a sentence of the page's language. */
import type { Rollout } from '../../../../system/management-plane/api/routes/firmware/schema.ts';
import { i18n, t } from '../../lib/i18n/i18n.svelte.ts';

export function describeHalt({
  figures,
  sentence,
}: Pick<NonNullable<Rollout['halt']>, 'figures' | 'sentence'>): string {
  switch (figures?.cause) {
    case undefined:
      return sentence;
    case 'administrator':
      return t('firmware.halt.administrator', { name: figures.name });
    case 'lost': {
      const parts = (['missing', 'notBack', 'oldVersion', 'refused'] as const)
        .filter((part) => figures[part] > 0)
        .map((part) => t(`firmware.halt.${part}`, { count: figures[part] }));
      const { lost, tried, step } = figures;
      return t('firmware.halt.lost', { lost, tried, step, parts: parts.join(', ') });
    }
    case 'audio':
      return t('firmware.halt.audio', {
        mosBefore: i18n.score(figures.mosBefore),
        callsBefore: figures.callsBefore,
        mosAfter: i18n.score(figures.mosAfter),
        callsAfter: figures.callsAfter,
      });
  }
}
