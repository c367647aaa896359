/**
 * What scrolls is reached with the keyboard (WCAG 2.1.1): while there is more than is seen and nothing in
 * it takes the focus, it takes the focus itself, so that arrow keys and Page Down move it.
 */

const focusable =
  ':is(a[href], button, input, select, textarea, summary):not(:disabled), [tabindex]';

/** An attachment; `label` names it for screen readers while it takes the focus. */
export function scrollByKeys(label: () => string): (element: HTMLElement) => () => void {
  return (element) => {
    const look = (): void => {
      const isScrolled =
        element.scrollHeight > element.clientHeight + 1 ||
        element.scrollWidth > element.clientWidth + 1;
      const within = [...element.querySelectorAll<HTMLElement>(focusable)];
      const isStop = isScrolled && !within.some(({ tabIndex }) => tabIndex >= 0);
      if (isStop && !element.hasAttribute('tabindex')) {
        element.tabIndex = 0;
        element.role = 'group';
        element.ariaLabel = label();
      } else if (
        !isStop &&
        element.hasAttribute('tabindex') &&
        element !== document.activeElement
      ) {
        for (const name of ['tabindex', 'role', 'aria-label']) {
          element.removeAttribute(name);
        }
      }
    };
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    const contents = new MutationObserver(look);
    contents.observe(element, { childList: true, subtree: true, attributeFilter: ['disabled'] });
    return () => {
      sizes.disconnect();
      contents.disconnect();
    };
  };
}
