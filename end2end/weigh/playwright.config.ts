// What pages weigh and how Lighthouse judges them: `cargo xtask bench pages`. Never part of the tests.

import { defineConfig } from '@playwright/test';

import { launchOptions } from '../fixtures/browser.ts';

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results/weigh',
  testMatch: 'weigh.ts',
  reporter: 'line',
  workers: 1,
  timeout: 30 * 60_000,
  use: { browserName: 'chromium', launchOptions },
});
