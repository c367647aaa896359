/**
 * Grandstream GDMS: OAuth with the password, every request signed. Devices are added to a site with their
 * serial number; the template of the site leads them on.
 */
import { gdmsPassword, gdmsSignature } from './authorization.ts';
import { separateMac } from '../mac.ts';
import type {
  Connector,
  ConnectorContext,
  DeviceOutcome,
  ServiceDescription,
} from './connector.ts';
import { fieldOf, readJson, requireAnswer, toSentence } from './exchange.ts';
import { RedirectionError } from './redirection-error.ts';

export const grandstreamGdms: ServiceDescription = {
  name: 'Grandstream GDMS',
  vendor: 'grandstream',
  address: 'https://www.gdms.cloud/oapi',
  needs: ['account', 'password', 'clientId', 'clientSecret'],
  knows: ['account', 'password', 'clientId', 'clientSecret', 'organisation', 'site'],
  needsSerial: true,
  carriesUrl: false,
  batchSize: 50,
  pauseMs: 1_000,
};

const marginMs = 60_000;

export function createGrandstreamGdms(context: ConnectorContext): Connector {
  const { account, exchange, wallMs } = context;
  let session: { readonly token: string; readonly untilMs: number } | undefined;
  let place: { readonly orgId: number; readonly siteId: number } | undefined;

  async function logIn(): Promise<string> {
    if (session !== undefined && session.untilMs > wallMs()) {
      return session.token;
    }
    const { account: user, password, clientId, clientSecret } = account;
    if (!user || !clientId || password === undefined || clientSecret === undefined) {
      throw new RedirectionError('incomplete', 'Account or client of the service is incomplete.');
    }
    const form = new URLSearchParams({
      username: user,
      password: gdmsPassword(password),
      grant_type: 'password',
      client_id: clientId,
      client_secret: clientSecret.reveal(),
    });
    const answer = await exchange({
      method: 'POST',
      url: `${account.address}/oauth/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: form.toString(),
    });
    if (answer.status === 400) {
      throw new RedirectionError('refused', 'The service does not accept account and client.');
    }
    const value = readJson(requireAnswer(answer));
    const token = fieldOf(value, 'access_token');
    if (typeof token !== 'string') {
      throw new RedirectionError('refused', 'The service gave no token for account and client.');
    }
    const expiresSec = Number(fieldOf(value, 'expires_in') ?? 3600);
    session = { token, untilMs: wallMs() + expiresSec * 1000 - marginMs };
    return token;
  }

  async function ask(
    method: 'GET' | 'POST',
    path: string,
    options: { readonly query?: Readonly<Record<string, string>>; readonly body?: unknown },
  ): Promise<unknown> {
    const token = await logIn();
    const sent = { ...options.query, access_token: token, timestamp: String(wallMs()) };
    const signed = {
      ...sent,
      client_id: account.clientId ?? '',
      client_secret: account.clientSecret?.reveal() ?? '',
    };
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const query = new URLSearchParams({ ...sent, signature: gdmsSignature(signed, body) });
    const answer = await exchange({
      method,
      url: `${account.address}${path}?${query.toString()}`,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    });
    if (answer.status === 401) {
      session = undefined;
    }
    return readJson(requireAnswer(answer));
  }

  async function askForList(path: string, query: Readonly<Record<string, string>>) {
    const value = await ask('GET', path, { query });
    requireSuccess(value);
    const data = fieldOf(value, 'data');
    const list = Array.isArray(data) ? (data as unknown) : fieldOf(data, 'result');
    return Array.isArray(list) ? (list as readonly unknown[]) : [];
  }

  async function findPlace(): Promise<{ readonly orgId: number; readonly siteId: number }> {
    if (place === undefined) {
      const { organisation, site } = account;
      const orgId = Number(organisation ?? idOf((await askForList('/v1.0.0/org/list', {}))[0]));
      const sites =
        site === undefined
          ? await askForList('/v1.0.0/site/list', { orgId: String(orgId) })
          : [{ id: site }];
      const siteId = Number(idOf(sites[0]));
      if (!Number.isInteger(orgId) || !Number.isInteger(siteId)) {
        throw new RedirectionError(
          'incomplete',
          'There is no organisation or site to put devices in.',
        );
      }
      place = { orgId, siteId };
    }
    return place;
  }

  return {
    register: async (targets) => {
      const { orgId, siteId } = await findPlace();
      const complete = targets.filter(({ serial }) => serial !== undefined);
      const without = targets.filter(({ serial }) => serial === undefined);
      const missing = without.map(({ mac }) => ({ mac, error: 'The serial number is needed.' }));
      if (complete.length === 0) {
        return missing;
      }
      const value = await ask('POST', '/v1.0.0/device/add', {
        body: complete.map(({ mac, serial }) => ({ orgId, siteId, mac: spell(mac), sn: serial })),
      });
      return [
        ...missing,
        ...outcomesOf(
          complete.map(({ mac }) => mac),
          value,
          /already|exist/i,
        ),
      ];
    },
    remove: async (macs) => {
      const value = await ask('POST', '/v1.0.0/device/delete', {
        body: { macList: macs.map(spell) },
      });
      return outcomesOf(macs, value, /not exist|not found/i);
    },
    test: async () => {
      const { orgId, siteId } = await findPlace();
      return `The account is accepted; devices go to site ${String(siteId)} of organisation ${String(orgId)}.`;
    },
  };
}

function requireSuccess(value: unknown): void {
  if (fieldOf(value, 'retCode') !== 0) {
    throw new RedirectionError(
      'rejected',
      toSentence(fieldOf(value, 'msg'), 'The service refused the request.'),
    );
  }
}

/** `harmless`: errors that mean that it is already as it was asked to be. */
function outcomesOf(
  macs: readonly string[],
  value: unknown,
  harmless: RegExp,
): readonly DeviceOutcome[] {
  const error =
    fieldOf(value, 'retCode') === 0
      ? undefined
      : toSentence(fieldOf(value, 'msg'), 'The service refused the devices.');
  const isDone = error === undefined || harmless.test(error);
  return macs.map((mac) => (isDone ? { mac } : { mac, error }));
}

function idOf(entry: unknown): unknown {
  return fieldOf(entry, 'id');
}

function spell(mac: string): string {
  return separateMac(mac.toUpperCase(), ':');
}
