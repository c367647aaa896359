import { expect, test } from 'vitest';
import { gradeMos, lossRatio } from '../../../../../wms-ui/src/domains/calls/media-quality.ts';

test.each([
  [4.4, 'good'],
  [4, 'good'],
  [3.9, 'warning'],
  [3.1, 'warning'],
  [3, 'danger'],
  [1, 'danger'],
])('a mean opinion score of %d is %s', (mos, grade) => {
  expect(gradeMos(mos)).toBe(grade);
});

test.each([
  [0, 0, 0],
  [5, 95, 0.05],
  // RTCP counts duplicates as negative loss (RFC 3550 §6.4.1).
  [-3, 100, 0],
])('%i lost beside %i received are a share of %d', (lost, passed, ratio) => {
  expect(lossRatio(lost, passed)).toBe(ratio);
});
