// The tests in `tests/`: the real program, a real database, a real browser.

import { defineConfig } from '@playwright/test';

import { launchOptions } from './fixtures/browser.ts';
import type { Options } from './fixtures/test.ts';

// The one walk through everything and the way through a backup run on both engines; the rest of what differs is the tracker's,
// whose own tests do.
const onBothEngines = ['tour.spec.ts', 'backup.spec.ts'];
const postgres = { name: 'postgres', testMatch: onBothEngines, use: { engine: 'postgres' } } as const;

// These need a Python with everything that the examples ask for: a part of `cargo xtask test` of their own.
const ofExamples = 'examples.spec.ts';
const examples = { name: 'examples', testMatch: ofExamples, use: { engine: 'sqlite' } } as const;

export default defineConfig<object, Options>({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: true,
  workers: 2,
  // A starved machine in CI gets a second try, and the report names what needed it; at the desk nothing is forgiven.
  retries: process.env['CI'] === undefined ? 0 : 1,
  // When pages do not come alive everything fails, and each test waits for it.
  maxFailures: 30,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 30_000,
  expect: { timeout: 5_000 },
  use: {
    browserName: 'chromium',
    launchOptions,
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    timezoneId: 'UTC',
    // A trace tells more and costs a third of the time: `npx playwright test --trace retain-on-failure`.
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'sqlite', testIgnore: ofExamples, use: { engine: 'sqlite' } },
    ...(process.env['GROUNDGLASS_TEST_POSTGRES_URL'] === undefined ? [] : [postgres]),
    ...(process.env['GROUNDGLASS_EXAMPLES_PYTHON'] === undefined ? [] : [examples]),
  ],
});
