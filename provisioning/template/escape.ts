/**
 * Escaping of values by file format. Whatever a value holds, it stays inside its line and, in XML,
 * inside its element or attribute: control characters and every Unicode line separator become
 * spaces before anything else.
 */

/**
 * `plain`: `key = value`, `key: value`, `key$: value`; the formats have no escapes of their own.
 * `quoted`: `key: "value"`, where nothing can stand for a quotation mark.
 * `properties`: those of Java, ASCII with `\` before what has a meaning.
 */
export type Escaping = 'plain' | 'quoted' | 'xml' | 'properties';

/** Most values are of these characters alone, which every format takes as they are. */
const plainText = /^[\w .:/@+*=,()-]*$/;
const unsafeInLine = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const everyUnsafeInLine = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
/** Characters that XML 1.0 §2.2 forbids even as references: lone surrogates and two non-characters. */
const everyForbiddenInXml =
  /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|[\ufffe\uffff]/g;
const everyEscapedInProperties = /[\\\u0080-\uffff]/g;
const xmlMarkup = /[&<>"']/;
const everyXmlMarkup = /[&<>"']/g;
const xmlReferences: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

export function escapeValue(value: string, escaping: Escaping): string {
  if (plainText.test(value)) {
    return value;
  }
  const line = unsafeInLine.test(value) ? value.replace(everyUnsafeInLine, ' ') : value;
  if (escaping === 'plain') {
    return line.isWellFormed() ? line : line.toWellFormed();
  }
  if (escaping === 'quoted') {
    return line.toWellFormed().replaceAll('"', "'");
  }
  if (escaping === 'properties') {
    return line
      .toWellFormed()
      .replace(everyEscapedInProperties, (unit) =>
        unit === '\\' ? '\\\\' : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
  }
  const text = line.replace(everyForbiddenInXml, '');
  return xmlMarkup.test(text)
    ? text.replace(everyXmlMarkup, (character) => xmlReferences[character] ?? '')
    : text;
}
