/**
 * A DECT system: one base, or several that handsets roam between. One of them, the data master, gets
 * the handsets' accounts; the others have them from it. Browser-safe.
 */
import { z } from 'zod';
import { findSyncIssues } from './dect-sync-tree.ts';
import { Entity, type DocumentOf } from './entity.ts';
import { defaultedField, optionalField, requiredField } from './field.ts';
import { lineOfText } from './line-of-text.ts';
import type { ValidationIssue } from './validation-issue.ts';

const administrators = ['superadmin', 'admin'] as const;

/** - `automatic`: the bases find their sources by air themselves
 *  - `planned`: by air, each from the source named here
 *  - `lan`: by the network (PTP, IEEE 1588) */
export const dectSyncKinds = ['automatic', 'planned', 'lan'] as const;
export type DectSyncKind = (typeof dectSyncKinds)[number];

/** Bases of one system, by the way of synchronisation. */
export const maximumBases: Readonly<Record<DectSyncKind, number>> = {
  automatic: 250,
  planned: 250,
  lan: 4000,
};

const mac = z.string().regex(/^[0-9a-f]{12}$/, 'must be 12 hexadecimal digits in lower case');

export const dectBaseSchema = z.strictObject({
  /** Of a device in the list of devices. */
  mac,
  /** Where it hangs. */
  name: lineOfText(40).optional(),
  syncSource: mac.optional(),
  alternateSource: mac.optional(),
  /** How strongly it hears its source, as measured at the site. */
  signalDbm: z.int().min(-110).max(-20).optional(),
});

const dectSystemFields = {
  name: requiredField(lineOfText(60), {
    label: 'Name',
    help: 'Shown in lists and on the pages of the bases.',
    changeableBy: administrators,
  }),
  comment: optionalField(lineOfText(200), {
    label: 'Comment',
    help: 'The site, or whatever else identifies it.',
    changeableBy: administrators,
  }),
  bases: defaultedField(z.array(dectBaseSchema).max(maximumBases.lan), [], {
    label: 'Bases',
    help: 'Base stations; each belongs to one system only.',
    changeableBy: administrators,
  }),
  dataMaster: optionalField(mac, {
    label: 'Data master',
    help: 'The base, or DECT manager, that gets the accounts of the handsets.',
    changeableBy: administrators,
  }),
  sync: defaultedField(z.enum(dectSyncKinds), 'automatic', {
    label: 'Synchronisation',
    help: 'How several bases keep the same time, so that calls move from one to the next. A single base needs none.',
    changeableBy: administrators,
  }),
  chainId: optionalField(z.int().min(100).max(99_999), {
    label: 'Chain id',
    help: 'By this number the bases of a system know each other. A free one is chosen when it is empty; no extension may have it.',
    changeableBy: administrators,
  }),
  accessCode: optionalField(z.string().max(2000).startsWith('sealed.'), {
    label: 'Access code',
    help: 'Four digits that a handset subscribes with; random, stored sealed.',
    changeableBy: administrators,
    isSecret: true,
    isSealed: true,
  }),
};

export type DectBase = z.infer<typeof dectBaseSchema>;
export type DectSystem = DocumentOf<typeof dectSystemFields>;

export const dectSystemEntity = new Entity('dect-system', dectSystemFields, checkDectSystem);

function checkDectSystem({ bases, dataMaster, sync }: DectSystem): ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  const seen = new Set<string>();
  for (const [index, base] of bases.entries()) {
    if (seen.has(base.mac)) {
      const path = `bases.${index.toString()}.mac`;
      issues.push({ path, code: 'repeated', message: `${base.mac} is given twice` });
    }
    seen.add(base.mac);
  }
  if (dataMaster === undefined && bases.length > 0) {
    const message = 'one of the bases is the data master';
    issues.push({ path: 'dataMaster', code: 'missing', message });
  } else if (dataMaster !== undefined && !seen.has(dataMaster)) {
    const message = `${dataMaster} is no base of this system`;
    issues.push({ path: 'dataMaster', code: 'contradiction', message });
  }
  if (bases.length > maximumBases[sync]) {
    const message = `${maximumBases[sync].toString()} bases at most`;
    issues.push({ path: 'bases', code: 'invalid-value', message });
  }
  if (sync === 'planned') {
    return [...issues, ...findSyncIssues(bases)];
  }
  for (const [index, base] of bases.entries()) {
    for (const field of ['syncSource', 'alternateSource'] as const) {
      if (base[field] !== undefined) {
        const path = `bases.${index.toString()}.${field}`;
        const message = 'sources are named only where the tree is planned';
        issues.push({ path, code: 'contradiction', message });
      }
    }
  }
  return issues;
}
