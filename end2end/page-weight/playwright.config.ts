// Transfer sizes and Lighthouse scores of the pages: `cargo xtask bench pages`. Not part of the tests.

import { defineConfig } from '@playwright/test';

import { launchOptions } from '../fixtures/browser.ts';

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results/page-weight',
  testMatch: 'page-weight.ts',
  reporter: 'line',
  workers: 1,
  timeout: 30 * 60_000,
  use: { browserName: 'chromium', launchOptions },
});
