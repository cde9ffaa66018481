// Takes the README's screenshots of an experiment, in light and dark, on a desktop and on a phone.

import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { type BrowserContextOptions, expect, type Page, test } from '@playwright/test';

import { visit } from '../fixtures/navigation.ts';
import { openTestInstance } from '../fixtures/test-instance.ts';

const FOLDER = process.env['GROUNDGLASS_PICTURES'] ?? join(import.meta.dirname, '../../docs/pictures');
/** The README must load fast on slow connections too. */
const MAX_BYTES = 250_000;

const desktop = (height: number) => ({ viewport: { width: 1440, height } });
const PHONE = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

interface Screenshot {
  name: string;
  tab: string;
  device: BrowserContextOptions;
  /** Waits until everything in the viewport is drawn. */
  ready: (page: Page) => Promise<void>;
}

const SCREENSHOTS: Screenshot[] = [
  { name: 'logs', tab: 'logs', device: desktop(1040), ready: waitForVisibleCharts },
  { name: 'predictions', tab: 'logs', device: desktop(900), ready: async (page) => await scrollTo(page, '.logs-section:has(article.log-image)') },
  { name: 'artifacts', tab: 'artifacts', device: desktop(600), ready: async (page) => await page.locator('tr.artifact').first().waitFor() },
  { name: 'phone', tab: 'logs', device: PHONE, ready: async (page) => await scrollTo(page, 'article.log-line') },
];

/** Waits until every card in or above the viewport has drawn its chart. */
async function waitForVisibleCharts(page: Page): Promise<void> {
  const undrawn = async () =>
    await page.locator('article[data-name]').evaluateAll((cards) =>
      cards
        .filter((card) => card.querySelector('[data-plot]') !== null && card.getBoundingClientRect().top < innerHeight)
        .filter((card) => !card.classList.contains('drawn'))
        .map((card) => card.getAttribute('data-name')),
    );
  await expect.poll(undrawn).toEqual([]);
}

/** Scrolls to the first matching element, with 64 pixels above it for the sticky toolbar, and waits for the charts. */
async function scrollTo(page: Page, selector: string): Promise<void> {
  await page.locator(selector).first().evaluate((found) => scrollBy(0, found.getBoundingClientRect().top - 64));
  await waitForVisibleCharts(page);
}

async function waitForImages(page: Page): Promise<void> {
  const incomplete = async () =>
    await page.evaluate(() => [...document.images].filter((image) => image.checkVisibility() && image.loading !== 'lazy' && !image.complete).length);
  await expect.poll(incomplete).toBe(0);
}

test('README screenshots', async ({ browser, playwright }) => {
  mkdirSync(FOLDER, { recursive: true });
  const instance = await openTestInstance(browser, playwright);
  try {
    for (const { name, tab, device, ready } of SCREENSHOTS) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const common = { baseURL: instance.url, storageState: instance.storageState, locale: 'en-US', timezoneId: 'UTC' } as const;
        const context = await browser.newContext({ ...common, ...device, colorScheme, reducedMotion: 'reduce' });
        const page = await context.newPage();
        await visit(page, `${instance.experiment}/${tab}`);
        await ready(page);
        await waitForImages(page);
        const path = join(FOLDER, `${name}-${colorScheme}.png`);
        await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
        const { size } = statSync(path);
        console.log(`\n${path}: ${Math.round(size / 1000)} KB`);
        expect.soft(size, `${path} is small enough for the README`).toBeLessThanOrEqual(MAX_BYTES);
        await context.close();
      }
    }
  } finally {
    await instance.dispose();
  }
});
