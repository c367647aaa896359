/** A device that lacks the wanted transport of SIP registers with one that it has, at the port of that one. */
import { expect, test } from 'vitest';
import { createDevice, render, textOf } from '../../../support/provisioning/complete-device.ts';

test.each([
  ['gigaset', 'N510', 'tls', 'uiI_SIP_SERVER_PORT" class="symb_item" value="0x13c4"'],
  ['gigaset', 'N720', 'tls', 'uiSIP_SERVER_PORT" class="symb_item" value="0x13c4"'],
  ['gigaset', 'N720', 'tcp', 'TRANSPORT_LAYER" class="symb_item" value="6"'],
  ['gigaset', 'N870', 'tls', 'ProxyServerPort" value="5061"'],
])(
  '%s %s registers with a transport that it has where %s is wanted',
  (vendor, model, wanted, expected) => {
    const lines = createDevice(vendor, model).lines.slice(0, 1);
    const device = createDevice(vendor, model, { lines, settings: { 'sip.transport': wanted } });
    expect(textOf(render(device, 'device', 'secure'))).toContain(expected);
  },
);
