// The pictures in the README: `cargo xtask pictures`. Not a test, so nothing is compared.

import { defineConfig } from '@playwright/test';

import { launchOptions } from '../fixtures/browser.ts';

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results/pictures',
  testMatch: 'pictures.ts',
  reporter: 'line',
  workers: 1,
  timeout: 5 * 60_000,
  use: { browserName: 'chromium', launchOptions },
});
