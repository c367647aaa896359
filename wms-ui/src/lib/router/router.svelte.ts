/**
 * Client routing over the history API, without hashes. Plain links work: a click on an address of
 * this site is taken over, everything else is left to the browser. A page with unsaved changes
 * installs a guard that is asked before it is left.
 */
import { parseQuery, serializeQuery, type Query } from './query.ts';

/** Resolves true when the page may be left. */
export type LeaveGuard = () => Promise<boolean>;

class Router {
  #path = $state(location.pathname);
  #query = $state.raw<Query>(parseQuery(location.search));
  #guards = new Set<LeaveGuard>();
  #visits = $state(0);

  /** Changes when the shown page is asked for again, as by its entry in the menu: it begins anew. */
  get visits(): number {
    return this.#visits;
  }

  get path(): string {
    return this.#path;
  }

  get query(): Query {
    return this.#query;
  }

  start(): void {
    addEventListener('popstate', () => {
      void this.#followHistory();
    });
    document.addEventListener('click', (event) => {
      this.#followLink(event);
    });
  }

  /** Goes to a path of WMS; false when a guard kept the user on the page. */
  async navigate(address: string, options: { readonly replace?: boolean } = {}): Promise<boolean> {
    if (!(await this.#mayLeave())) {
      return false;
    }
    if (options.replace === true) {
      history.replaceState(null, '', address);
    } else {
      history.pushState(null, '', address);
    }
    if (location.pathname === this.#path) {
      this.#visits += 1;
    }
    this.#read();
    return true;
  }

  /** Changes the part behind `?` in place: filters and pages are kept for reload and links. */
  replaceQuery(query: Readonly<Record<string, string | number | undefined>>): void {
    history.replaceState(null, '', `${this.#path}${serializeQuery(query)}`);
    this.#query = parseQuery(location.search);
  }

  /** Asks before leaving until the returned function is called. */
  guard(guard: LeaveGuard): () => void {
    this.#guards.add(guard);
    return () => {
      this.#guards.delete(guard);
    };
  }

  async #mayLeave(): Promise<boolean> {
    for (const guard of this.#guards) {
      if (!(await guard())) {
        return false;
      }
    }
    return true;
  }

  #read(): void {
    this.#path = location.pathname;
    this.#query = parseQuery(location.search);
  }

  async #followHistory(): Promise<void> {
    if (await this.#mayLeave()) {
      this.#read();
    } else {
      history.pushState(null, '', `${this.#path}${serializeQuery(this.#query)}`);
    }
  }

  #followLink(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) {
      return;
    }
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
      return;
    }
    const link = event.target instanceof Element ? event.target.closest('a') : undefined;
    if (link?.target !== '' || link.hasAttribute('download')) {
      return;
    }
    const url = new URL(link.href);
    if (url.origin !== location.origin || url.pathname.startsWith('/api/')) {
      return;
    }
    if (url.hash !== '' && url.pathname === location.pathname) {
      return;
    }
    event.preventDefault();
    void this.navigate(`${url.pathname}${url.search}`);
  }
}

export const router = new Router();
