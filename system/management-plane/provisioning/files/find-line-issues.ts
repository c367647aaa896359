/** External lines for which a model has no place, as issues of a request. Pure. */
import type { Misfit } from '../../../../provisioning/rendering/find-misfits.ts';
import type { Model } from '../../../../provisioning/vendors/vendor.ts';
import type { Device } from '../../../configuration/entities/device.ts';
import type { DevicesIssue } from '../devices/devices-error.ts';

/** `misfits` count the external lines from 0. */
export function findLineIssues(
  { lines, externalLines }: Pick<Device, 'lines' | 'externalLines'>,
  model: Pick<Model, 'name' | 'lines'>,
  misfits: readonly Misfit[],
): readonly DevicesIssue[] {
  // While there is no user a line waits for one, unless external lines fill the device.
  const before = lines.length === 0 && externalLines.length < model.lines ? 1 : lines.length;
  const free = Math.max(0, model.lines - before);
  const beyond = externalLines.slice(free).map((_line, index): DevicesIssue => {
    const message = `${model.name} has ${String(model.lines)} lines and no place for this one`;
    return { path: `externalLines.${String(free + index)}`, code: 'contradiction', message };
  });
  const unfit = misfits.map(({ index, part }): DevicesIssue => {
    const path = `externalLines.${String(index)}.${fieldOf[part]}`;
    return { path, code: 'contradiction', message: describePart(part, model.name) };
  });
  return [...beyond, ...unfit];
}

const fieldOf: Readonly<Record<Misfit['part'], string>> = {
  server: 'host',
  transport: 'transport',
  lackingTransport: 'transport',
  outboundProxy: 'proxyHost',
  voicemailNumber: 'voicemailNumber',
};

function describePart(part: Misfit['part'], model: string): string {
  switch (part) {
    case 'server':
      return `all lines of ${model} register with the server of the first`;
    case 'transport':
      return `all lines of ${model} use the transport of the first`;
    case 'lackingTransport':
      return `${model} does not know this transport`;
    case 'outboundProxy':
      return `all lines of ${model} use the outbound proxy of the first`;
    case 'voicemailNumber':
      return `${model} has no voicemail number for this line`;
  }
}
