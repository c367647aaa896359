/**
 * A list that the server searches, sorts and pages; only the rows of one page are here. Its view
 * (search, sort, page) is mirrored in the address, so that reload, back and links keep it.
 */
import { api, type QueryParameters } from '../api/client.ts';
import { router } from '../router/router.svelte.ts';
import { Resource } from './resource.svelte.ts';

export const pageSizes = [20, 50, 100] as const;

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
}

export type Direction = 'asc' | 'desc';

interface ListOptions {
  readonly path: string;
  readonly sort: string;
  readonly direction?: Direction;
  /** Names of filters kept in the address beside the search. */
  readonly filters?: readonly string[];
  /** Those of them that choose which list is shown and do not narrow it. */
  readonly scopes?: readonly string[];
  /** Turns the filters of the page into parameters of the API. */
  readonly toParameters?: (filters: Readonly<Record<string, string>>) => QueryParameters;
}

/** Long enough to type a word, short enough to feel at once. */
const typingDelayMs = 180;
/** The most that the server gives at once. */
const largestPage = 200;

export class ListState<Item> {
  #options: ListOptions;
  #resource: Resource<Page<Item>>;
  #search = $state('');
  #sort = $state('');
  #direction = $state<Direction>('asc');
  #page = $state(1);
  #pageSize = $state<number>(pageSizes[0]);
  #filters = $state.raw<Readonly<Record<string, string>>>({});
  #typingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ListOptions) {
    this.#options = options;
    const query = router.query;
    this.#search = query['search'] ?? '';
    this.#sort = query['sort'] ?? options.sort;
    this.#direction =
      query['direction'] === undefined
        ? (options.direction ?? 'asc')
        : query['direction'] === 'desc'
          ? 'desc'
          : 'asc';
    this.#page = Math.max(1, Number.parseInt(query['page'] ?? '1', 10) || 1);
    const wanted = Number.parseInt(query['pageSize'] ?? '', 10);
    this.#pageSize = pageSizes.find((size) => size === wanted) ?? pageSizes[0];
    this.#filters = Object.fromEntries(
      (options.filters ?? []).flatMap((name) => {
        const value = query[name];
        return value === undefined ? [] : [[name, value]];
      }),
    );
    this.#resource = new Resource<Page<Item>>(async (signal) =>
      api.get<Page<Item>>(options.path, { query: this.#parameters(), signal }),
    );
  }

  get rows(): readonly Item[] | undefined {
    return this.#resource.value?.items;
  }

  get total(): number {
    return this.#resource.value?.total ?? 0;
  }

  get error(): unknown {
    return this.#resource.error;
  }

  get isLoading(): boolean {
    return this.#resource.isLoading;
  }

  get search(): string {
    return this.#search;
  }

  get sort(): string {
    return this.#sort;
  }

  get direction(): Direction {
    return this.#direction;
  }

  get page(): number {
    return this.#page;
  }

  get pageSize(): number {
    return this.#pageSize;
  }

  get pageCount(): number {
    return Math.max(1, Math.ceil(this.total / this.#pageSize));
  }

  /** Number of the first row that is here, from 1; 0 when there is none. The wanted page may be another. */
  get firstRow(): number {
    const shown = this.#resource.value;
    return shown === undefined || shown.items.length === 0
      ? 0
      : (shown.page - 1) * shown.pageSize + 1;
  }

  get filters(): Readonly<Record<string, string>> {
    return this.#filters;
  }

  /** Whether search or filters hide rows. */
  get isNarrowed(): boolean {
    return (
      this.#search !== '' ||
      Object.entries(this.#filters).some(([name, value]) => value !== '' && !this.#isScope(name))
    );
  }

  async refresh(): Promise<void> {
    await this.#resource.refresh();
    // The last row of the last page was removed: show the page that is now the last.
    if (this.#page > this.pageCount && this.#resource.error === undefined) {
      this.#page = this.pageCount;
      this.#mirror();
      await this.#resource.refresh();
    }
  }

  searchFor(text: string): void {
    this.#search = text;
    this.#showSoon();
  }

  sortBy(key: string): void {
    const isSame = this.#sort === key;
    this.#direction = isSame && this.#direction === 'asc' ? 'desc' : 'asc';
    this.#sort = key;
    this.#show(1);
  }

  filterBy(filters: Readonly<Record<string, string>>): void {
    this.#filters = { ...this.#filters, ...filters };
    this.#show(1);
  }

  /** For filters that are typed, not chosen. */
  filterSoon(filters: Readonly<Record<string, string>>): void {
    this.#filters = { ...this.#filters, ...filters };
    this.#showSoon();
  }

  clear(): void {
    this.#search = '';
    this.#filters = Object.fromEntries(
      Object.entries(this.#filters).filter(([name]) => this.#isScope(name)),
    );
    this.#show(1);
  }

  goTo(page: number): void {
    this.#show(Math.min(Math.max(1, page), this.pageCount));
  }

  resize(pageSize: number): void {
    this.#pageSize = pageSize;
    this.#show(1);
  }

  close(): void {
    clearTimeout(this.#typingTimer);
    this.#resource.close();
  }

  /** Every row that search and filters leave, page by page. */
  async fetchAll(): Promise<readonly Item[]> {
    const rows: Item[] = [];
    const query = { ...this.#parameters(), pageSize: largestPage };
    for (let page = 1; (page - 1) * largestPage < this.total; page += 1) {
      const { items } = await api.get<Page<Item>>(this.#options.path, {
        query: { ...query, page },
      });
      rows.push(...items);
    }
    return rows;
  }

  /** What narrows the list, for exports of the same rows. */
  get narrowing(): QueryParameters {
    return this.#options.toParameters?.(this.#filters) ?? this.#filters;
  }

  #parameters(): QueryParameters {
    return {
      ...this.narrowing,
      search: this.#search === '' ? undefined : this.#search,
      sort: this.#sort,
      direction: this.#direction,
      page: this.#page,
      pageSize: this.#pageSize,
    };
  }

  #isScope(filter: string): boolean {
    return this.#options.scopes?.includes(filter) === true;
  }

  #showSoon(): void {
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => {
      this.#show(1);
    }, typingDelayMs);
  }

  #show(page: number): void {
    this.#page = page;
    this.#mirror();
    void this.refresh();
  }

  #mirror(): void {
    const { sort, direction = 'asc' } = this.#options;
    router.replaceQuery({
      ...this.#filters,
      search: this.#search,
      sort: this.#sort === sort ? undefined : this.#sort,
      direction: this.#sort === sort && this.#direction === direction ? undefined : this.#direction,
      page: this.#page === 1 ? undefined : this.#page,
      pageSize: this.#pageSize === pageSizes[0] ? undefined : this.#pageSize,
    });
  }
}
