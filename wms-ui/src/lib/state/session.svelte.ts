/**
 * Who is logged in, and what this account may do. A session that ends by itself leaves the page as it
 * is: whoever logs in again as the same account goes on, anybody else gets a page of his own.
 */
import type { Session as SessionDocument } from '../../../../system/management-plane/api/routes/session/schema.ts';
import { api } from '../api/client.ts';
import { ApiError } from '../api/problem.ts';
import { i18n } from '../i18n/i18n.svelte.ts';

export type Account = SessionDocument['account'];
export type AccountPermission = SessionDocument['permissions'][number];

export type PasswordPolicy = SessionDocument['passwordPolicy'];

export type SessionStage = 'starting' | 'unreachable' | 'logged-out' | 'password-change' | 'open';

const retryMs = 2_000;

class Session {
  #stage = $state<SessionStage>('starting');
  #document = $state.raw<SessionDocument | undefined>();
  /** Why the login page is shown: the session ended by itself. */
  #hasExpired = $state(false);
  /** The session ended under an open page; settled with whether the same account is back. */
  #interruption = $state.raw<PromiseWithResolvers<boolean> | undefined>();
  #login = '';

  constructor() {
    api.onSessionEnded = async () => this.#interrupt();
  }

  get stage(): SessionStage {
    return this.#stage;
  }

  get hasExpired(): boolean {
    return this.#hasExpired;
  }

  /** Whether the page waits behind a question for the password. */
  get isInterrupted(): boolean {
    return this.#interruption !== undefined;
  }

  /** With what this page was logged in last; empty where the browser's cookie did it. */
  get login(): string {
    return this.#login;
  }

  get account(): Account {
    if (this.#document === undefined) {
      throw new Error('There is no session.');
    }
    return this.#document.account;
  }

  get systemName(): string {
    return this.#document?.systemName ?? 'Campanile';
  }

  get passwordPolicy(): PasswordPolicy | undefined {
    return this.#document?.passwordPolicy;
  }

  may(permission: AccountPermission): boolean {
    return this.#document?.permissions.includes(permission) ?? false;
  }

  /** Takes up the session of the browser's cookie, if there is one; waits for the server. */
  async restore(): Promise<void> {
    for (;;) {
      try {
        await this.adopt();
        return;
      } catch (error) {
        if (error instanceof ApiError && error.status > 0 && error.status < 500) {
          this.#close();
          return;
        }
        this.#stage = 'unreachable';
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }

  /** Takes the session of the browser's cookie. Throws `ApiError` where there is none. */
  async adopt(): Promise<void> {
    await this.#accept(await api.get<SessionDocument>('/session', { isAboutSession: true }));
  }

  /** Throws `ApiError` when the credentials are refused. */
  async logIn(login: string, password: string): Promise<void> {
    const body = { login, password };
    const document = await api.post<SessionDocument>('/session', body, { isAboutSession: true });
    this.#login = login;
    await this.#accept(document);
  }

  /** Gives the page up that waits for another session. */
  leave(): void {
    this.#hasExpired = true;
    this.#close();
  }

  async changePassword(currentPassword: string, newPassword: string): Promise<void> {
    await this.#accept(
      await api.post<SessionDocument>(
        '/session/password',
        { currentPassword, newPassword },
        { isRenewal: true },
      ),
    );
  }

  async logOut(): Promise<void> {
    try {
      await api.request('DELETE', '/session', { isAboutSession: true });
    } finally {
      this.#hasExpired = false;
      this.#close();
    }
  }

  /** Asks the server whether the session still stands; a 401 ends it here. */
  async check(): Promise<void> {
    await this.#accept(await api.get<SessionDocument>('/session'));
  }

  async #accept(document: SessionDocument): Promise<void> {
    const before = this.#document?.account.id;
    if (before !== undefined && before !== document.account.id) {
      this.#startAnew();
      return;
    }
    api.csrfToken = document.csrfToken;
    this.#document = document;
    await i18n.follow(document.account.language);
    this.#hasExpired = false;
    this.#stage = document.mustChangePassword ? 'password-change' : 'open';
    this.#settle(!document.mustChangePassword);
  }

  async #interrupt(): Promise<boolean> {
    if (this.#stage === 'open') {
      this.#interruption ??= Promise.withResolvers<boolean>();
      return this.#interruption.promise;
    }
    if (this.#stage === 'password-change') {
      this.leave();
    }
    return false;
  }

  #settle(isBack: boolean): void {
    this.#interruption?.resolve(isBack);
    this.#interruption = undefined;
  }

  /** Nothing of what one account saw or typed is left to another. */
  #startAnew(): void {
    this.#stage = 'starting';
    this.#document = undefined;
    this.#settle(false);
    location.reload();
  }

  #close(): void {
    api.csrfToken = '';
    this.#document = undefined;
    this.#stage = 'logged-out';
    this.#settle(false);
  }
}

export const session = new Session();
