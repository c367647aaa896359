/** What the middleware of one request hands on; typed, so that no step guesses at names. */
import type { Middleware, ParameterizedContext } from 'koa';
import type { Identity } from '../request/identity.ts';

export interface ApiState {
  requestId: string;
  /** The address the connection came from, IPv4 written as IPv4. */
  source: string;
  identity?: Identity | undefined;
}

export type ApiContext = ParameterizedContext<ApiState>;
export type ApiMiddleware = Middleware<ApiState>;
