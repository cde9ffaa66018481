// Screenshots for the README: `cargo xtask pictures`. Nothing is compared.

import { defineConfig } from '@playwright/test';

import { launchOptions } from '../fixtures/browser.ts';

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results/readme-screenshots',
  testMatch: 'readme-screenshots.ts',
  reporter: 'line',
  workers: 1,
  timeout: 5 * 60_000,
  use: { browserName: 'chromium', launchOptions },
});
