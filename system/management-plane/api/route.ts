/**
 * What a route declares: one value says method, path, permission, schemas and handler; the server,
 * the OpenAPI document and the tests all read it.
 */
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { ApiServices } from './api-services.ts';
import type { BodyType } from './request/body-type.ts';
import type { VersionCondition } from './wire/entity-tag.ts';
import type { Identity } from './request/identity.ts';
import type { Permission } from './permission.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface BodyDeclaration<Schema extends z.ZodType> {
  readonly type: BodyType;
  readonly schema: Schema;
}

/** `json` validates against the schema; `text` and `stream` leave as they are; `none` is 204. */
export type AnswerDeclaration<Schema extends z.ZodType> =
  | {
      readonly kind: 'json';
      readonly status: 200 | 201;
      readonly schema: Schema;
      /** The answer has a version, told as ETag. */
      readonly hasVersion?: true;
    }
  | { readonly kind: 'text'; readonly status: 200; readonly type: string }
  | { readonly kind: 'none'; readonly status: 204 };

/** What a handler is given: everything validated already. */
export interface ApiRequest<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Present except on public routes; ask with `requireIdentity`. */
  readonly identity: Identity | undefined;
  /** The address the connection came from. */
  readonly source: string;
  /** From If-Match; always present where the route asks for it. */
  readonly condition: VersionCondition;
  /** Sets the session cookie, or with undefined removes it. */
  readonly setSessionCookie: (value: string | undefined) => void;
}

export interface ApiAnswer<Body> {
  readonly body?: Body;
  /** Becomes the ETag. */
  readonly version?: number;
  /** Text, or a stream of it, of a `text` answer. */
  readonly text?: string | Readable;
  /** Suggested file name of a download. */
  readonly fileName?: string;
}

export interface RouteDeclaration<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  readonly method: Method;
  /** Below `/api/v1`, with parameters in braces: `/users/{id}`. */
  readonly path: string;
  readonly permission: Permission;
  /** One sentence for the reference. */
  readonly summary: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: BodyDeclaration<Body>;
  /** The request must carry If-Match (428), so that nobody overwrites what they have not seen. */
  readonly needsIfMatch?: true;
  readonly answer: AnswerDeclaration<Answer>;
  readonly handler: (
    request: ApiRequest<z.output<Params>, z.output<Query>, z.output<Body>>,
    services: ApiServices,
  ) => ApiAnswer<z.input<Answer>> | Promise<ApiAnswer<z.input<Answer>>>;
}

/** A declaration of any schemas, as the server and the document read it. */
export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly permission: Permission;
  readonly summary: string;
  readonly params: z.ZodType | undefined;
  readonly query: z.ZodType | undefined;
  readonly body: BodyDeclaration<z.ZodType> | undefined;
  readonly needsIfMatch: boolean;
  readonly answer: AnswerDeclaration<z.ZodType>;
  readonly handler: (
    request: ApiRequest<unknown, unknown, unknown>,
    services: ApiServices,
  ) => ApiAnswer<unknown> | Promise<ApiAnswer<unknown>>;
}

/** Checks that handler and schemas fit each other, then forgets their exact types. */
export function defineRoute<
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodUndefined,
>(declaration: RouteDeclaration<Params, Query, Body, Answer>): Route {
  const { method, path, permission, summary, params, query, body, answer } = declaration;
  return {
    method,
    path,
    permission,
    summary,
    params,
    query,
    body,
    needsIfMatch: declaration.needsIfMatch ?? false,
    answer,
    // The server validates with these very schemas before it calls the handler.
    handler: declaration.handler as Route['handler'],
  };
}
