/** Arbitrary SIP URIs for property tests. */
import fc from 'fast-check';
import type { SipUri } from '../../../../../system/call-plane/sip/messages/uri.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9.~-]{0,11}$/);
const host = fc.oneof(
  fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?(\.[a-z]{2,4})?$/),
  fc.ipV4(),
  fc.constantFrom('::1', '2001:db8::1', 'fe80::a:b', '::ffff:192.0.2.1'),
);

/** Any URI that can be written, with the most hostile texts in its user part and parameters. */
export const sipUri: fc.Arbitrary<SipUri> = fc.record(
  {
    scheme: fc.constantFrom('sip' as const, 'sips' as const),
    user: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    host,
    port: fc.nat(65_535),
    parameters: fc
      .array(
        fc.tuple(
          name,
          fc.option(fc.string({ unit: 'grapheme', maxLength: 8 }), { nil: undefined }),
        ),
      )
      .map((entries): ReadonlyMap<string, string | undefined> => new Map(entries)),
    headers: fc.constantFrom('', 'subject=a%20b&priority=urgent'),
  },
  { requiredKeys: ['scheme', 'host', 'parameters', 'headers'] },
);
