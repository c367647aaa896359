/** Visible text on one line, without blanks around it. Browser-safe. */
import { z } from 'zod';

export function lineOfText(maxCharacters: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(maxCharacters)
    .regex(/^\P{Cc}*$/u, 'must not contain control characters');
}
