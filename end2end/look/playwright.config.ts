// Pictures of every page, for people to look at: `GROUNDGLASS_LOOK=<folder> npm run look`. Not a test, so nothing is compared.

import { defineConfig } from '@playwright/test';

import { launchOptions } from '../fixtures/browser.ts';
import type { Options } from '../fixtures/test.ts';

export default defineConfig<object, Options>({
  testDir: '.',
  outputDir: '../test-results',
  testMatch: 'look.ts',
  workers: 1,
  timeout: 60_000,
  use: { browserName: 'chromium', launchOptions, engine: 'sqlite', locale: 'en-US' },
});
