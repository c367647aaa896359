/** Which settings have an effect on which phones. */
import { expect, test } from 'vitest';
import { findUsedVariables } from '../../../provisioning/used-variables.ts';
import { catalogue } from '../../support/provisioning.ts';

const usedBy = (vendor: string, model: string): ReadonlySet<string> => {
  const compiled = catalogue.require(vendor);
  return findUsedVariables(compiled, compiled.requireModel(model));
};

test('a setting that reaches a file under another name counts as read', () => {
  const used = usedBy('yealink', 'T53W');
  for (const name of ['time.zone', 'time.useDst', 'audio.codecs', 'sip.transport', 'phonebooks']) {
    expect(used, name).toContain(name);
  }
});

test('a setting that no file of the model has a parameter for does not', () => {
  expect(usedBy('yealink', 'T53W')).not.toContain('snmp.community');
  expect(usedBy('gigaset', 'N510')).not.toContain('network.dns1');
});
