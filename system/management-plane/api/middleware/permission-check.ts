/** Default deny: a route's permission is asked before its handler exists for the request. */
import { ApiError } from '../errors/api-error.ts';
import { isPermitted, type Permission } from '../permission.ts';
import type { ApiMiddleware } from './api-state.ts';

/** While the password must be changed only this permission holds. */
const ownSession: Permission = 'session.own';

export function permissionCheck(permission: Permission): ApiMiddleware {
  return (ctx, next) => {
    if (permission === 'public') {
      return next();
    }
    const { identity } = ctx.state;
    if (identity === undefined) {
      ctx.set('WWW-Authenticate', 'Bearer realm="campanile"');
      throw new ApiError('unauthenticated', 'Log in, or send a valid token.');
    }
    if (!isPermitted(identity.actor.role, permission)) {
      throw new ApiError('forbidden', `This account may not do this (${permission}).`);
    }
    if (identity.mustChangePassword && permission !== ownSession) {
      throw new ApiError('must-change-password', 'Set a new password first.');
    }
    return next();
  };
}
