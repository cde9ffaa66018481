// Runs Lighthouse in its own Chromium, optionally as a signed-in user.

import { createServer } from 'node:net';

import type { Browser, PlaywrightWorkerArgs } from '@playwright/test';
import lighthouse, { desktopConfig, type Flags, type Result } from 'lighthouse';

import { launchOptions } from '../fixtures/browser.ts';
import type { StorageState } from '../fixtures/users.ts';

export const PRESETS = ['desktop', 'mobile'] as const;
export type Preset = (typeof PRESETS)[number];

export const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const;

/** Errors after which Lighthouse recommends to run again. */
const RETRYABLE = ['NO_NAVSTART', 'NO_FCP', 'NO_LCP', 'NO_SCREENSHOTS', 'SPEEDINDEX_OF_ZERO', 'NO_TRACING_STARTED', 'NO_RESOURCE_REQUEST'];
const MAX_ATTEMPTS = 4;

export class Lighthouse {
  readonly #browser: Browser;
  readonly #port: number;

  private constructor(browser: Browser, port: number) {
    this.#browser = browser;
    this.#port = port;
  }

  static async start(playwright: PlaywrightWorkerArgs['playwright']): Promise<Lighthouse> {
    const port = await findFreePort();
    const args = [...launchOptions.args, `--remote-debugging-port=${port}`];
    return new Lighthouse(await playwright.chromium.launch({ ...launchOptions, args }), port);
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  /** Sets the cookies of a signed-in user for all later audits. */
  async signIn({ cookies }: StorageState, url: string): Promise<void> {
    const session = await this.#browser.newBrowserCDPSession();
    // Playwright gives session cookies an expiry of -1, which the protocol would read as a time in the past.
    const withoutExpiry = cookies.map(({ expires, ...cookie }) => ({ ...cookie, url, ...(expires < 0 ? {} : { expires }) }));
    await session.send('Storage.setCookies', { cookies: withoutExpiry });
    await session.detach();
  }

  /** Audits one load with an empty cache; tries up to four times. Throws if the page redirects. */
  async audit(url: string, preset: Preset): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      const result = await this.#auditOnce(url, preset);
      const { runtimeError: error, finalDisplayedUrl: finalUrl } = result;
      if (error === undefined) {
        if (finalUrl !== url) throw new Error(`${url} redirected to ${finalUrl}`);
        return result;
      }
      // On a busy machine the trace may lack events that Lighthouse needs.
      if (!RETRYABLE.includes(error.code) || attempt === MAX_ATTEMPTS) throw new Error(`${url}: ${error.message}`);
    }
  }

  async #auditOnce(url: string, preset: Preset): Promise<Result> {
    const flags: Flags = { port: this.#port, logLevel: 'silent', onlyCategories: [...CATEGORIES], disableFullPageScreenshot: true };
    const { lhr } = (await lighthouse(url, flags, preset === 'desktop' ? desktopConfig : undefined)) ?? {};
    if (lhr === undefined) throw new Error(`Lighthouse returned no result for ${url}`);
    return lhr;
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
