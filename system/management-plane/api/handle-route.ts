/** The last step of a request: validate what came, call the handler, send what it gives. */
import type { z } from 'zod';
import { tellIssue } from '../../configuration/tell-issue.ts';
import { ApiError } from './errors/api-error.ts';
import type { ApiServices } from './api-services.ts';
import { parseIfMatch, toEntityTag, type VersionCondition } from './wire/entity-tag.ts';
import { issuesOfZod } from './errors/issues-of-zod.ts';
import type { ApiContext, ApiMiddleware } from './middleware/api-state.ts';
import { openBody, parseJson, readBodyText } from './request/read-body.ts';
import type { ApiAnswer, ApiRequest, BodyDeclaration, Route } from './route.ts';
import { serializeSessionCookie } from './request/session-cookie.ts';

export function handleRoute(route: Route, services: ApiServices): ApiMiddleware {
  return async (ctx) => {
    const request: ApiRequest<unknown, unknown, unknown> = {
      params: parseParams(route.params, ctx),
      query: parseQuery(route.query, ctx),
      condition: requireCondition(route, ctx),
      body: route.body === undefined ? undefined : await parseBody(route.body, ctx),
      identity: ctx.state.identity,
      source: ctx.state.source,
      setSessionCookie: (value) => {
        ctx.set('Set-Cookie', serializeSessionCookie(value));
      },
    };
    send(route, await route.handler(request, services), ctx);
  };
}

function send(route: Route, answer: ApiAnswer<unknown>, ctx: ApiContext): void {
  // Not `no-store`: browsers may keep what they revalidate by ETag, never use it unasked.
  ctx.set('Cache-Control', answer.version === undefined ? 'no-store' : 'private, no-cache');
  ctx.vary('Cookie, Authorization');
  if (answer.version !== undefined) {
    ctx.set('ETag', toEntityTag(answer.version));
  }
  ctx.status = route.answer.status;
  switch (route.answer.kind) {
    case 'none':
      ctx.body = null;
      return;
    case 'json':
      ctx.body = JSON.stringify(answer.body);
      ctx.type = 'application/json';
      return;
    case 'text':
      ctx.body = answer.text ?? '';
      ctx.type = route.answer.type;
      if (answer.fileName !== undefined) {
        ctx.attachment(answer.fileName);
      }
      return;
  }
}

/** Parameters of the path that do not even have the form of an id are unknown ids: 404. */
function parseParams(schema: z.ZodType | undefined, ctx: ApiContext): unknown {
  if (schema === undefined) {
    return undefined;
  }
  const result = schema.safeParse({ ...(ctx['params'] as Record<string, string>) });
  if (!result.success) {
    throw new ApiError('not-found', 'There is nothing of this id.', issuesOfZod(result.error));
  }
  return result.data;
}

function parseQuery(schema: z.ZodType | undefined, ctx: ApiContext): unknown {
  const result = schema?.safeParse({ ...ctx.query }, { error: tellIssue });
  if (result?.success === false) {
    const issues = issuesOfZod(result.error);
    throw new ApiError('invalid-query', 'Query parameters are not valid; see issues.', issues);
  }
  return result?.data;
}

async function parseBody(body: BodyDeclaration<z.ZodType>, ctx: ApiContext): Promise<unknown> {
  if (body.type === 'application/octet-stream') {
    return openBody(ctx.req, body.type);
  }
  const text = await readBodyText(ctx.req, body.type);
  const given = body.type === 'application/json' ? parseJson(text) : text;
  const result = body.schema.safeParse(given, { error: tellIssue });
  if (!result.success) {
    throw new ApiError('invalid', 'Values are not valid; see issues.', issuesOfZod(result.error));
  }
  return result.data;
}

function requireCondition(route: Route, ctx: ApiContext): VersionCondition {
  const condition = parseIfMatch(ctx.req.headers['if-match']);
  if (condition === undefined && route.needsIfMatch) {
    throw new ApiError(
      'precondition-required',
      'Send the ETag of what you saw in If-Match, so that no change of others is overwritten.',
    );
  }
  return condition ?? 'any';
}
