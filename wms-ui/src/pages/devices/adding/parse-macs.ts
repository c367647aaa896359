/** MAC addresses as people type, paste and scan them, any number in one text. Pure. */
export interface ParsedMacs {
  /** In the inner spelling, each once, in the order of the text. */
  readonly macs: readonly string[];
  /** Words that are no MAC address. */
  readonly wrong: readonly string[];
}

/** Separated by blanks, commas, semicolons or line ends; `:`, `-` and `.` inside do not matter. */
export function parseMacs(text: string): ParsedMacs {
  const macs = new Set<string>();
  const wrong: string[] = [];
  for (const word of text.split(/[\s,;]+/)) {
    if (word === '') {
      continue;
    }
    const digits = word.toLowerCase().replaceAll(/[:.-]/g, '');
    if (/^[0-9a-f]{12}$/.test(digits)) {
      macs.add(digits);
    } else {
      wrong.push(word);
    }
  }
  return { macs: [...macs], wrong };
}
