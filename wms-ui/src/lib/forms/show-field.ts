/** Takes the user to a field that a link names. */

/** Nothing happens where no such field is shown. */
export function showField(name: string): void {
  const field = document.querySelector<HTMLElement>(`[data-field="${CSS.escape(name)}"]`);
  field?.scrollIntoView({ block: 'center' });
  field?.querySelector<HTMLElement>('input, select')?.focus({ preventScroll: true });
}
