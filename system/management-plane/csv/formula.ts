/**
 * Cells that a spreadsheet would run instead of showing. Names come over SIP and from imports, so
 * none may begin like a formula; an apostrophe before it says that it is text.
 */
/** Also of a text that only looks neutralised, so that reading back gives exactly what was written. */
const formulaStart = /^'*[=+\-@\t\r]/;
const neutralisedStart = /^'+[=+\-@\t\r]/;

export function neutraliseFormula(text: string): string {
  return formulaStart.test(text) ? `'${text}` : text;
}

/** The text before it was neutralised, for reading back what was exported. */
export function restoreFormula(text: string): string {
  return neutralisedStart.test(text) ? text.slice(1) : text;
}
