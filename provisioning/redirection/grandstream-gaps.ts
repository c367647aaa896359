/**
 * Grandstream GAPS: signed JSON. It leads every device of the customer to the one address that is set in
 * its own pages; a device is only told to go there.
 */
import { gapsSignature } from './authorization.ts';
import type {
  Connector,
  ConnectorContext,
  DeviceOutcome,
  ServiceDescription,
} from './connector.ts';
import { fieldOf, readJson, requireAnswer, toSentence } from './exchange.ts';
import { RedirectionError } from './redirection-error.ts';

export const grandstreamGaps: ServiceDescription = {
  name: 'Grandstream GAPS',
  vendor: 'grandstream',
  address: 'https://fm.grandstream.com/api/provision',
  needs: ['clientId', 'clientSecret'],
  knows: ['clientId', 'clientSecret'],
  needsSerial: false,
  carriesUrl: false,
  batchSize: 50,
  pauseMs: 1_000,
};

export function createGrandstreamGaps(context: ConnectorContext): Connector {
  const { account, exchange } = context;

  /** Signatures hold the service's own time. */
  async function serverTime(): Promise<string> {
    const answer = await exchange({ method: 'GET', url: account.address, headers: {} });
    const time = fieldOf(readJson(requireAnswer(answer)), 'time');
    if (typeof time !== 'string' && typeof time !== 'number') {
      throw new RedirectionError('unreadable', 'The service does not tell its time.');
    }
    return String(time);
  }

  async function call(method: string, macs: readonly string[]): Promise<unknown> {
    const { clientId, clientSecret } = account;
    if (clientId === undefined || clientSecret === undefined) {
      throw new RedirectionError('incomplete', 'Customer number or key of the service is missing.');
    }
    const body = JSON.stringify({ cid: clientId, method, params: { macs } });
    const time = await serverTime();
    const signature = gapsSignature(clientSecret, body, time);
    const answer = await exchange({
      method: 'POST',
      url: `${account.address}?sig=${signature}&time=${encodeURIComponent(time)}`,
      headers: { 'content-type': 'application/json' },
      body,
    });
    return readJson(requireAnswer(answer));
  }

  async function change(
    method: string,
    macs: readonly string[],
  ): Promise<readonly DeviceOutcome[]> {
    const value = await call(method, macs);
    if (String(fieldOf(value, 'code')) === '0') {
      return macs.map((mac) => ({ mac }));
    }
    const error = toSentence(fieldOf(value, 'desc'), 'The service refused the devices.');
    return macs.map((mac) => ({ mac, error }));
  }

  return {
    register: (targets) =>
      change(
        'redirectDefault',
        targets.map(({ mac }) => mac),
      ),
    remove: (macs) => change('unDeviceProvision', macs),
    test: async () => {
      // Nothing is asked for: only whether the signature is believed.
      const value = await call('redirectDefault', []);
      const description = toSentence(fieldOf(value, 'desc'), '');
      if (/sign|auth|cid|customer|key/i.test(description)) {
        throw new RedirectionError('refused', description);
      }
      return 'The service answers and does not object to number and key.';
    },
  };
}
