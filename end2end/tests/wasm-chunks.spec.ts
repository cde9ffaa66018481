// WASM chunks: a page loads the chunks that it needs, each once, and no others.

import type { Page } from '@playwright/test';

import { visit, waitForHydration } from '../fixtures/navigation.ts';
import { expect, test } from '../fixtures/test.ts';
import { owner } from '../fixtures/users.ts';

test.use({ user: owner });

/** Records the names of the chunks that the page requests from now on. */
function recordChunkRequests(page: Page): string[] {
  const requested: string[] = [];
  page.on('request', (request) => {
    const name = /\/((?:split|chunk)_\w+)\.wasm$/.exec(request.url())?.[1];
    if (name !== undefined) requested.push(name);
  });
  return requested;
}

const tabLink = (page: Page, name: string) => page.getByRole('navigation', { name: 'Experiment' }).getByRole('link', { name });

test('the list of projects loads no chunk', async ({ page }) => {
  const requested = recordChunkRequests(page);
  await visit(page, '/');
  expect(requested).toEqual([]);
});

test('an experiment loads its chunk once for all tabs', async ({ page, content }) => {
  const project = await content.createProject();
  const experiment = await content.createExperiment(project);
  await visit(page, project.path);
  const requested = recordChunkRequests(page);
  await page.getByRole('link', { name: experiment.name, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: experiment.name })).toBeVisible();
  await tabLink(page, 'Artifacts').click();
  await expect(page.getByRole('heading', { level: 2, name: 'No artifacts' })).toBeVisible();
  await tabLink(page, 'Settings').click();
  await expect(page.getByRole('heading', { level: 2, name: 'General' })).toBeVisible();
  expect(requested).toEqual(['split_experiment']);
});

test('the document preloads the chunks of its page, and each is requested once', async ({ page, content }) => {
  const experiment = await content.createExperiment(await content.createProject());
  const requested = recordChunkRequests(page);
  const text = await (await visit(page, `${experiment.path}/logs`)).text();
  const links = [...text.matchAll(/<link[^>]*>/g)].map(([link]) => link).filter((link) => link.includes('rel="preload"'));
  const named = links.flatMap((link) => /\/((?:split|chunk)_\w+)\.wasm"/.exec(link)?.[1] ?? []);
  expect(new Set(named).size, 'each chunk is preloaded once').toBe(named.length);
  expect(named).toContain('split_experiment');
  expect(named).not.toContain('split_inner');
  expect(new Set(requested).size).toBe(requested.length);
  expect(requested).toEqual(expect.arrayContaining(named));
});

test('reloads the page from the server when its chunk is missing', async ({ page, content, browserErrors }) => {
  browserErrors.expectStatus(404);
  browserErrors.expectMessage(/HTTP status code is not ok/);
  const project = await content.createProject();
  const experiment = await content.createExperiment(project);
  await visit(page, project.path);
  await page.evaluate(() => document.documentElement.setAttribute('data-before', ''));
  // As after an update of the server: the addresses that the open page knows no longer exist.
  await page.route('**/split_experiment.wasm', (route) => route.fulfill({ status: 404 }), { times: 1 });
  await page.getByRole('link', { name: experiment.name, exact: true }).click();
  await expect(page.locator('html')).not.toHaveAttribute('data-before');
  await waitForHydration(page);
  await expect(page).toHaveURL(`${experiment.path}/logs`);
  await expect(page.getByRole('heading', { level: 1, name: experiment.name })).toBeVisible();
});
