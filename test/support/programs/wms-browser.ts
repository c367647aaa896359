/**
 * Debian's Chromium on the user interface of a daemon under test. A page remembers what its console
 * said: scripts that fail and anything the content security policy blocked are test failures.
 */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { TestDaemon } from '../daemon/daemon.ts';
import { testAdminPassword } from '../management-plane/api-client.ts';

export interface WmsPageOptions {
  readonly locale?: string;
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
}

const height = 800;
/** The machine of a test may be busy with others. */
const patienceMs = 20_000;

/** One browser; each page is a visitor of its own, with own cookies. */
export class WmsBrowser {
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<WmsBrowser> {
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--no-first-run',
      ],
    });
    return new WmsBrowser(browser);
  }

  async open(daemon: Pick<TestDaemon, 'httpsUrl'>, options: WmsPageOptions = {}): Promise<WmsPage> {
    const { locale = 'en-GB', colorScheme = 'light', width = 1280 } = options;
    const settings: BrowserContextOptions = {
      // The certificate is the daemon's own.
      ignoreHTTPSErrors: true,
      viewport: { width, height },
      locale,
      colorScheme,
      reducedMotion: 'reduce',
      acceptDownloads: true,
      baseURL: daemon.httpsUrl,
    };
    const context = await this.#browser.newContext(settings);
    context.setDefaultTimeout(patienceMs);
    return new WmsPage(await context.newPage());
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}

export class WmsPage {
  readonly page: Page;
  /** Failed scripts and violations of the content security policy. */
  readonly problems: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text())) {
        this.problems.push(message.text());
      }
    });
  }

  /** Fills in the login form as it is shown. */
  async logIn(login: string, password: string): Promise<void> {
    await this.page.locator('input[autocomplete=username]').fill(login);
    await this.page.locator('input[autocomplete=current-password]').fill(password);
    await this.page.keyboard.press('Enter');
  }

  /** The administrator, whose own password `ApiClient.firstLogin` has set. */
  async openAsAdmin(path: string): Promise<void> {
    await this.page.goto(path);
    await this.logIn('admin', testAdminPassword);
    await this.page.getByRole('navigation', { includeHidden: true }).first().waitFor({
      state: 'attached',
    });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
