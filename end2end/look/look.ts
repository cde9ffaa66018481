// A picture of every page, as wide as a desk and as a phone, in light and dark.

import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { PAGES, showFirstList, showWelcome } from '../fixtures/pages.ts';
import { test } from '../fixtures/test.ts';

const folder = process.env['GROUNDGLASS_LOOK'] ?? join(import.meta.dirname, '../test-results/look');

async function take(page: Page, name: string): Promise<void> {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const path = join(folder, `${name.replaceAll(' ', '-')}-${width}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true, animations: 'disabled' });
    }
  }
}

for (const { name, who, status, show } of PAGES) {
  test.describe(() => {
    test.use({ as: who });
    test(name, async ({ page, content, script, complaints }) => {
      if (status >= 400) complaints.status(status);
      await show(page, content, script);
      await take(page, name);
    });
  });
}

test('welcome and the first list', async ({ page, bareServer }) => {
  await bareServer.start();
  await showWelcome(page, bareServer);
  await take(page, 'welcome');
  await showFirstList(page, bareServer);
  await take(page, 'projects empty');
});
