// Takes screenshots of every page at 1440 and 390 pixels of width, in light and dark.

import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { createFirstOwner, openWelcome, PAGES } from '../fixtures/pages.ts';
import { test } from '../fixtures/test.ts';

const folder = process.env['GROUNDGLASS_SCREENSHOTS'] ?? join(import.meta.dirname, '../test-results/page-screenshots');

async function takeScreenshots(page: Page, name: string): Promise<void> {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const path = join(folder, `${name.replaceAll(' ', '-')}-${width}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true, animations: 'disabled' });
    }
  }
}

for (const { name, user, status, open } of PAGES) {
  test.describe(() => {
    test.use({ user });
    test(name, async ({ page, content, script, browserErrors }) => {
      if (status >= 400) browserErrors.expectStatus(status);
      await open(page, content, script);
      await takeScreenshots(page, name);
    });
  });
}

test('welcome and projects empty', async ({ page, freshServer }) => {
  await freshServer.start();
  await openWelcome(page, freshServer);
  await takeScreenshots(page, 'welcome');
  await createFirstOwner(page, freshServer);
  await takeScreenshots(page, 'projects empty');
});
