/** How text is compared in searches and lists: without case and without accents. */

/** Words of a search beyond these are ignored. */
const maxSearchWords = 8;

export function foldForSearch(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}

/** The words of a search; every one has to occur. */
export function toSearchWords(search: string | undefined): string[] {
  return foldForSearch(search ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, maxSearchWords);
}

/** Sorts 99 before 101, numbers before other extensions, and none last. */
export function toExtensionOrder(extension: string | undefined): string {
  if (extension === undefined) {
    return '~';
  }
  return /^[0-9]+$/.test(extension) ? extension.padStart(21, '0') : `:${extension}`;
}
