/** Services have no name in the configuration: their code is a word of the tables. */
import { i18n } from '../../lib/i18n/i18n.svelte.ts';

export function calleeNameOf(call: {
  readonly calleeName: string;
  readonly mediaMode: string;
}): string {
  const { calleeName, mediaMode } = call;
  return mediaMode === 'service'
    ? (i18n.find(`serviceName.${calleeName}`) ?? calleeName)
    : calleeName;
}
