/**
 * Which variables end up in the files of a model: a setting that no template of the vendor reads
 * would be stored and ignored, and forms say so.
 */
import { variables } from '../scope/variables.ts';
import { findNamesRead } from '../template/find-names-read.ts';
import type { CompiledVendor } from '../vendors/compile-vendor.ts';
import type { Model } from '../vendors/vendor.ts';

/** Variables that reach a template under other names; see `render-values.ts`. */
const readAs: Readonly<Record<string, (name: string) => boolean>> = {
  'time.zone': (name) => name.startsWith('zone.'),
  'time.useDst': (name) => /^zone\.(?:posix|hasDst|save|start|end)/.test(name),
  'audio.codecs': (name) => name === 'codecs',
  'sip.transport': (name) => name.endsWith('.transport'),
  'sip.secondServer': (name) => /\.backupHost(?:Port)?$/.test(name),
  'sip.secondServerPort': (name) => /\.backup(?:Host)?Port$/.test(name),
  'sip.outboundProxy': (name) => /\.outboundHost(?:Port)?$/.test(name),
  'sip.outboundProxyPort': (name) => /\.outbound(?:Host)?Port$/.test(name),
  'calls.voicemailNumber': (name) => name.endsWith('.voicemailNumber'),
  'calls.pickupCode': (name) => name.endsWith('.pickupCode'),
};

/** Names of the variables that files of either stage read, whatever firmware the device has. */
export function findUsedVariables(vendor: CompiledVendor, model: Model): ReadonlySet<string> {
  const facts = vendor.settledFactsOf(model);
  const names = new Set(
    (['bootstrap', 'secure'] as const).flatMap((stage) =>
      vendor.filesOf(model, stage).flatMap(({ template }) => [...findNamesRead(template, facts)]),
    ),
  );
  return new Set(
    variables.flatMap(({ name }) => {
      const isRead = readAs[name];
      const isUsed =
        names.has(name) ||
        names.has(`${name}.isUsed`) ||
        (isRead !== undefined && [...names].some(isRead));
      return isUsed ? [name] : [];
    }),
  );
}
