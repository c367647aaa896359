/** Yealink Management Cloud Service, API version 2: OAuth client credentials, JSON, many devices at once. */
import { basicAuthorization } from './authorization.ts';
import type {
  Connector,
  ConnectorContext,
  DeviceOutcome,
  ServiceDescription,
} from './connector.ts';
import { fieldOf, readJson, requireAnswer, toSentence } from './exchange.ts';
import { RedirectionError } from './redirection-error.ts';

export const yealinkYmcs: ServiceDescription = {
  name: 'Yealink YMCS',
  vendor: 'yealink',
  address: 'https://eu-api.ymcs.yealink.com',
  needs: ['clientId', 'clientSecret'],
  knows: ['clientId', 'clientSecret', 'site'],
  needsSerial: false,
  carriesUrl: true,
  batchSize: 100,
  pauseMs: 1_000,
};

/** A token is given up so long before it ends. */
const marginMs = 60_000;

export function createYealinkYmcs(context: ConnectorContext): Connector {
  const { account, exchange, wallMs, nonce } = context;
  let session: { readonly token: string; readonly untilMs: number } | undefined;

  async function post(path: string, body: unknown, authorization: string): Promise<unknown> {
    const answer = await exchange({
      method: 'POST',
      url: `${account.address}${path}`,
      headers: {
        authorization,
        'content-type': 'application/json',
        accept: 'application/json',
        timestamp: String(wallMs()),
        nonce: nonce(),
      },
      body: JSON.stringify(body),
    });
    if (answer.status === 401) {
      session = undefined;
    }
    const value = readJson(requireAnswer(answer));
    if (answer.status >= 400) {
      const message = fieldOf(value, 'message') ?? fieldOf(value, 'msg');
      throw new RedirectionError(
        'rejected',
        toSentence(message, 'The service refused the request.'),
      );
    }
    return value;
  }

  async function logIn(): Promise<string> {
    if (session === undefined || session.untilMs <= wallMs()) {
      const authorization = basicAuthorization(account.clientId, account.clientSecret);
      const value = await post('/v2/token', { grant_type: 'client_credentials' }, authorization);
      const token = fieldOf(value, 'access_token');
      const expiresSec = Number(fieldOf(value, 'expires_in'));
      if (typeof token !== 'string' || !Number.isFinite(expiresSec)) {
        throw new RedirectionError('unreadable', 'The service gave no token.');
      }
      session = { token, untilMs: wallMs() + expiresSec * 1000 - marginMs };
    }
    return session.token;
  }

  async function ask(path: string, body: unknown): Promise<unknown> {
    return post(path, body, `Bearer ${await logIn()}`);
  }

  async function add(
    targets: Parameters<Connector['register']>[0],
  ): Promise<readonly DeviceOutcome[]> {
    const value = await ask(
      '/v2/rps/addDevicesByMac',
      targets.map(({ mac, url }) => ({
        mac,
        uniqueServerUrl: url.reveal(),
        ...(account.site === undefined ? {} : { serverId: account.site }),
      })),
    );
    return readOutcomes(
      targets.map(({ mac }) => mac),
      value,
      'mac',
      'errorInfo',
    );
  }

  async function remove(macs: readonly string[]): Promise<readonly DeviceOutcome[]> {
    const value = await ask('/v2/rps/delDevices', { deviceIdType: 'mac', deviceIds: macs });
    return readOutcomes(macs, value, 'field', 'msg').map((outcome) =>
      /not (?:exist|found)/i.test(outcome.error ?? '') ? { mac: outcome.mac } : outcome,
    );
  }

  return {
    register: async (targets) => {
      const outcomes = await add(targets);
      // What is there already keeps its old address: it is taken out and put in again, once.
      const present = targets.filter(({ mac }) =>
        outcomes.some((outcome) => outcome.mac === mac && isPresent(outcome.error)),
      );
      if (present.length === 0) {
        return outcomes;
      }
      await remove(present.map(({ mac }) => mac));
      const again = await add(present);
      return outcomes.map((outcome) => again.find(({ mac }) => mac === outcome.mac) ?? outcome);
    },
    remove,
    test: async () => {
      const value = await ask('/v2/rps/listDevices', { skip: 0, limit: 1, autoCount: true });
      const total = fieldOf(value, 'total');
      return typeof total === 'number'
        ? `The client is accepted; ${String(total)} devices are registered there.`
        : 'The client is accepted.';
    },
  };
}

function isPresent(error: string | undefined): boolean {
  return error !== undefined && /exist|already|registered/i.test(error) && !/other/i.test(error);
}

/** Devices without an error of their own were done. */
function readOutcomes(
  macs: readonly string[],
  value: unknown,
  macField: string,
  errorField: string,
): readonly DeviceOutcome[] {
  const errors = fieldOf(value, 'errors');
  const list = Array.isArray(errors) ? (errors as readonly unknown[]) : [];
  return macs.map((mac) => {
    const found = list.find((entry) => spell(fieldOf(entry, macField)) === mac);
    return found === undefined
      ? { mac }
      : { mac, error: toSentence(fieldOf(found, errorField), 'The service refused the device.') };
  });
}

function spell(mac: unknown): string {
  return typeof mac === 'string' ? mac.replace(/[^0-9A-Fa-f]/g, '').toLowerCase() : '';
}
