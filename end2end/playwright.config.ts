// The tests in `tests/`: the real binary, a real database, a real browser.

import { defineConfig } from '@playwright/test';

import { launchOptions } from './fixtures/browser.ts';
import type { TestOptions } from './fixtures/test.ts';

// The smoke test and the backup test run on both engines. Other differences between the engines are covered by the tests of
// `tracker`.
const onBothEngines = ['smoke.spec.ts', 'backup.spec.ts'];
const postgres = { name: 'postgres', testMatch: onBothEngines, use: { engine: 'postgres' } } as const;

// Needs a Python with the packages of the examples: a separate part of `cargo xtask test`.
const examplesSpec = 'examples.spec.ts';
const examples = { name: 'examples', testMatch: examplesSpec, use: { engine: 'sqlite' } } as const;

export default defineConfig<object, TestOptions>({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: true,
  workers: 2,
  // An overloaded CI machine gets one retry, and the report names the tests that needed it. There are no retries locally.
  retries: process.env['CI'] === undefined ? 0 : 1,
  // If hydration is broken, every test fails, each after its timeout.
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
    // A trace shows more but costs a third of the time: `npx playwright test --trace retain-on-failure`.
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'sqlite', testIgnore: examplesSpec, use: { engine: 'sqlite' } },
    ...(process.env['GROUNDGLASS_TEST_POSTGRES_URL'] === undefined ? [] : [postgres]),
    ...(process.env['GROUNDGLASS_EXAMPLES_PYTHON'] === undefined ? [] : [examples]),
  ],
});
