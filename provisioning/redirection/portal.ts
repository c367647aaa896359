/**
 * The portal that devices are bought and assigned on. `GET /devices` lists those of this PBX page by page,
 * `PUT /devices/<mac>` leaves the address for the vendor's redirection, `DELETE` takes it away; a bearer
 * token says which PBX asks.
 */
import { parseMac } from '../mac.ts';
import type {
  AssignedDevice,
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

export const portal: ServiceDescription = {
  name: 'Portal',
  vendor: undefined,
  address: undefined,
  needs: ['clientSecret'],
  knows: ['clientSecret'],
  needsSerial: false,
  carriesUrl: true,
  batchSize: 1,
  pauseMs: 200,
};

const pageSize = 200;
/** Beyond what one PBX has. */
const maximumPages = 100;

export function createPortal(context: ConnectorContext): Connector {
  const { account, exchange } = context;

  async function ask(
    method: ExchangeRequest['method'],
    path: string,
    body?: unknown,
  ): Promise<ExchangeAnswer> {
    const { clientSecret } = account;
    if (clientSecret === undefined || account.address === '') {
      throw new RedirectionError('incomplete', 'Address or token of the portal is missing.');
    }
    const json = jsonBody(body);
    const answer = await exchange({
      ...json,
      method,
      url: `${account.address}${path}`,
      headers: {
        authorization: `Bearer ${clientSecret.reveal()}`,
        accept: 'application/json',
        ...json.headers,
      },
    });
    return requireAnswer(answer);
  }

  async function change(
    mac: string,
    method: 'PUT' | 'DELETE',
    body?: unknown,
  ): Promise<DeviceOutcome> {
    const answer = await ask(method, `/devices/${mac}`, body);
    if (isDone(answer, method)) {
      return { mac };
    }
    const error =
      answer.status === 404
        ? 'The portal did not assign the device to this PBX.'
        : toSentence(detailOf(answer), `The portal refused it (status ${String(answer.status)}).`);
    return { mac, error };
  }

  async function page(number: number): Promise<readonly unknown[]> {
    const query = `page=${String(number)}&pageSize=${String(pageSize)}`;
    const items = fieldOf(readJson(await ask('GET', `/devices?${query}`)), 'items');
    if (!Array.isArray(items)) {
      throw new RedirectionError('unreadable', 'The portal gave no list of devices.');
    }
    return items as readonly unknown[];
  }

  return {
    register: (targets) =>
      inTurn(targets, ({ mac, url }) => change(mac, 'PUT', { url: url.reveal() })),
    remove: (macs) => inTurn(macs, (mac) => change(mac, 'DELETE')),
    test: async () => {
      const items = await page(1);
      const more = items.length >= pageSize ? 'at least ' : '';
      const count = String(items.flatMap(readDevice).length);
      return `The token is accepted; the portal assigned ${more}${count} devices.`;
    },
    listAssigned: async () => {
      const devices: AssignedDevice[] = [];
      for (let number = 1; number <= maximumPages; number += 1) {
        const items = await page(number);
        devices.push(...items.flatMap(readDevice));
        if (items.length < pageSize) {
          break;
        }
      }
      return devices;
    },
  };
}

function readDevice(item: unknown): AssignedDevice[] {
  const mac = parseMac(textOf(item, 'mac', 17) ?? '');
  return mac === undefined
    ? []
    : [
        {
          mac,
          vendor: textOf(item, 'vendor', 40),
          model: textOf(item, 'model', 40),
          comment: textOf(item, 'comment', 100),
          serial: textOf(item, 'serial', 40),
        },
      ];
}

function textOf(item: unknown, name: string, maximumLength: number): string | undefined {
  const value = fieldOf(item, name);
  const text = typeof value === 'string' ? value.replace(/\p{Cc}+/gu, ' ').trim() : '';
  return text === '' ? undefined : text.slice(0, maximumLength);
}

function detailOf({ body }: ExchangeAnswer): unknown {
  try {
    return fieldOf(JSON.parse(body), 'detail');
  } catch {
    return undefined;
  }
}
