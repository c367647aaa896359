/**
 * The one websocket of the page. It brings hints that something changed; pages then fetch again.
 * When it breaks it reconnects by itself; after that every page is told to fetch, because hints may
 * have been missed.
 */
import { ApiError } from '../api/problem.ts';
import { reconnectDelayMs } from './backoff.ts';
import { session } from './session.svelte.ts';

/** `reconnected` is ours; the rest are the server's. */
export type HintListener = (type: string) => void;

export type ConnectionState = 'closed' | 'connecting' | 'open' | 'lost';

/** A break shorter than this is not worth a banner. */
const bannerAfterMs = 700;

class Connection {
  #state = $state<ConnectionState>('closed');
  #isBannerDue = $state(false);
  #socket: WebSocket | undefined;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #banner: ReturnType<typeof setTimeout> | undefined;
  #wasOpen = false;
  #listeners = new Set<HintListener>();

  get state(): ConnectionState {
    return this.#state;
  }

  /** Whether the page should say that it no longer hears from the server. */
  get isLost(): boolean {
    return this.#isBannerDue;
  }

  open(): void {
    if (this.#socket !== undefined || this.#retry !== undefined) {
      return;
    }
    this.#state = this.#wasOpen ? 'lost' : 'connecting';
    this.#connect();
  }

  close(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#banner);
    this.#retry = undefined;
    this.#banner = undefined;
    this.#isBannerDue = false;
    this.#wasOpen = false;
    this.#attempt = 0;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.#state = 'closed';
  }

  /** Calls the listener with each hint until the returned function is called. */
  listen(listener: HintListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #connect(): void {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(`${scheme}//${location.host}/api/v1/events`);
    this.#socket = socket;
    socket.addEventListener('open', () => {
      this.#handleOpen();
    });
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      this.#handleMessage(event.data);
    });
    socket.addEventListener('close', () => {
      if (this.#socket === socket) {
        this.#socket = undefined;
        this.#handleLoss();
      }
    });
  }

  #handleOpen(): void {
    clearTimeout(this.#banner);
    this.#banner = undefined;
    this.#isBannerDue = false;
    this.#attempt = 0;
    this.#state = 'open';
    if (this.#wasOpen) {
      this.#tell('reconnected');
    }
    this.#wasOpen = true;
  }

  #handleMessage(data: unknown): void {
    if (typeof data !== 'string') {
      return;
    }
    const hint: unknown = JSON.parse(data);
    if (typeof hint === 'object' && hint !== null && 'type' in hint) {
      this.#tell(String(hint.type));
    }
  }

  #handleLoss(): void {
    this.#state = 'lost';
    this.#banner ??= setTimeout(() => {
      this.#isBannerDue = true;
    }, bannerAfterMs);
    const delayMs = reconnectDelayMs(this.#attempt, Math.random());
    this.#attempt += 1;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      void this.#reconnect();
    }, delayMs);
  }

  /** A refused websocket tells no reason: the session tells whether it is the login. */
  async #reconnect(): Promise<void> {
    try {
      await session.check();
    } catch (error) {
      const isLoggedOut = error instanceof ApiError && error.status === 401;
      if (!isLoggedOut && this.#state === 'lost') {
        this.#handleLoss();
      }
      return;
    }
    if (this.#state === 'lost') {
      this.#connect();
    }
  }

  #tell(type: string): void {
    for (const listener of this.#listeners) {
      listener(type);
    }
  }
}

export const connection = new Connection();
