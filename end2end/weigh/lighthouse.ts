// Lighthouse in a Chromium of its own, in which somebody can be signed in.

import { createServer } from 'node:net';

import type { Browser, PlaywrightWorkerArgs } from '@playwright/test';
import lighthouse, { desktopConfig, type Flags, type Result } from 'lighthouse';

import { launchOptions } from '../fixtures/browser.ts';
import type { StorageState } from '../fixtures/people.ts';

export const PRESETS = ['desktop', 'mobile'] as const;
export type Preset = (typeof PRESETS)[number];

export const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const;

/** What Lighthouse asks to run again for. */
const LOST = ['NO_NAVSTART', 'NO_FCP', 'NO_LCP', 'NO_SCREENSHOTS', 'SPEEDINDEX_OF_ZERO', 'NO_TRACING_STARTED', 'NO_RESOURCE_REQUEST'];
const ATTEMPTS = 4;

export class Lighthouse {
  readonly #browser: Browser;
  readonly #port: number;

  private constructor(browser: Browser, port: number) {
    this.#browser = browser;
    this.#port = port;
  }

  static async start(playwright: PlaywrightWorkerArgs['playwright']): Promise<Lighthouse> {
    const port = await freePort();
    const args = [...launchOptions.args, `--remote-debugging-port=${port}`];
    return new Lighthouse(await playwright.chromium.launch({ ...launchOptions, args }), port);
  }

  async end(): Promise<void> {
    await this.#browser.close();
  }

  /** From now on pages are seen as somebody who is signed in sees them. */
  async signIn({ cookies }: StorageState, url: string): Promise<void> {
    const session = await this.#browser.newBrowserCDPSession();
    // A session cookie has no end, and -1 would be one long ago.
    const lasting = cookies.map(({ expires, ...cookie }) => ({ ...cookie, url, ...(expires < 0 ? {} : { expires }) }));
    await session.send('Storage.setCookies', { cookies: lasting });
    await session.detach();
  }

  /** One load with an empty cache. */
  async judge(url: string, preset: Preset): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      const result = await this.#load(url, preset);
      const { runtimeError: error, finalDisplayedUrl: led } = result;
      if (error === undefined) {
        if (led !== url) throw new Error(`${url} led to ${led}`);
        return result;
      }
      // On a busy machine a trace may have lost what is needed of it.
      if (!LOST.includes(error.code) || attempt === ATTEMPTS) throw new Error(`${url}: ${error.message}`);
    }
  }

  async #load(url: string, preset: Preset): Promise<Result> {
    const flags: Flags = { port: this.#port, logLevel: 'silent', onlyCategories: [...CATEGORIES], disableFullPageScreenshot: true };
    const { lhr } = (await lighthouse(url, flags, preset === 'desktop' ? desktopConfig : undefined)) ?? {};
    if (lhr === undefined) throw new Error(`Lighthouse gave nothing for ${url}`);
    return lhr;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
