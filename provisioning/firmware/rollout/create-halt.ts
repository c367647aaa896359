/** A halt from what it rests on, with the sentence that log, alarm and audit log tell. Pure. */
import type { Halt, HaltFigures } from './rollout.ts';

export function createHalt(figures: HaltFigures, atMs: number): Halt {
  return { cause: figures.cause, figures, sentence: describe(figures), atMs };
}

function describe(figures: HaltFigures): string {
  switch (figures.cause) {
    case 'administrator':
      return `${figures.name} halted it.`;
    case 'lost': {
      const { step, tried, lost, missing, notBack, oldVersion, refused } = figures;
      const parts = [
        count(missing, 'updated and then not registered any more'),
        count(notBack, 'not back in time'),
        count(oldVersion, 'still on another version'),
        count(refused, 'refused to update'),
      ].filter((part) => part !== '');
      return `Lost ${lost} of ${tried} told to update in step ${step}: ${parts.join(', ')}.`;
    }
    case 'audio': {
      const { mosBefore, callsBefore, mosAfter, callsAfter } = figures;
      return `Audio of updated devices fell from ${mosBefore.toFixed(2)} (${callsBefore} calls) to ${mosAfter.toFixed(2)} (${callsAfter} calls).`;
    }
  }
}

function count(devices: number, words: string): string {
  return devices === 0 ? '' : `${devices} ${words}`;
}
