/** Who is logged in, and what this account may do. */
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

  constructor() {
    api.onUnauthorized = () => {
      if (this.#stage === 'open' || this.#stage === 'password-change') {
        this.#hasExpired = true;
        this.#close();
      }
    };
  }

  get stage(): SessionStage {
    return this.#stage;
  }

  get hasExpired(): boolean {
    return this.#hasExpired;
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
        await this.#accept(await api.get<SessionDocument>('/session'));
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

  /** Throws `ApiError` when the credentials are refused. */
  async logIn(login: string, password: string): Promise<void> {
    await this.#accept(await api.post<SessionDocument>('/session', { login, password }));
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
      await api.request('DELETE', '/session');
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
    api.csrfToken = document.csrfToken;
    this.#document = document;
    await i18n.follow(document.account.language);
    this.#hasExpired = false;
    this.#stage = document.mustChangePassword ? 'password-change' : 'open';
  }

  #close(): void {
    api.csrfToken = '';
    this.#document = undefined;
    this.#stage = 'logged-out';
  }
}

export const session = new Session();
