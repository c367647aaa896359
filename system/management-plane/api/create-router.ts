/** Registers the declared routes; a declaration that is not safe to serve stops the start. */
import Router from '@koa/router';
import { apiPrefix } from './api-prefix.ts';
import type { ApiServices } from './api-services.ts';
import { handleRoute } from './handle-route.ts';
import type { Authenticator } from './identity.ts';
import type { ApiMiddleware } from './middleware/api-state.ts';
import { authentication } from './middleware/authentication.ts';
import { crossSite } from './middleware/cross-site.ts';
import { permissionCheck } from './middleware/permission-check.ts';
import { rolesOfPermission } from './permission.ts';
import type { Route } from './route.ts';

export interface RouterOptions {
  readonly routes: readonly Route[];
  readonly services: ApiServices;
  readonly authenticator: Authenticator;
}

/** Throws for a route without a declared permission (design rule 1), or one that is there twice. */
export function createRouter({ routes, services, authenticator }: RouterOptions): ApiMiddleware[] {
  requireSoundRoutes(routes);
  const router = new Router({ prefix: apiPrefix });
  const authenticate = authentication(authenticator);
  const refuseCrossSite = crossSite();
  for (const route of [...routes].sort(fixedPathsFirst)) {
    router.register(
      toRouterPath(route.path),
      [route.method],
      [
        authenticate,
        refuseCrossSite,
        permissionCheck(route.permission),
        handleRoute(route, services),
      ] as never,
      { name: `${route.method} ${route.path}` },
    );
  }
  return [router.routes() as ApiMiddleware, router.allowedMethods() as ApiMiddleware];
}

function requireSoundRoutes(routes: readonly Route[]): void {
  const names = new Set<string>();
  for (const { method, path, permission } of routes) {
    const name = `${method} ${path}`;
    // The type says it cannot be missing; a table from elsewhere, or a cast, might disagree.
    if (permission !== 'public' && !Object.hasOwn(rolesOfPermission, permission)) {
      throw new Error(`The route ${name} declares no known permission.`);
    }
    if (names.has(name)) {
      throw new Error(`The route ${name} is declared twice.`);
    }
    names.add(name);
  }
}

/** `/users/export.csv` must be asked before `/users/{id}`. */
function fixedPathsFirst(a: Route, b: Route): number {
  return Number(a.path.includes('{')) - Number(b.path.includes('{'));
}

function toRouterPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}
