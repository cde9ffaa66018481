// The WASM's chunks: each comes with the first page that needs it, and no page loads what it does not need.

import type { Page } from '@playwright/test';

import { hydrated, visit } from '../fixtures/hydrated.ts';
import { owner } from '../fixtures/people.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ as: owner });

/** The names of the chunks that the page asks for from now on. */
function chunks(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    const name = /\/((?:split|chunk)_\w+)\.wasm$/.exec(request.url())?.[1];
    if (name !== undefined) asked.push(name);
  });
  return asked;
}

const tab = (page: Page, name: string) => page.getByRole('navigation', { name: 'Experiment' }).getByRole('link', { name });

test('the projects load no chunk', async ({ page }) => {
  const asked = chunks(page);
  await visit(page, '/');
  expect(asked).toEqual([]);
});

test('a tab that is opened loads its chunk, once', async ({ page, content }) => {
  const experiment = await content.experiment(await content.project());
  await visit(page, `${experiment.path}/settings`);
  const asked = chunks(page);
  await tab(page, 'Artifacts').click();
  await expect(page.getByRole('heading', { level: 2, name: 'No artifacts' })).toBeVisible();
  expect(asked).toContain('split_artifacts');
  expect(asked).not.toContain('split_logs');
  await tab(page, 'Settings').click();
  await expect(page.getByRole('heading', { level: 2, name: 'General' })).toBeVisible();
  await tab(page, 'Artifacts').click();
  await expect(page.getByRole('heading', { level: 2, name: 'No artifacts' })).toBeVisible();
  expect(asked.filter((name) => name === 'split_artifacts')).toHaveLength(1);
});

test('the document names the chunks of its page, and the browser asks for each once', async ({ page, content }) => {
  const experiment = await content.experiment(await content.project());
  const asked = chunks(page);
  const text = await (await visit(page, `${experiment.path}/logs`)).text();
  const links = [...text.matchAll(/<link[^>]*>/g)].map(([link]) => link).filter((link) => link.includes('rel="preload"'));
  const named = links.flatMap((link) => /\/((?:split|chunk)_\w+)\.wasm"/.exec(link)?.[1] ?? []);
  expect(new Set(named).size, 'each once').toBe(named.length);
  expect(named).toContain('split_logs');
  expect(named).toContain('split_inner');
  expect(named).not.toContain('split_artifacts');
  expect(new Set(asked).size).toBe(asked.length);
  expect(asked).toEqual(expect.arrayContaining(named));
});

test('a page whose chunk is gone is asked of the server', async ({ page, content, complaints }) => {
  complaints.status(404);
  complaints.message(/HTTP status code is not ok/);
  const experiment = await content.experiment(await content.project());
  await visit(page, `${experiment.path}/settings`);
  await page.evaluate(() => document.documentElement.setAttribute('data-before', ''));
  // As after an update of the server: the addresses that this page knows lead nowhere.
  await page.route('**/split_artifacts.wasm', (route) => route.fulfill({ status: 404 }), { times: 1 });
  await tab(page, 'Artifacts').click();
  await expect(page.locator('html')).not.toHaveAttribute('data-before');
  await hydrated(page);
  await expect(page).toHaveURL(`${experiment.path}/artifacts`);
  await expect(page.getByRole('heading', { level: 2, name: 'No artifacts' })).toBeVisible();
});
