/** Yealink RPS, the XML-RPC service: HTTP Basic authentication, one device to a call. */
import type {
  Connector,
  ConnectorContext,
  DeviceOutcome,
  ServiceDescription,
} from './connector.ts';
import { requireAnswer, toSentence } from './exchange.ts';
import { basicAuthorization } from './authorization.ts';
import { inTurn } from './in-turn.ts';
import { RedirectionError } from './redirection-error.ts';
import { parseAnswer, serializeCall } from './xml-rpc.ts';

export const yealinkRps: ServiceDescription = {
  name: 'Yealink RPS',
  vendor: 'yealink',
  address: 'https://api-dm.yealink.com:8443/xmlrpc',
  needs: ['account', 'password'],
  knows: ['account', 'password', 'site'],
  needsSerial: false,
  carriesUrl: true,
  batchSize: 1,
  pauseMs: 1_000,
};

/** Name of the server entry that devices are put under; it is made by the first registration. */
const defaultServerName = 'campanile';
/** A MAC of Yealink that no device has: asking for it changes nothing. */
const testMac = '001565000000';

export function createYealinkRps(context: ConnectorContext): Connector {
  const { account, exchange } = context;

  async function call(method: string, parameters: readonly (string | boolean)[]) {
    const answer = await exchange({
      method: 'POST',
      url: account.address,
      headers: {
        authorization: basicAuthorization(account.account, account.password),
        'content-type': 'text/xml',
      },
      body: serializeCall(method, parameters),
    });
    return parseAnswer(requireAnswer(answer));
  }

  /** Answers are `[success, message]`. */
  async function change(
    mac: string,
    method: string,
    parameters: readonly (string | boolean)[],
  ): Promise<DeviceOutcome> {
    const { values, fault } = await call(method, parameters);
    if (fault === undefined && values[0] === true) {
      return { mac };
    }
    const error = toSentence(fault ?? values[1], 'The service refused the device.');
    return isMissing(error) && method.includes('deRegister') ? { mac } : { mac, error };
  }

  return {
    register: (targets) =>
      inTurn(targets, ({ mac, url }) =>
        change(mac, 'redirect.registerDeviceWithUniqueUrl', [
          mac,
          account.site ?? defaultServerName,
          url.reveal(),
          '1',
        ]),
      ),
    remove: (macs) => inTurn(macs, (mac) => change(mac, 'redirect.deRegisterDevice', [mac])),
    test: async () => {
      const { fault } = await call('redirect.checkDevice', [testMac]);
      if (fault !== undefined) {
        throw new RedirectionError(
          'refused',
          `The service refuses the test: ${toSentence(fault, '')}.`,
        );
      }
      return 'User name and password are accepted.';
    },
  };
}

function isMissing(error: string): boolean {
  return /not (?:exist|found|registered)|unregistered|no such/i.test(error);
}
