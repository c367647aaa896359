/** Hands a file to the browser's downloads. */
export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken the content by the next turn; keeping it would fill the memory.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 10_000);
}

/** `campanile-users-2026-03-01.csv` */
export function datedName(stem: string, extension: string, now: Date): string {
  return `campanile-${stem}-${now.toISOString().slice(0, 10)}.${extension}`;
}
