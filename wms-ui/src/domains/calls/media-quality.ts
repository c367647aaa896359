/** How an estimate of audio quality reads to people. */
export type QualityGrade = 'good' | 'warning' | 'danger';

/** Mean opinion score (ITU-T P.800): from 4.0 people are satisfied, below 3.1 many are not. */
export function gradeMos(mos: number): QualityGrade {
  if (mos >= 4) {
    return 'good';
  }
  return mos >= 3.1 ? 'warning' : 'danger';
}

/** Share of the packets that should have come; 0 when there were none. */
export function lossRatio(lost: number, passed: number): number {
  const expected = lost + passed;
  return expected <= 0 ? 0 : Math.max(0, lost) / expected;
}
