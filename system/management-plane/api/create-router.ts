/**
 * The way from a path to its handler. What a resource declares is registered with the first request
 * for it; a declaration that is not safe to serve is never served.
 */
import Router from '@koa/router';
import { apiPrefix } from './api-prefix.ts';
import type { ApiServices } from './api-services.ts';
import { handleRoute } from './handle-route.ts';
import type { Authenticator } from './request/identity.ts';
import type { ApiMiddleware } from './middleware/api-state.ts';
import { authentication } from './middleware/authentication.ts';
import { crossSite } from './middleware/cross-site.ts';
import { permissionCheck } from './middleware/permission-check.ts';
import { rolesOfPermission } from './permission.ts';
import type { Route } from './route.ts';
import { loadResource, type Resource, rootOf } from './route-table.ts';

interface RouterOptions {
  readonly services: ApiServices;
  readonly authenticator: Authenticator;
}

/** Finds the resource of a request, loads it when it is the first, and hands the request on. */
export function routeByResource(
  resources: readonly Resource[],
  options: RouterOptions,
): ApiMiddleware {
  const known = new Set(resources.flatMap(({ roots }) => roots));
  const routers = new Map<string, Promise<ApiMiddleware>>();

  async function loadRouter(root: string): Promise<ApiMiddleware> {
    const wanted = resources.filter(({ roots }) => roots.includes(root));
    const routes = (await Promise.all(wanted.map(loadResource))).flat();
    return createRouter({ ...options, routes: routes.filter(({ path }) => rootOf(path) === root) });
  }

  return async (ctx, next) => {
    const root = ctx.path.startsWith(`${apiPrefix}/`)
      ? rootOf(ctx.path.slice(apiPrefix.length))
      : '';
    if (!known.has(root)) {
      await next();
      return;
    }
    const router = routers.get(root) ?? loadRouter(root);
    routers.set(root, router);
    router.catch(() => {
      // What kept its modules from loading may be over with the next request.
      routers.delete(root);
    });
    await (
      await router
    )(ctx, next);
  };
}

/** Throws for a route without a declared permission (design rule 1), or one that is there twice. */
export function createRouter({
  routes,
  services,
  authenticator,
}: RouterOptions & { readonly routes: readonly Route[] }): ApiMiddleware {
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
  const handle = router.routes() as ApiMiddleware;
  const refuseMethods = router.allowedMethods() as ApiMiddleware;
  return (ctx, next) =>
    handle(ctx, () => refuseMethods(ctx, next) as Promise<void>) as Promise<void>;
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
