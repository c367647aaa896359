/**
 * Snom SRAPS: Hawk authentication, resources that are found by following links from the key. The address
 * of the PBX is the device's setting `setting_server`.
 */
import { hawkAuthorization } from './authorization.ts';
import type {
  Connector,
  ConnectorContext,
  DeviceOutcome,
  ServiceDescription,
} from './connector.ts';
import {
  fieldOf,
  isDone,
  jsonBody,
  readJson,
  requireAnswer,
  toSentence,
  type ExchangeAnswer,
  type ExchangeRequest,
} from './exchange.ts';
import { inTurn } from './in-turn.ts';
import { RedirectionError } from './redirection-error.ts';

export const snomSraps: ServiceDescription = {
  name: 'Snom SRAPS',
  vendor: 'snom',
  address: 'https://api.sraps.snom.com/api/v1',
  needs: ['clientId', 'clientSecret'],
  knows: ['clientId', 'clientSecret', 'site'],
  needsSerial: false,
  carriesUrl: true,
  batchSize: 1,
  pauseMs: 500,
};

const settingName = 'setting_server';

export function createSnomSraps(context: ConnectorContext): Connector {
  const { account, exchange, wallMs, nonce } = context;
  let endpointsUrl: string | undefined;
  let settingId: string | undefined;

  async function ask(
    method: ExchangeRequest['method'],
    url: string,
    body?: unknown,
  ): Promise<ExchangeAnswer> {
    const { clientId, clientSecret } = account;
    if (clientId === undefined || clientSecret === undefined) {
      throw new RedirectionError('incomplete', 'Key or secret of the service is missing.');
    }
    const json = jsonBody(body);
    const authorization = hawkAuthorization({
      id: clientId,
      key: clientSecret,
      method,
      url,
      contentType: json.headers['content-type'] ?? '',
      body: json.body ?? '',
      timestampSec: Math.floor(wallMs() / 1000),
      nonce: nonce(),
    });
    const headers = { authorization, accept: 'application/json', ...json.headers };
    const answer = await exchange({ ...json, method, url, headers });
    return requireAnswer(answer);
  }

  /** Links of an answer stay at the service: what is signed goes nowhere else. */
  function resolve(link: unknown): string {
    const base = new URL(`${account.address}/`);
    if (typeof link === 'string' && URL.canParse(link, base.href)) {
      const url = new URL(link, base);
      if (url.origin === base.origin) {
        return url.href;
      }
    }
    throw new RedirectionError('unreadable', 'The service gave a link that leads elsewhere.');
  }

  async function findEndpoints(): Promise<string> {
    if (endpointsUrl === undefined) {
      const key = encodeURIComponent(account.clientId ?? '');
      const answer = await ask('GET', `${account.address}/tokens/${key}`);
      if (answer.status === 404) {
        throw new RedirectionError('refused', 'The service does not know the key.');
      }
      const token = readJson(answer);
      const company = resolve(fieldOf(fieldOf(token, 'links'), 'company'));
      const links = fieldOf(readJson(await ask('GET', company)), 'links');
      const url = resolve(fieldOf(links, 'endpoints'));
      endpointsUrl = url.endsWith('/') ? url : `${url}/`;
    }
    return endpointsUrl;
  }

  async function findSetting(): Promise<string> {
    if (settingId === undefined) {
      const answer = await ask('GET', `${account.address}/settings/?page_size=1000`);
      const value = readJson(answer);
      const list = Array.isArray(value) ? value : fieldOf(value, 'results');
      const found = (Array.isArray(list) ? (list as readonly unknown[]) : []).find(
        (setting) => fieldOf(setting, 'param_name') === settingName,
      );
      const id = fieldOf(found, 'uuid');
      if (typeof id !== 'string') {
        throw new RedirectionError('unreadable', `The service has no setting ${settingName}.`);
      }
      settingId = id;
    }
    return settingId;
  }

  async function change(
    mac: string,
    method: 'PUT' | 'DELETE',
    body?: unknown,
  ): Promise<DeviceOutcome> {
    const answer = await ask(method, `${await findEndpoints()}${mac}`, body);
    if (isDone(answer, method)) {
      return { mac };
    }
    return { mac, error: describe(answer) };
  }

  return {
    register: (targets) =>
      inTurn(targets, async ({ mac, url }) =>
        change(mac, 'PUT', {
          mac,
          autoprovisioning_enabled: true,
          settings_manager: {
            [await findSetting()]: { value: url.reveal(), attrs: { perm: 'RW' } },
          },
          ...(account.site === undefined ? {} : { provisioning_profile: account.site }),
        }),
      ),
    remove: (macs) => inTurn(macs, (mac) => change(mac, 'DELETE')),
    test: async () => {
      await findEndpoints();
      await findSetting();
      return 'The key is accepted and may set the address of devices.';
    },
  };
}

function describe({ status, body }: ExchangeAnswer): string {
  const otherwise = `The service refused the device (status ${String(status)}).`;
  try {
    const value: unknown = JSON.parse(body);
    return toSentence(fieldOf(value, 'detail') ?? fieldOf(value, 'message'), otherwise);
  } catch {
    return otherwise;
  }
}
