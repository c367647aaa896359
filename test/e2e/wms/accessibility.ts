/**
 * What of WCAG 2.2 a program can see on a page: names of controls, labels of fields, alternative
 * texts, order of headings, unique ids, references that lead somewhere, contrast of what is written,
 * and whether what scrolls is reached with the keyboard.
 */
import type { Page } from 'playwright-core';

/** One sentence per problem, with the element; empty when there is none. */
export async function findAccessibilityProblems(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const problems: string[] = [];
    const dialog = [...document.querySelectorAll('dialog[open]')].at(-1);
    // Behind a modal dialog everything is inert.
    const root = dialog ?? document.body;
    const all = [...root.querySelectorAll<HTMLElement>('*')];
    const shown = all.filter((element) => element.checkVisibility({ visibilityProperty: true }));

    function describe(element: Element): string {
      return element.outerHTML.replace(/\s+/g, ' ').slice(0, 120);
    }

    function textOf(element: Element): string {
      const clone = element.cloneNode(true) as Element;
      for (const hidden of clone.querySelectorAll('[aria-hidden=true]')) {
        hidden.remove();
      }
      return clone.textContent.trim();
    }

    function nameOf(element: HTMLElement): string {
      const labelledBy = element.getAttribute('aria-labelledby') ?? '';
      const referred = labelledBy
        .split(' ')
        .map((id) => document.getElementById(id)?.textContent ?? '')
        .join(' ')
        .trim();
      const labels =
        'labels' in element && element.labels instanceof NodeList
          ? [...element.labels]
              .map((label) => (label instanceof Element ? textOf(label) : ''))
              .join(' ')
          : '';
      const own = /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName) ? '' : textOf(element);
      return [referred, element.getAttribute('aria-label') ?? '', labels, own].join(' ').trim();
    }

    for (const element of shown.filter((candidate) =>
      candidate.matches('button, a[href], input, select, textarea, [role=grid], nav, dialog'),
    )) {
      if (nameOf(element) === '' && element.getAttribute('aria-hidden') !== 'true') {
        problems.push(`no name: ${describe(element)}`);
      }
    }
    for (const image of shown.filter((element) => element.matches('img, svg'))) {
      const isDescribed =
        image.hasAttribute('alt') ||
        (image.getAttribute('role') === 'img' && (image.getAttribute('aria-label') ?? '') !== '');
      if (image.getAttribute('aria-hidden') !== 'true' && !isDescribed) {
        problems.push(`neither described nor hidden: ${describe(image)}`);
      }
    }
    for (const element of all) {
      for (const attribute of ['aria-labelledby', 'aria-describedby', 'for']) {
        for (const id of (element.getAttribute(attribute) ?? '').split(' ').filter(Boolean)) {
          if (document.getElementById(id) === null) {
            problems.push(`${attribute} leads nowhere (${id}): ${describe(element)}`);
          }
        }
      }
      if (element.hasAttribute('style') && element.getAttribute('style') !== '') {
        problems.push(`style attribute: ${describe(element)}`);
      }
    }
    const stops =
      ':is(a[href], button, input, select, textarea, summary):not(:disabled), [tabindex]';
    for (const element of shown) {
      const { overflowX, overflowY } = getComputedStyle(element);
      const isScrolled =
        (/auto|scroll/.test(overflowY) && element.scrollHeight > element.clientHeight + 1) ||
        (/auto|scroll/.test(overflowX) && element.scrollWidth > element.clientWidth + 1);
      // By its own attribute: that Chromium lets it be reached all the same helps no other browser.
      const canBeReached =
        element.matches('[tabindex="0"], input, select, textarea') ||
        [...element.querySelectorAll<HTMLElement>(stops)].some(({ tabIndex }) => tabIndex >= 0);
      if (isScrolled && !canBeReached) {
        problems.push(`scrolls without a focus: ${describe(element)}`);
      }
    }
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
    if (repeated.length > 0) {
      problems.push(`ids given twice: ${repeated.join(', ')}`);
    }
    if (dialog === undefined) {
      if (document.querySelectorAll('main').length !== 1) {
        problems.push('not exactly one main');
      }
      if (document.documentElement.lang === '') {
        problems.push('no language');
      }
    }
    const levels = shown
      .filter((element) => /^H[1-6]$/.test(element.tagName) && element.closest('nav') === null)
      .map((element) => Number(element.tagName.slice(1)));
    for (const [index, level] of levels.entries()) {
      if (index > 0 && level > (levels[index - 1] ?? 0) + 1) {
        problems.push(`heading level jumps from ${String(levels[index - 1])} to ${String(level)}`);
      }
    }

    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    function channels(color: string): readonly [number, number, number, number] {
      if (canvas === null) {
        return [0, 0, 0, 0];
      }
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
      return [red, green, blue, alpha];
    }
    function luminance([red, green, blue]: readonly number[]): number {
      const [r = 0, g = 0, b = 0] = [red, green, blue].map((value = 0) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    }
    function groundOf(element: Element): readonly number[] {
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        const color = channels(getComputedStyle(at).backgroundColor);
        if (color[3] === 255) {
          return color;
        }
      }
      return [255, 255, 255];
    }
    for (const element of shown) {
      const hasText = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '',
      );
      // What cannot be used now is exempt (WCAG 1.4.3), and so is what only screen readers read.
      if (!hasText || element.closest(':disabled, .visually-hidden') !== null) {
        continue;
      }
      const text = luminance(channels(getComputedStyle(element).color));
      const ground = luminance(groundOf(element));
      const ratio = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
      if (ratio < 4.5) {
        problems.push(`contrast ${ratio.toFixed(2)}: ${describe(element)}`);
      }
    }
    return problems;
  });
}
