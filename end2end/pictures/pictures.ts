// Takes the README's pictures of an experiment, in light and in dark, as wide as a desk and as a phone.

import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { type BrowserContextOptions, expect, type Page, test } from '@playwright/test';

import { visit } from '../fixtures/hydrated.ts';
import { openPlace } from '../fixtures/place.ts';

const FOLDER = process.env['GROUNDGLASS_PICTURES'] ?? join(import.meta.dirname, '../../docs/pictures');
/** A README is read over thin lines too. */
const MOST_BYTES = 250_000;

const DESK = { viewport: { width: 1440, height: 900 } };
const PHONE = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

interface Picture {
  name: string;
  tab: string;
  device: BrowserContextOptions;
  /** Waits until everything in sight is there. */
  ready: (page: Page) => Promise<void>;
}

const PICTURES: Picture[] = [
  { name: 'logs', tab: 'logs', device: DESK, ready: chartsDrawn },
  { name: 'artifacts', tab: 'artifacts', device: DESK, ready: async (page) => await page.locator('tr.artifact').first().waitFor() },
  { name: 'phone', tab: 'logs', device: PHONE, ready: chartsDrawn },
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
