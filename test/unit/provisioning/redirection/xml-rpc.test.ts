import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RedirectionError } from '../../../../provisioning/redirection/redirection-error.ts';
import { parseAnswer, serializeCall } from '../../../../provisioning/redirection/xml-rpc.ts';

const answer = (body: string) => ({ status: 200, headers: {}, body });

test('a value that is sent comes back as it was, whatever is in it', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }).filter((text) => !/[\r<]/.test(text)),
      (text) => {
        const call = serializeCall('m', [text, true]);
        const echoed = call
          .replace('methodCall>', 'methodResponse>')
          .replace('methodCall', 'methodResponse');
        expect(parseAnswer(answer(echoed)).values).toEqual([text, true]);
      },
    ),
  );
});

test('tells the message of a fault', () => {
  const body =
    '<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>4</int></value></member><member><name>faultString</name><value><string>Too many parameters.</string></value></member></struct></value></fault></methodResponse>';
  expect(parseAnswer(answer(body)).fault).toBe('Too many parameters.');
});

test.each(['', '<html>Login</html>', '<!DOCTYPE x [<!ENTITY a "b">]><methodResponse/>'])(
  'refuses what is no answer: %s',
  (body) => {
    expect(() => parseAnswer(answer(body))).toThrow(RedirectionError);
  },
);
