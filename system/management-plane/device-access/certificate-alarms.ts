/**
 * Somebody used a device's certificate to ask for another device's files: it was taken out of a device,
 * or a maker gave two the same. Shown for an hour, and in the audit trail for good.
 */
import type { EventNote } from '../event-note.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import { systemActor } from '../actor.ts';

/** A certificate of one device used for another one. */
export interface CertificateMisuse {
  readonly source: string;
  /** The device of the certificate; undefined when no MAC stands in it. */
  readonly owner: string | undefined;
  /** The device whose file was asked for. */
  readonly claimed: string | undefined;
  readonly subject: string;
}

export interface CertificateAlarm extends CertificateMisuse {
  readonly atMs: number;
}

export interface CertificateAlarmsOptions {
  readonly audit: Pick<AuditLog, 'record'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onProblem: (sentence: string | undefined) => void;
}

const shownMs = 3_600_000;
const maximumShown = 100;
/** The same misuse again within this time is one alarm: phones ask every few seconds. */
const sameMs = 600_000;

export class CertificateAlarms {
  readonly #options: CertificateAlarmsOptions;
  #alarms: readonly CertificateAlarm[] = [];

  constructor(options: CertificateAlarmsOptions) {
    this.#options = options;
  }

  /** Newest last. */
  get shown(): readonly CertificateAlarm[] {
    const sinceMs = this.#options.clock.wallMs() - shownMs;
    this.#alarms = this.#alarms.filter(({ atMs }) => atMs > sinceMs);
    return this.#alarms;
  }

  readonly note = (misuse: CertificateMisuse): void => {
    const { clock, logger, audit, onProblem } = this.#options;
    const atMs = clock.wallMs();
    const isKnown = this.shown.some(
      (alarm) =>
        atMs - alarm.atMs < sameMs &&
        alarm.source === misuse.source &&
        alarm.owner === misuse.owner &&
        alarm.claimed === misuse.claimed,
    );
    if (isKnown) {
      return;
    }
    const subject = misuse.subject.replace(/\p{Cc}+/gu, ', ').slice(0, 200);
    this.#alarms = [...this.#alarms, { ...misuse, subject, atMs }].slice(-maximumShown);
    const detail = describe({ ...misuse, subject });
    logger.warn('The certificate of a device was misused', { ...misuse, subject });
    onProblem(detail);
    clock.schedule(shownMs, () => {
      onProblem(this.shown.length === 0 ? undefined : describe(this.shown.at(-1) ?? misuse));
    });
    void audit.record({
      action: 'device-certificate-misused',
      actor: systemActor,
      isSuccess: false,
      address: misuse.source,
      notes: toNotes({ ...misuse, subject }),
    });
  };
}

function describe({ source, owner, claimed, subject }: CertificateMisuse): string {
  const whose = owner === undefined ? `that names no device (${subject})` : `of ${owner}`;
  const what = claimed === undefined ? 'a file' : `the files of ${claimed}`;
  return `${source} asked with the certificate ${whose} for ${what}.`;
}

function toNotes({ source, owner, claimed, subject }: CertificateMisuse): EventNote[] {
  return [
    owner === undefined
      ? { code: 'certificate-of-nobody', facts: { source, subject } }
      : { code: 'certificate-of-device', facts: { source, owner } },
    ...(claimed === undefined ? [] : [{ code: 'files-wanted', facts: { mac: claimed } } as const]),
  ];
}
