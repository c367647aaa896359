/** Visible text on one line, without blanks around it. Browser-safe. */
import { z } from 'zod';

export function lineOfText(maxCharacters: number) {
  return (
    z
      .string()
      .trim()
      .min(1)
      .max(maxCharacters)
      // Nor those that turn the direction of what follows: a name could show as another.
      .regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u, 'must not contain control characters')
  );
}
