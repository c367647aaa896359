/**
 * The OpenAPI 3.1 document, out of the declarations of the routes. Loaded and made with the first
 * request for it: a start does not wait for it.
 */
import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import { apiPrefix } from './api-prefix.ts';
import { maxBodyBytes } from './request/body-type.ts';
import { rolesOfPermission } from './permission.ts';
import { problemSchema } from './errors/problem.ts';
import type { Route } from './route.ts';

export type OpenApiDocument = ReturnType<typeof createDocument>;

const etagHeader = z.string().meta({ description: 'Version of the entity, for If-Match.' });
const ifMatch = z.object({
  'If-Match': z.string().meta({ description: 'The ETag of what was seen, or `*`.' }),
});
const csrfNote =
  'Browsers send the session cookie and, for POST, PATCH and DELETE, the header X-CSRF-Token; programs a bearer token.';

export function createOpenApiDocument(routes: readonly Route[], version: string): OpenApiDocument {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const item = (paths[route.path] ??= {});
    item[methodKey(route)] = toOperation(route);
  }
  const document: ZodOpenApiObject = {
    openapi: '3.1.1',
    info: {
      title: 'Campanile API',
      version,
      description: `Everything the web interface does goes over this API. ${csrfNote}`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: apiPrefix }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-campanile_session' },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
  };
  return createDocument(document);
}

/** The resource, from the path: `/call-records/{callRef}` → `call-records`. */
export function tagOf(route: Route): string {
  return /^\/([a-z-]+)/.exec(route.path)?.[1] ?? '';
}

function methodKey(route: Route): 'get' | 'post' | 'patch' | 'delete' {
  return route.method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete';
}

function toOperation(route: Route): ZodOpenApiOperationObject {
  const { params, query, body, permission } = route;
  return {
    operationId: operationId(route),
    tags: [tagOf(route)],
    summary: route.summary,
    description:
      permission === 'public'
        ? 'Needs no account.'
        : `Permission \`${permission}\`: ${rolesOfPermission[permission].join(', ')}.`,
    security: permission === 'public' ? [] : [{ session: [] }, { token: [] }],
    requestParams: {
      ...(params === undefined ? {} : { path: params as z.ZodObject }),
      ...(query === undefined ? {} : { query: query as z.ZodObject }),
      ...(route.needsIfMatch ? { header: ifMatch } : {}),
    },
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            description: `At most ${String(maxBodyBytes[body.type])} bytes.`,
            content: { [body.type]: { schema: body.schema } },
          },
        }),
    responses: {
      [String(route.answer.status)]: toResponse(route),
      default: {
        description: 'Problem details (RFC 9457)',
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    } as ZodOpenApiOperationObject['responses'],
  };
}

function toResponse(route: Route): object {
  const { answer } = route;
  switch (answer.kind) {
    case 'none':
      return { description: 'Done' };
    case 'text':
      return { description: 'Text', content: { [answer.type]: { schema: z.string() } } };
    case 'json':
      return {
        description: answer.status === 201 ? 'Created' : 'OK',
        ...(answer.hasVersion === true ? { headers: { ETag: etagHeader } } : {}),
        content: { 'application/json': { schema: answer.schema } },
      };
  }
}

function operationId(route: Route): string {
  const words = `${route.method.toLowerCase()} ${route.path}`
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean);
  return words
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
}
