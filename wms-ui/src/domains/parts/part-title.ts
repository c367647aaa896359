/** What people call a part; one without a name of its own keeps its path. */
import { i18n } from '../../lib/i18n/i18n.svelte.ts';

export function partTitle(name: string): string {
  return i18n.find(`part.${name}`) ?? name;
}

/** `eventLoopDelayP99Ms` → name and unit of a figure; an unknown one is spelled out of its name. */
export function describeFigure(
  name: string,
  value: number,
): { readonly label: string; readonly text: string } {
  const unit = /(Ms|Sec|Bytes|MB|Percent|Ratio)$/.exec(name)?.[1];
  const label =
    i18n.find(`figure.${name}`) ??
    name
      .replace(/(Ms|Sec|Bytes|MB|Percent|Ratio)$/, '')
      .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
      .toLowerCase();
  return { label, text: formatFigure(value, unit) };
}

function formatFigure(value: number, unit: string | undefined): string {
  switch (unit) {
    case 'Ms':
      return `${i18n.number(value, 1)} ms`;
    case 'Sec':
      return `${i18n.number(value, 1)} s`;
    case 'Bytes':
      return `${i18n.number(value / 1_048_576, 1)} MiB`;
    case 'MB':
      return `${i18n.number(value, 1)} MB`;
    case 'Percent':
      return `${i18n.number(value, 1)} %`;
    case 'Ratio':
      return i18n.percent(value);
    case undefined:
    default:
      return i18n.number(value, 2);
  }
}
