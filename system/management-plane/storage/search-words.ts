/** What someone typed into a search field, as words; a bounded number of them. */
const maximumWords = 8;

export function wordsOf(search: string | undefined): string[] {
  return (search ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, maximumWords);
}
