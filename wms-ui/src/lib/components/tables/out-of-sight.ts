/** Finds what a table has no room for. */

/** Tells whether there is more at the right of what scrolls; the returned function ends it. */
export function watchWidth(frame: HTMLElement, tell: (hasMore: boolean) => void): () => void {
  const look = (): void => {
    tell(frame.scrollWidth - frame.clientWidth - frame.scrollLeft > 1);
  };
  const observer = new ResizeObserver(look);
  observer.observe(frame);
  for (const child of frame.children) {
    observer.observe(child);
  }
  frame.addEventListener('scroll', look, { passive: true });
  return () => {
    observer.disconnect();
    frame.removeEventListener('scroll', look);
  };
}

/** A cell that is cut short can be read by pointing at it. */
export function tellWhole(event: PointerEvent): void {
  const cell = event.target instanceof Element ? event.target.closest('td') : null;
  if (cell?.querySelector('[title], button') !== null) {
    return;
  }
  if (cell.scrollWidth > cell.clientWidth) {
    cell.title = cell.innerText.trim();
  } else {
    cell.removeAttribute('title');
  }
}
