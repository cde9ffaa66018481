// Takes the README's pictures of an experiment, in light and in dark, as wide as a desk and as a phone.

import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { type BrowserContextOptions, expect, type Page, test } from '@playwright/test';

import { visit } from '../fixtures/hydrated.ts';
import { openPlace } from '../fixtures/place.ts';

const FOLDER = process.env['GROUNDGLASS_PICTURES'] ?? join(import.meta.dirname, '../../docs/pictures');
/** A README is read over thin lines too. */
const MOST_BYTES = 250_000;

const desk = (height: number) => ({ viewport: { width: 1440, height } });
const PHONE = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

interface Picture {
  name: string;
  tab: string;
  device: BrowserContextOptions;
  /** Waits until everything in sight is there. */
  ready: (page: Page) => Promise<void>;
}

const PICTURES: Picture[] = [
  { name: 'logs', tab: 'logs', device: desk(1040), ready: chartsDrawn },
  { name: 'predictions', tab: 'logs', device: desk(900), ready: async (page) => await inSight(page, '.logs-section:has(article.log-image)') },
  { name: 'artifacts', tab: 'artifacts', device: desk(600), ready: async (page) => await page.locator('tr.artifact').first().waitFor() },
  { name: 'phone', tab: 'logs', device: PHONE, ready: async (page) => await inSight(page, 'article.log-line') },
];

/** Waits until each card with a chart, as far as it is in sight, has drawn it. */
async function chartsDrawn(page: Page): Promise<void> {
  const undrawn = async () =>
    await page.locator('article[data-name]').evaluateAll((cards) =>
      cards
        .filter((card) => card.querySelector('[data-plot]') !== null && card.getBoundingClientRect().top < innerHeight)
        .filter((card) => !card.classList.contains('drawn'))
        .map((card) => card.getAttribute('data-name')),
    );
  await expect.poll(undrawn).toEqual([]);
}

/** Scrolls to the first such element, and leaves room above it for what stays there: not everything is on top. */
async function inSight(page: Page, selector: string): Promise<void> {
  await page.locator(selector).first().evaluate((found) => scrollBy(0, found.getBoundingClientRect().top - 64));
  await chartsDrawn(page);
}

async function imagesLoaded(page: Page): Promise<void> {
  const missing = async () =>
    await page.evaluate(() => [...document.images].filter((image) => image.checkVisibility() && image.loading !== 'lazy' && !image.complete).length);
  await expect.poll(missing).toBe(0);
}

test('pictures', async ({ browser, playwright }) => {
  mkdirSync(FOLDER, { recursive: true });
  const place = await openPlace(browser, playwright);
  try {
    for (const { name, tab, device, ready } of PICTURES) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const common = { baseURL: place.url, storageState: place.signedIn, locale: 'en-US', timezoneId: 'UTC' } as const;
        const context = await browser.newContext({ ...common, ...device, colorScheme, reducedMotion: 'reduce' });
        const page = await context.newPage();
        await visit(page, `${place.experiment}/${tab}`);
        await ready(page);
        await imagesLoaded(page);
        const path = join(FOLDER, `${name}-${colorScheme}.png`);
        await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
        const { size } = statSync(path);
        console.log(`\n${path}: ${Math.round(size / 1000)} KB`);
        expect.soft(size, `${path} is light enough for a README`).toBeLessThanOrEqual(MOST_BYTES);
        await context.close();
      }
    }
  } finally {
    await place.end();
  }
});
