// Screenshots of every page, to review by eye: `GROUNDGLASS_SCREENSHOTS=<folder> npm run screenshots`. Nothing is compared.

import { defineConfig } from '@playwright/test';

import { launchOptions } from '../fixtures/browser.ts';
import type { TestOptions } from '../fixtures/test.ts';

export default defineConfig<object, TestOptions>({
  testDir: '.',
  outputDir: '../test-results',
  testMatch: 'page-screenshots.ts',
  workers: 1,
  timeout: 60_000,
  use: { browserName: 'chromium', launchOptions, engine: 'sqlite', locale: 'en-US' },
});
